import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { StatementError } from './error.js';
import { type ChangedState, statusOfState } from './status-change.js';

/** What the batch tree holds for a change of status. */
export interface StatusEntry {
  /** First of the ordinals that it is about. */
  first: number;
  /** How many, from 1 to 2^32 − 1. */
  count: number;
  /** What they become. */
  state: ChangedState;
  /** When the change took effect, in milliseconds since 1970. */
  effectiveAtMs: number;
  /** Ordinal of the event before it about the same record; null when there was none. */
  previous: number | null;
  /** SHA-256 of the statement's canonical JSON, 32 bytes. */
  statementHash: Uint8Array;
}

/** First line of every status entry: name and version of the format. */
export const STATUS_ENTRY_FORMAT = 'sealroot/status@1';
/** Length of a status entry, which no other entry has. */
export const STATUS_ENTRY_BYTES = 79;

const PREFIX = utf8ToBytes(`${STATUS_ENTRY_FORMAT}\n`);
const HASH_BYTES = 32;
const NO_PREVIOUS = 2n ** 64n - 1n;
/** Milliseconds since 1970 of the year 10000, which the formats' times do not reach. */
const END_OF_TIME_MS = 253_402_300_800_000;

/** The 79 bytes of a status entry. Throws StatementError `bad-status-entry` when a member cannot be written. */
export function formatStatusEntry(entry: StatusEntry): Uint8Array {
  const problem = entryProblem(entry);
  if (problem !== null) throw new StatementError('bad-status-entry', `Writing a status entry: ${problem}`);
  const { first, count, state, effectiveAtMs, previous, statementHash } = entry;
  const numbers = new DataView(new ArrayBuffer(29));
  numbers.setBigUint64(0, BigInt(first));
  numbers.setUint32(8, count);
  numbers.setUint8(12, state);
  numbers.setBigUint64(13, BigInt(effectiveAtMs));
  numbers.setBigUint64(21, previous === null ? NO_PREVIOUS : BigInt(previous));
  return concatBytes(PREFIX, new Uint8Array(numbers.buffer), statementHash);
}

/** Reads what {@link formatStatusEntry} wrote, and nothing else. Throws StatementError `bad-status-entry`. */
export function parseStatusEntry(bytes: Uint8Array): StatusEntry {
  const refuse = (detail: string) => new StatementError('bad-status-entry', `Reading a status entry: ${detail}`);
  if (bytes.length !== STATUS_ENTRY_BYTES) throw refuse(`expected ${STATUS_ENTRY_BYTES} bytes, got ${bytes.length}`);
  if (!PREFIX.every((byte, i) => byte === bytes[i])) throw refuse(`expected ${STATUS_ENTRY_FORMAT} first`);
  const numbers = new DataView(bytes.buffer, bytes.byteOffset + PREFIX.length, bytes.length - PREFIX.length);
  const previous = numbers.getBigUint64(21);
  // Numbers of 2^53 and more lose digits here, and are refused below all the same: what they become is no safe integer.
  const entry: StatusEntry = {
    first: Number(numbers.getBigUint64(0)),
    count: numbers.getUint32(8),
    state: numbers.getUint8(12) as ChangedState,
    effectiveAtMs: Number(numbers.getBigUint64(13)),
    previous: previous === NO_PREVIOUS ? null : Number(previous),
    statementHash: bytes.slice(bytes.length - HASH_BYTES),
  };
  const problem = entryProblem(entry);
  if (problem !== null) throw refuse(problem);
  return entry;
}

function entryProblem(entry: StatusEntry): string | null {
  const { first, count, state, effectiveAtMs, previous, statementHash } = entry;
  const isOrdinal = (value: number) => Number.isSafeInteger(value) && value >= 0;
  if (!isOrdinal(first)) return `expected a first ordinal below 2^53, got ${first}`;
  if (!Number.isSafeInteger(count) || count < 1 || count >= 2 ** 32)
    return `expected 1 to 2^32 - 1 records, got ${count}`;
  if (!isOrdinal(first + count)) return `expected ordinals below 2^53, got ${first} and ${count - 1} more`;
  if (statusOfState(state) === undefined) return `expected a state of 1, 2, 3, 12, 13, got ${String(state)}`;
  if (!isOrdinal(effectiveAtMs) || effectiveAtMs >= END_OF_TIME_MS) {
    return `expected a time from 1970 to 9999 in milliseconds, got ${effectiveAtMs}`;
  }
  if (previous !== null && count > 1) return `expected no previous event of ${count} records, got ${previous}`;
  // Whatever an event is about was in the log before it.
  if (previous !== null && (!isOrdinal(previous) || previous <= first)) {
    return `expected a previous event after ordinal ${first}, got ${previous}`;
  }
  return statementHash.length === HASH_BYTES ? null : `expected a hash of 32 bytes, got ${statementHash.length}`;
}
