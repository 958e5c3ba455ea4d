import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { primaryDigest, type Digests } from './digest.js';

/** SHA-256 of some bytes; a caller on a server passes a native one. */
export type Sha256 = (data: Uint8Array) => Uint8Array;

/** SHA-256 of a statement's canonical JSON text (as UTF-8), 32 bytes. */
export function statementHash(statementJcs: string, sha256: Sha256 = nobleSha256): Uint8Array {
  return sha256(utf8ToBytes(statementJcs));
}

/**
 * What the batch tree holds for a record: its primary digest's bytes, then the hash of its statement.
 * The digest leads so that an OpenTimestamps path can start at the document itself.
 *
 * @throws StatementError `bad-digest` when the statement has no digest.
 */
export function entryBytes(
  statement: { digests: Digests },
  statementJcs: string,
  sha256: Sha256 = nobleSha256,
): Uint8Array {
  return concatBytes(primaryDigest(statement.digests).bytes, statementHash(statementJcs, sha256));
}
