import { blindedDigest, SALT_BYTES } from '#statement/blinding.js';
import type { DigestAlgorithm } from '#statement/digest.js';
import { CliError } from './cli-error.js';
import type { DigestBytes } from './file-digest.js';

/** Blinded digests of a document's plain ones, all with the same salt. */
export function blind(digests: DigestBytes, salt: Uint8Array): DigestBytes {
  const blinded: DigestBytes = {};
  for (const [algorithm, digest] of Object.entries(digests) as [DigestAlgorithm, Uint8Array][])
    blinded[algorithm] = blindedDigest(algorithm, salt, digest);
  return blinded;
}

/** Reads a salt given as hex. Throws CliError `usage`. */
export function parseSalt(text: string): Uint8Array {
  if (!/^[0-9a-f]*$/i.test(text) || text.length !== SALT_BYTES * 2)
    throw new CliError('usage', `Reading the salt: expected ${SALT_BYTES * 2} hex characters, got something else`);
  return new Uint8Array(Buffer.from(text, 'hex'));
}

/** Lower-case hex of each digest. */
export function toHex(digests: DigestBytes): { [algorithm in DigestAlgorithm]?: string } {
  return Object.fromEntries(
    Object.entries(digests).map(([algorithm, digest]) => [algorithm, Buffer.from(digest).toString('hex')]),
  );
}
