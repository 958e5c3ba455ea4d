import { lineEndingTwins, MAX_TWIN_BYTES } from '#proof/line-ending-twins.js';
import type { DigestAlgorithm } from '#statement/digest.js';
import type { FileContent } from './file-content.js';
import type { FileHasher } from './file-hasher.js';
import type { DocumentDigests } from './hash-file.js';

/** Digests of what a document would be with other line endings; none of a file that is large or no text. */
export async function twinDigests(
  document: FileContent,
  algorithms: readonly DigestAlgorithm[],
  hasher: FileHasher,
  signal: AbortSignal,
): Promise<DocumentDigests[]> {
  if (document.size > MAX_TWIN_BYTES) return [];
  const twins = lineEndingTwins(await document.read(0, document.size));
  return Promise.all(twins.map((twin) => hasher.hash(twin, algorithms, { signal })));
}
