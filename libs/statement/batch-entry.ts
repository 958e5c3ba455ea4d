import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { StatementError, describe } from './error.js';
import { isTime } from './time.js';

/** What the batch log holds for one sealed batch. */
export interface BatchEntry {
  /** Origin of the batch log, as in its checkpoints. */
  origin: string;
  /** Index of the batch in the log, from 0. */
  number: number;
  /** Entries in the batch, 1 to {@link BATCH_MAX_SIZE}. */
  size: number;
  /** Entries in all earlier batches: the ordinal of this batch's first entry. */
  first: number;
  /** When the batch was closed, by the service's clock. */
  sealedAt: string;
  /** Newest block that the sealer had seen, `<chain> <height> <block hash>`, or null when it had seen none; see {@link PREVIOUS_LOG}. */
  beacon: string | null;
  /** Root of the batch tree, 32 bytes. */
  root: Uint8Array;
  /** Root of the status vector over every entry up to this batch's last, 32 bytes (libs/status). */
  statusRoot: Uint8Array;
}

/** First line of every batch entry: name and version of the format. */
export const BATCH_ENTRY_FORMAT = 'sealroot/batch@2';
/** Most entries of one batch. */
export const BATCH_MAX_SIZE = 2 ** 20;
/** Longest log origin, in characters. */
export const ORIGIN_MAX_CHARACTERS = 128;

/** Stands in the place of a beacon's chain where the first batch of a log names the head of the log before it. */
export const PREVIOUS_LOG = 'previous-log';

/** Form of a log's origin: printable ASCII without space and `+`, since it is also the key name of a signed note. */
export const ORIGIN_PATTERN = /^[!-*,-~]{1,128}$/;
const BEACON = /^[a-z][a-z0-9-]{0,31} (?:0|[1-9][0-9]{0,15}) [0-9a-f]{64}$/;
const DECIMAL = /^(?:0|[1-9][0-9]{0,15})$/;
const ROOT_BYTES = 32;
const LINES = 7;

/** Origin of the checkpoint that a batch has of its own tree. */
export function batchOrigin(origin: string, number: number): string {
  return `${origin}/batch/${number}`;
}

/**
 * The bytes that the log hashes for a batch: seven lines of text, an empty line, the 32 raw bytes of each root.
 *
 * @throws StatementError `bad-batch-entry` when a member cannot be written.
 */
export function formatBatchEntry(entry: BatchEntry): Uint8Array {
  const problem = entryProblem(entry);
  if (problem !== null) throw new StatementError('bad-batch-entry', `Writing a batch entry: ${problem}`);
  const { origin, number, size, first, sealedAt, beacon, root, statusRoot } = entry;
  const text = `${BATCH_ENTRY_FORMAT}\n${origin}\n${number}\n${size}\n${first}\n${sealedAt}\n${beacon ?? '-'}\n\n`;
  return concatBytes(utf8ToBytes(text), root, statusRoot);
}

/**
 * Reads what {@link formatBatchEntry} wrote, and nothing else: every accepted byte string is written back the same.
 *
 * @throws StatementError `bad-batch-entry`.
 */
export function parseBatchEntry(bytes: Uint8Array): BatchEntry {
  const refuse = (detail: string) => new StatementError('bad-batch-entry', `Reading a batch entry: ${detail}`);
  const headBytes = bytes.length - 2 * ROOT_BYTES;
  if (headBytes <= 0) throw refuse(`expected lines of text and ${2 * ROOT_BYTES} bytes, got ${bytes.length} bytes`);
  let head = '';
  for (const byte of bytes.subarray(0, headBytes)) {
    if (byte > 0x7e || (byte < 0x20 && byte !== 0x0a)) throw refuse(`expected printable ASCII lines, got byte ${byte}`);
    head += String.fromCharCode(byte);
  }
  const lines = head.split('\n');
  const [format, origin = '', number = '', size = '', first = '', sealedAt = '', beacon = '', blank, end] = lines;
  if (format !== BATCH_ENTRY_FORMAT) throw refuse(`expected first line ${BATCH_ENTRY_FORMAT}, got ${describe(format)}`);
  if (lines.length !== LINES + 2 || blank !== '' || end !== '') {
    throw refuse(`expected ${LINES} lines and an empty one before the roots, got ${lines.length - 1} lines`);
  }
  if (!DECIMAL.test(number)) throw refuse(`expected a decimal batch number, got ${describe(number)}`);
  if (!DECIMAL.test(size)) throw refuse(`expected a decimal batch size, got ${describe(size)}`);
  if (!DECIMAL.test(first)) throw refuse(`expected a decimal number of earlier entries, got ${describe(first)}`);
  const entry: BatchEntry = {
    origin,
    number: Number(number),
    size: Number(size),
    first: Number(first),
    sealedAt,
    beacon: beacon === '-' ? null : beacon,
    root: bytes.slice(headBytes, headBytes + ROOT_BYTES),
    statusRoot: bytes.slice(headBytes + ROOT_BYTES),
  };
  const problem = entryProblem(entry);
  if (problem !== null) throw refuse(problem);
  return entry;
}

function entryProblem(entry: BatchEntry): string | null {
  const { origin, number, size, first, sealedAt, beacon, root, statusRoot } = entry;
  if (!ORIGIN_PATTERN.test(origin)) {
    return `expected an origin of 1 to ${ORIGIN_MAX_CHARACTERS} printable ASCII characters without space and +, got ${describe(origin)}`;
  }
  if (!Number.isSafeInteger(number) || number < 0) return `expected a batch number from 0 to 2^53 - 1, got ${number}`;
  if (!Number.isSafeInteger(size) || size < 1 || size > BATCH_MAX_SIZE) {
    return `expected a batch size from 1 to ${BATCH_MAX_SIZE}, got ${size}`;
  }
  // Every earlier batch has at least one entry and at most the most.
  if (!Number.isSafeInteger(first) || first < number || first > number * BATCH_MAX_SIZE) {
    return `expected ${number} to ${number} * ${BATCH_MAX_SIZE} earlier entries, got ${first}`;
  }
  if (!Number.isSafeInteger(first + size)) return `expected ordinals below 2^53, got ${first} and ${size} more`;
  if (!isTime(sealedAt)) return `expected sealedAt as YYYY-MM-DDThh:mm:ss.sssZ, got ${describe(sealedAt)}`;
  if (beacon !== null && !BEACON.test(beacon)) {
    return `expected a beacon of <chain> <height> <64 hex characters> or -, got ${describe(beacon)}`;
  }
  for (const hash of [root, statusRoot]) {
    if (hash.length !== ROOT_BYTES) return `expected a root of ${ROOT_BYTES} bytes, got ${hash.length}`;
  }
  return null;
}
