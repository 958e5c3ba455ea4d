import { bytesToHex } from '@noble/hashes/utils.js';
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
  const id = new Uint8Array(8);
  // rand_b: the variant 10, then bits 12 to 73 of the hash, which straddle its bytes by two.
  id[0] = 0x80 | ((h[1]! & 0x0f) << 2) | (h[2]! >> 6);
  for (let i = 1; i < 8; i++) id[i] = ((h[i + 1]! & 0x3f) << 2) | (h[i + 2]! >> 6);
  const low = bytesToHex(id);
  const time = receivedAtMs.toString(16).padStart(12, '0');
  const randA = ((h[0]! << 4) | (h[1]! >> 4)).toString(16).padStart(3, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randA}-${low.slice(0, 4)}-${low.slice(4)}`;
}

/** Whether `value` is a record id in its one written form. */
export function isRecordId(value: unknown): value is string {
  return typeof value === 'string' && RECORD_ID_PATTERN.test(value);
}
