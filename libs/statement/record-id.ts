import { StatementError } from './error.js';

/** Largest time that the 48 bits of a UUIDv7 hold, in milliseconds since 1970. */
const MAX_MS = 2 ** 48 - 1;

/** Form of a record id: a UUIDv7 (RFC 9562 §5.7), lower case. */
export const RECORD_ID_PATTERN = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/**
 * The id of a record: a UUIDv7 whose time is `receivedAtMs` and whose 74 other bits are the first 74 bits of
 * `statementHash` (SHA-256 of the statement's canonical JSON, 32 bytes). So whoever holds the statement can compute the id.
 *
 * @throws StatementError `bad-record-id` when the time does not fit 48 bits or the hash is not 32 bytes.
 */
export function recordId(receivedAtMs: number, statementHash: Uint8Array): string {
  if (!Number.isInteger(receivedAtMs) || receivedAtMs < 0 || receivedAtMs > MAX_MS) {
    throw new StatementError('bad-record-id', `Making a record id: expected a 48-bit time in ms, got ${receivedAtMs}`);
  }
  if (statementHash.length !== 32) {
    throw new StatementError('bad-record-id', `Making a record id: expected 32 bytes, got ${statementHash.length}`);
  }
  const h = statementHash;
  // rand_b: the variant 10, then bits 12 to 73 of the hash, which straddle its bytes by two.
  const variant = HEX[0x80 | ((h[1]! & 0x0f) << 2) | (h[2]! >> 6)]!;
  let node = '';
  for (let i = 3; i < 9; i++) node += straddling(h, i);
  const randA = HEX[h[0]!]! + HEX[h[1]!]![0]!;
  return `${timePart(receivedAtMs)}-7${randA}-${variant}${straddling(h, 2)}-${node}`;
}

/** Every byte in hex: this is written for each record that is taken in, and a table is a tenth of the work. */
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** The last six bits of byte `i` and the first two of the next, in hex. */
function straddling(bytes: Uint8Array, i: number): string {
  return HEX[((bytes[i]! & 0x3f) << 2) | (bytes[i + 1]! >> 6)]!;
}

let lastTime = { ms: 0, text: '00000000-0000' };

/** The 48 bits of a time. Those who take in records write the same one again and again. */
function timePart(ms: number): string {
  if (ms !== lastTime.ms) {
    const hex = ms.toString(16).padStart(12, '0');
    lastTime = { ms, text: `${hex.slice(0, 8)}-${hex.slice(8)}` };
  }
  return lastTime.text;
}

/** Whether `value` is a record id in its one written form. */
export function isRecordId(value: unknown): value is string {
  return typeof value === 'string' && RECORD_ID_PATTERN.test(value);
}
