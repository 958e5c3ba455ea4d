import { equalHashes, HASH_BYTES } from '#merkle/hash.js';
import type { PaperCode } from '#paper/code.js';
import { parseCode, subtreePlace } from '#paper/codec.js';
import { PaperError } from '#paper/error.js';
import { checkSignature, hashesOf } from '#paper/verify.js';
import { findProfile } from '#statement/profile.js';
import { parseTime } from '#statement/time.js';
import { CONSUMED, REVOKED, SUPERSEDED, SUSPENDED } from '#status/state.js';
import type { VerifierKey } from '#tlog/verifier-key.js';
import { type OpenPack, stateIn } from './open.js';

/** What a gate says of a code, with why where that is not plain. */
export type GateAnswer =
  | { answer: 'unreadable'; why: 'not-a-code' | 'newer-version' | 'damaged' }
  /** Not what the log sealed: by its signature, or by the pack. */
  | ({ answer: 'mismatch'; why: 'signature' | 'pack' } & Read)
  /** Not known here. */
  | ({ answer: 'unknown'; why: UnknownWhy } & Read)
  /** Sealed by the log; what has become of it since is not known. */
  | ({ answer: 'genuine'; why: StatusWhy } & Read)
  | ({ answer: 'revoked' | 'superseded' | 'consumed' | 'suspended' } & Read)
  | ({ answer: 'expired' | 'not-yet-valid' | 'valid' } & Read);

/** Why nothing is known: of another log; its form needs a pack; sealed after the pack; not among what was valid when the pack was made; no text, so that nothing
 * printed is bound to the record. */
export type UnknownWhy = 'other-log' | 'no-pack' | 'newer-than-pack' | 'not-in-pack' | 'no-text';

/** Why the status is not known: `stale`, the pack is older than the profile lets a status be; `clock`, it is of a time that has not come by this device's clock. */
export type StatusWhy = 'no-pack' | 'stale' | 'clock' | 'newer-than-pack' | 'not-in-pack';

interface Read {
  code: PaperCode;
  /** Record id. */
  id: string;
  /** As of when the pack knows the status, in milliseconds since 1970; undefined where it says nothing of this record. */
  statusAsOfMs?: number | undefined;
}

/** What a gate goes by. */
export interface GateKnowledge {
  /** The log that is trusted. */
  key: VerifierKey;
  pack: OpenPack | null;
  /** The device's clock. */
  nowMs: number;
}

/** By how much a pack may be ahead of the device's clock. */
const CLOCK_SLACK_MS = 5 * 60_000;

/** How old a status may be for a profile that this version does not know: as old as for the strictest that it does. */
const UNKNOWN_PROFILE_SECONDS = 3600;

/** States that nothing follows, as a gate tells them. */
const ENDS = new Map<number, 'revoked' | 'superseded' | 'consumed'>([
  [REVOKED, 'revoked'],
  [SUPERSEDED, 'superseded'],
  [CONSUMED, 'consumed'],
]);

/** What is known of the text of a code. Never throws for what it is given. */
export function decide(text: string, knowledge: GateKnowledge): GateAnswer {
  let code: PaperCode;
  try {
    code = parseCode(text);
  } catch (error) {
    if (!(error instanceof PaperError)) throw error;
    const why = error.code === 'not-a-code' || error.code === 'newer-version' ? error.code : 'damaged';
    return { answer: 'unreadable', why };
  }
  return decideCode(code, knowledge);
}

function decideCode(code: PaperCode, { key, pack, nowMs }: GateKnowledge): GateAnswer {
  const { id, subtree } = hashesOf(code);
  const read = { code, id };
  const signature = checkSignature(code, key);
  if (signature === 'other-key') return { ...read, answer: 'unknown', why: 'other-log' };
  if (signature === 'mismatch') return { ...read, answer: 'mismatch', why: 'signature' };

  const listed = pack?.batches.get(code.batch);
  if (listed !== undefined && !isListed(code, subtree, listed)) return { ...read, answer: 'mismatch', why: 'pack' };
  const shown = signature === 'signed' || listed !== undefined;
  const { statement } = code;
  const isOver = statement.validUntil !== undefined && nowMs > parseTime(statement.validUntil);
  // Whoever makes up a code gains nothing by one that has expired: that is told also where nothing else is known.
  if (isOver && listed === undefined) return { ...read, answer: 'expired' };
  if (!shown) return { ...read, answer: 'unknown', why: missing(code, pack) };

  const status = listed === undefined ? {} : { statusAsOfMs: pack!.asOfMs };
  const state = listed === undefined ? 0 : stateIn(pack!, listed.first + code.index);
  const end = ENDS.get(state);
  if (end !== undefined) return { ...read, ...status, answer: end };
  if (isOver) return { ...read, ...status, answer: 'expired' };
  if (statement.validFrom !== undefined && nowMs < parseTime(statement.validFrom))
    return { ...read, ...status, answer: 'not-yet-valid' };
  if (state === SUSPENDED) return { ...read, ...status, answer: 'suspended' };
  if (code.document === undefined) return { ...read, ...status, answer: 'unknown', why: 'no-text' };
  if (listed === undefined) return { ...read, answer: 'genuine', why: missing(code, pack) };
  const why = staleness(pack!, maxStatusAgeMs(statement.profile), nowMs);
  return why === null ? { ...read, ...status, answer: 'valid' } : { ...read, ...status, answer: 'genuine', why };
}

/** How old the status of a record of this profile may be. */
export function maxStatusAgeMs(profile: string): number {
  return (findProfile(profile)?.maxStatusAgeSeconds ?? UNKNOWN_PROFILE_SECONDS) * 1000;
}

/** Why a pack says nothing of the present; null where it does. */
export function staleness(pack: OpenPack, maxAgeMs: number, nowMs: number): 'stale' | 'clock' | null {
  if (pack.asOfMs > nowMs + CLOCK_SLACK_MS) return 'clock';
  return nowMs - pack.asOfMs > maxAgeMs ? 'stale' : null;
}

function isListed(
  { index, size }: PaperCode,
  subtree: Uint8Array,
  listed: { size: number; subtrees: Uint8Array },
): boolean {
  const at = subtreePlace(index, size).subtree * HASH_BYTES;
  return size === listed.size && equalHashes(subtree, listed.subtrees.subarray(at, at + HASH_BYTES));
}

function missing(code: PaperCode, pack: OpenPack | null): 'no-pack' | 'newer-than-pack' | 'not-in-pack' {
  if (pack === null) return 'no-pack';
  return code.batch > pack.batch ? 'newer-than-pack' : 'not-in-pack';
}
