import { z } from 'zod';
import { type Progress, progressShape, versionShape } from '../paying/progress.js';
import { progressReader } from '../stored-progress.js';

const transactionSchema = z.object({
  ...versionShape,
  /** Displayed id. */
  id: z.string().regex(/^[0-9a-f]{64}$/),
  raw: z.string().regex(/^([0-9a-f]{2})+$/),
});

/** A signed transaction that carries the root; its coins are the claim, and its cost is its fee in satoshis. */
export type BitcoinTransaction = z.output<typeof transactionSchema>;
/** What the adapter remembers of a submission. */
export type BitcoinProgress = Progress<BitcoinTransaction>;

/** Reads what a database gave back. @throws AnchorError `bad-submission` */
export const parseProgress = progressReader(progressShape(transactionSchema));
