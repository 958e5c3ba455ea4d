import { z } from 'zod';
import { progressReader } from '../stored-progress.js';

/** Most wrong attestations that are remembered for people to see; older ones are forgotten first. */
export const MAX_REJECTED = 8;

const time = z.iso.datetime();
const hexOf = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`));

/** A configured calendar and how submitting to it went. */
const calendarSchema = z.object({
  url: z.string(),
  /** When it gave an answer that we kept; null until then. */
  answeredAt: time.nullable(),
  /** Why the last request to it gave nothing; null when it did. */
  failure: z.string().nullable(),
  /** Whether the last request got any answer at all. */
  reached: z.boolean(),
});

/** The calendar behind a pending attestation, when it was last asked for an upgrade. */
const pollSchema = z.object({
  calendar: z.string(),
  at: time,
  outcome: z.enum(['upgraded', 'not-yet', 'failed']),
  detail: z.string(),
});

/** A Bitcoin attestation that the submission holds. */
const blockSchema = z.object({
  height: z.number().int().nonnegative(),
  /** The attested message, hex. */
  message: z.string(),
  /** `unchecked`: no header source could be asked; `unknown`: the sources have no such block; `disputed`: they disagree. */
  state: z.enum(['unchecked', 'unknown', 'disputed', 'confirmed', 'final']),
  /** The block's own time; it can be hours off. Null until a source showed the header. */
  time: time.nullable(),
  /** Names of the sources that showed the block. */
  sources: z.array(z.string()),
  /** Blocks from it to the tip, both included, by the source that knows fewest; null where none can tell. Only of a block that was shown. */
  depth: z.number().int().nullable().default(null),
  /** Why it is not called final, where that is not its depth alone: a sentence for each source that could not tell. */
  unsure: z.array(z.string()).default([]),
});

/** An attestation that was dropped because its block has another Merkle root. */
const rejectedSchema = z.object({ height: z.number().int().nonnegative(), at: time, reason: z.string() });

const progressSchema = z.object({
  version: z.literal(1),
  /** The root that was submitted, hex. */
  root: hexOf(32),
  /** The blinding: calendars see SHA-256(root ‖ nonce). Made once per submission. */
  nonce: hexOf(16),
  startedAt: time,
  /** When the quorum was reached; waiting for Bitcoin counts from here. */
  submittedAt: time.nullable(),
  /** Rounds of submitting, and rounds of asking for upgrades since the last change. Backoff grows with them. */
  submitRounds: z.number().int().nonnegative(),
  pollRounds: z.number().int().nonnegative(),
  calendars: z.array(calendarSchema),
  polls: z.array(pollSchema),
  blocks: z.array(blockSchema),
  rejected: z.array(rejectedSchema),
});

/** What the OpenTimestamps adapter remembers of a submission. Times are RFC 3339. */
export type OpenTimestampsProgress = z.output<typeof progressSchema>;
/** One entry of `blocks`. */
export type AttestedBlock = OpenTimestampsProgress['blocks'][number];
/** One entry of `polls`. */
export type CalendarPoll = OpenTimestampsProgress['polls'][number];

/** Reads what a database gave back. @throws AnchorError `bad-submission` */
export const parseProgress = progressReader(progressSchema);
