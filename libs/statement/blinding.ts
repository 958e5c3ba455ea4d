import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { sha3_256 } from '@noble/hashes/sha3.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { DIGEST_BYTES, type DigestAlgorithm } from './digest.js';
import { StatementError } from './error.js';
import { sm3 } from './sm3.js';

/** Length of the salt of a blinded digest, in bytes. */
export const SALT_BYTES = 32;

const FUNCTIONS: Readonly<Record<DigestAlgorithm, (data: Uint8Array) => Uint8Array>> = {
  sha256,
  sha512,
  'sha3-256': sha3_256,
  sm3,
};

/** The digest of `data` by one of the known algorithms. */
export function digestOf(algorithm: DigestAlgorithm, data: Uint8Array): Uint8Array {
  return FUNCTIONS[algorithm](data);
}

/**
 * The blinded form of a document's digest: `algorithm(salt ‖ digest)`. Whoever lacks the salt (32 random bytes that stay
 * with the document) cannot find the document by trying likely ones. One salt serves every algorithm of a document.
 *
 * @throws StatementError `bad-digest` when salt or digest have another length.
 */
export function blindedDigest(algorithm: DigestAlgorithm, salt: Uint8Array, digest: Uint8Array): Uint8Array {
  if (salt.length !== SALT_BYTES) {
    throw new StatementError('bad-digest', `Blinding: expected a salt of ${SALT_BYTES} bytes, got ${salt.length}`);
  }
  const bytes = DIGEST_BYTES[algorithm];
  if (digest.length !== bytes) {
    throw new StatementError('bad-digest', `Blinding: expected ${bytes} bytes of ${algorithm}, got ${digest.length}`);
  }
  return digestOf(algorithm, concatBytes(salt, digest));
}
