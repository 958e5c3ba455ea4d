import { z } from 'zod';
import type { Json } from '../anchor.js';
import { AnchorError } from '../error.js';

const time = z.iso.datetime();
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const height = z.int().nonnegative();

/** A signed transaction that carries the root. */
const transactionSchema = z.object({
  /** Displayed id. */
  txid: hash,
  /** Whole serialisation, hex. */
  raw: z.string().regex(/^([0-9a-f]{2})+$/),
  feeSats: z.int().nonnegative(),
  /** Which set of inputs it spends: those of one round conflict, so that at most one of them can ever be in a chain. */
  round: z.int().nonnegative(),
  /** When it was first sent to the node, and the height of the chain then, or when its block was lost; null until a stored submission holds it. */
  offeredAt: time.nullable(),
  offeredHeight: height.nullable(),
  /** Whether the node ever took it. */
  accepted: z.boolean(),
});

const blockSchema = z.object({
  height,
  hash,
  /** The block's own time; it can be hours off. */
  time,
  txid: hash,
  /** Blocks from this one to the end of the chain, both included, when last looked at. */
  depth: z.int().positive(),
});

const progressSchema = z.object({
  version: z.literal(1),
  /** The root that was submitted, hex. */
  root: hash,
  startedAt: time,
  /** Every transaction ever made, oldest first: any of them may still confirm. */
  transactions: z.array(transactionSchema),
  /** The round that is being followed. */
  round: z.int().nonnegative(),
  /** The block that the attestation is about; null while none of the transactions is in the chain. */
  block: blockSchema.nullable(),
  /** Height at which an input was first seen spent by a transaction of somebody else; null while that is not so. */
  inputsGoneAt: height.nullable(),
});

/** What the adapter remembers of a submission. Times are RFC 3339, ids and hashes as nodes display them. */
export type BitcoinProgress = z.output<typeof progressSchema>;
/** One entry of `transactions`. */
export type SentTransaction = BitcoinProgress['transactions'][number];

/** Reads what a database gave back. @throws AnchorError `bad-submission` */
export function parseProgress(value: Json): BitcoinProgress {
  const parsed = progressSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join('.') || 'progress';
  throw new AnchorError(
    'bad-submission',
    `Reading a Bitcoin submission: ${where}: ${issue?.message ?? 'not readable'}`,
  );
}
