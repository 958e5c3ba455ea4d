import { z } from 'zod';
import type { Json, Spent } from '../anchor.js';
import { AnchorError } from '../error.js';

const time = z.iso.datetime();
const hex = (bytes: number) => z.string().regex(new RegExp(`^0x[0-9a-f]{${bytes * 2}}$`)) as z.ZodType<`0x${string}`>;
const wei = z.string().regex(/^(0|[1-9][0-9]*)$/);
const height = z.int().nonnegative();

/** A signed transaction that carries the root. */
const transactionSchema = z.object({
  hash: hex(32),
  /** Whole serialisation. */
  raw: z.string().regex(/^0x([0-9a-f]{2})+$/) as z.ZodType<`0x${string}`>,
  /** The account that signed it. */
  from: hex(20),
  nonce: height,
  /** Most gas that it can use. */
  gas: wei,
  /** Most that a unit of gas may cost, in wei. */
  perGas: wei,
  /** Most of it that the block's maker gets; null in a transaction of the old form. */
  tip: wei.nullable(),
  /** Which nonce it uses: those of one round share theirs, so that at most one of them can ever be in a chain. */
  round: height,
  /** When it was first sent, and the height of the chain then; null until a stored submission holds it. */
  offeredAt: time.nullable(),
  offeredHeight: height.nullable(),
  /** Whether a node ever took it. */
  accepted: z.boolean(),
});

const blockSchema = z.object({
  number: height,
  hash: hex(32),
  /** The block's own time. */
  time,
  /** Which of the transactions it holds. */
  transaction: hex(32),
  /** What that one cost, in wei. */
  paid: wei,
  /** Blocks from this one to the end of the chain, both included, when last looked at. */
  depth: z.int().positive(),
  /** Whether the chain's rule of finality held when last looked at. */
  final: z.boolean(),
});

const progressSchema = z.object({
  version: z.literal(1),
  chainId: z.int().positive(),
  /** The root that was submitted. */
  root: hex(32),
  startedAt: time,
  /** Every transaction ever made, oldest first: any of them may still be mined. */
  transactions: z.array(transactionSchema),
  /** The round that is being followed. */
  round: height,
  /** The block that the attestation is about; null while the chain has none of the transactions. */
  block: blockSchema.nullable(),
  /** Height at which the nonce was first seen used by a transaction of somebody else; null while that is not so. */
  nonceGoneAt: height.nullable(),
});

/** What the adapter remembers of a submission. Times are RFC 3339, hex has `0x`. */
export type EvmProgress = z.output<typeof progressSchema>;
/** One entry of `transactions`. */
export type SentTransaction = EvmProgress['transactions'][number];
/** A block that holds a transaction. */
export type HoldingBlock = NonNullable<EvmProgress['block']>;

/** Reads what a database gave back. @throws AnchorError `bad-submission` */
export function parseProgress(value: Json): EvmProgress {
  const parsed = progressSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join('.') || 'progress';
  throw new AnchorError('bad-submission', `Reading an EVM submission: ${where}: ${issue?.message ?? 'not readable'}`);
}

/** What the submission costs: what was paid for the transaction in the chain, and while one is on its way the most that its newest version
 * can come to. */
export function spentOn({ block, transactions, round }: EvmProgress): Spent {
  const last = transactions.findLast((one) => one.round === round && one.offeredAt !== null);
  const most = last === undefined ? 0n : BigInt(last.gas) * BigInt(last.perGas);
  return { amount: block?.paid ?? most.toString(), unit: 'wei' };
}
