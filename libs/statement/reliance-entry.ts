import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { StatementError } from './error.js';

/** First line of every reliance entry: name and version of the format. */
export const RELIANCE_ENTRY_FORMAT = 'sealroot/reliance@1';
/** Length of a reliance entry, which no other entry has. */
export const RELIANCE_ENTRY_BYTES = 52;

const PREFIX = utf8ToBytes(`${RELIANCE_ENTRY_FORMAT}\n`);
const HASH_BYTES = 32;

/** The 52 bytes that the batch tree holds for a reliance. Throws StatementError `bad-reliance-entry` unless the hash has 32 bytes. */
export function formatRelianceEntry(statementHash: Uint8Array): Uint8Array {
  if (statementHash.length !== HASH_BYTES) {
    const message = `Writing a reliance entry: expected a hash of 32 bytes, got ${statementHash.length}`;
    throw new StatementError('bad-reliance-entry', message);
  }
  return concatBytes(PREFIX, statementHash);
}

/** The statement's hash, 32 bytes, of a reliance entry. Throws StatementError `bad-reliance-entry`. */
export function parseRelianceEntry(bytes: Uint8Array): Uint8Array {
  if (bytes.length !== RELIANCE_ENTRY_BYTES || !PREFIX.every((byte, i) => byte === bytes[i])) {
    throw new StatementError(
      'bad-reliance-entry',
      `Reading a reliance entry: expected ${RELIANCE_ENTRY_FORMAT} and 32 bytes, got ${bytes.length} bytes`,
    );
  }
  return bytes.slice(PREFIX.length);
}
