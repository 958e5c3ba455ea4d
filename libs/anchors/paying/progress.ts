import { z } from 'zod';
import type { Spent, SubmissionState } from '../anchor.js';

const time = z.iso.datetime();
const height = z.int().nonnegative();
/** A whole number of the chain's smallest unit. */
export const amount = z.string().regex(/^(0|[1-9][0-9]*)$/);

/** What the transactions of every chain have in common; a chain adds what it needs. */
export const versionShape = {
  /** What the chain calls it. */
  id: z.string(),
  /** Whole serialisation, hex. */
  raw: z.string(),
  /** Most that it can cost. */
  cost: amount,
  /** Which claim it uses, a number of its account or some coins: transactions of one round share theirs, so that at most one of them can ever
   * be in a chain. */
  round: height,
  /** When it was first sent, and the height of the chain then, or when its block was lost; null until a stored submission holds it. */
  offeredAt: time.nullable(),
  offeredHeight: height.nullable(),
  /** Whether a node ever took it. */
  accepted: z.boolean(),
};

const blockSchema = z.object({
  number: height,
  hash: z.string(),
  /** The block's own time. */
  time,
  /** Which of the transactions it holds. */
  transaction: z.string(),
  /** What that one cost. */
  paid: amount,
  /** Blocks from this one to the end of the chain, both included, when last looked at. */
  depth: z.int().positive(),
  /** Whether the rule of finality held when last looked at. */
  final: z.boolean(),
});

/** One version of the transaction that carries the root, signed. */
export type Version = z.output<z.ZodObject<typeof versionShape>>;
/** A version that nobody has been told of. */
export type Fresh<T extends Version> = Omit<T, 'round' | 'offeredAt' | 'offeredHeight' | 'accepted'>;
/** The block that holds a version. */
export type HoldingBlock = z.output<typeof blockSchema>;

/** What is remembered of a submission. Times are RFC 3339. */
export type Progress<T extends Version> = {
  version: 1;
  /** The chain that it was made for. */
  chain: string;
  /** The root that was submitted, hex. */
  root: string;
  startedAt: string;
  /** Every version ever signed, oldest first: any of them may still be mined. */
  transactions: T[];
  /** The round that is being followed. */
  round: number;
  /** The block that the attestation is about; null while the chain has none of the transactions. */
  block: HoldingBlock | null;
  /** Height at which the claim was first seen used by a transaction of somebody else; null while that is not so. */
  usedSince: number | null;
};

/** Form of what is remembered, with this form of a version. */
export const progressShape = <T extends Version>(version: z.ZodType<T>): z.ZodType<Progress<T>> =>
  z.object({
    version: z.literal(1),
    chain: z.string(),
    root: z.string().regex(/^[0-9a-f]{64}$/),
    startedAt: time,
    transactions: z.array(version),
    round: height,
    block: blockSchema.nullable(),
    usedSince: height.nullable(),
  });

/** The versions of the round that is being followed, oldest first. */
export const currentVersions = <T extends Version>({ transactions, round }: Progress<T>): T[] =>
  transactions.filter((one) => one.round === round);

export function stateOf({ block, transactions }: Progress<Version>): SubmissionState {
  if (block !== null) return block.final ? 'final' : 'confirmed';
  return transactions.some(({ accepted }) => accepted) ? 'pending' : 'unsubmitted';
}

/** What the submission costs: what was paid for the version in the chain, else the most that the newest one that was sent can come to. The
 * versions before it use the same claim, and those of earlier rounds one that is gone, so they will never be paid for. */
export function spentOn(progress: Progress<Version>, unit: Spent['unit']): Spent {
  const last = currentVersions(progress).findLast(({ offeredAt }) => offeredAt !== null);
  return { amount: progress.block?.paid ?? last?.cost ?? '0', unit };
}
