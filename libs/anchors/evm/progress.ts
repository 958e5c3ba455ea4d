import { z } from 'zod';
import { amount, type Progress, progressShape, versionShape } from '../paying/progress.js';
import { progressReader } from '../stored-progress.js';

const hex = (bytes: number) => z.string().regex(new RegExp(`^0x[0-9a-f]{${bytes * 2}}$`)) as z.ZodType<`0x${string}`>;

const transactionSchema = z.object({
  ...versionShape,
  /** Its hash. Hex has `0x`. */
  id: hex(32),
  raw: z.string().regex(/^0x([0-9a-f]{2})+$/) as z.ZodType<`0x${string}`>,
  /** The account that signed it. */
  from: hex(20),
  nonce: z.int().nonnegative(),
  /** Most gas that it can use. */
  gas: amount,
  /** Most that a unit of gas may cost, in wei. */
  perGas: amount,
  /** Most of it that the block's maker gets; null in a transaction of the old form. */
  tip: amount.nullable(),
});

/** A signed transaction that carries the root; the account's number for it is the claim. */
export type EvmTransaction = z.output<typeof transactionSchema>;
/** What the adapter remembers of a submission. */
export type EvmProgress = Progress<EvmTransaction>;

/** Reads what a database gave back. @throws AnchorError `bad-submission` */
export const parseProgress = progressReader(progressShape(transactionSchema));
