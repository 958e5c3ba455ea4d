import { createHash } from 'node:crypto';
import { keccak_256 } from '@noble/hashes/sha3.js';
import type { DocumentHash } from '#proof/finding.js';
import { lineEndingTwins, MAX_TWIN_BYTES } from '#proof/line-ending-twins.js';
import { isDigestAlgorithm } from '#statement/digest.js';
import { newHash } from '../file-digest.js';

/** Digests of a document, by hash function. */
export type DocumentDigests = { [hash in DocumentHash]?: Uint8Array };

/** A document by its digests. */
export interface HashedDocument {
  digests: DocumentDigests;
  /** Digests of the same text with other line endings, where it is a small text. */
  twins: DocumentDigests[];
}

/** Hashes a document that comes piece by piece, in one pass. Throws as its pieces do. */
export async function hashDocument(
  pieces: AsyncIterable<Uint8Array>,
  hashes: readonly DocumentHash[],
): Promise<HashedDocument> {
  const running = hashes.map((name) => ({ name, hash: start(name) }));
  let small: Uint8Array[] | undefined = [];
  let size = 0;
  for await (const piece of pieces) {
    for (const { hash } of running) hash.update(piece);
    size += piece.length;
    // The buffer behind a piece is used again for the next.
    if (size > MAX_TWIN_BYTES) small = undefined;
    else small?.push(Uint8Array.from(piece));
  }
  const twins = small === undefined ? [] : lineEndingTwins(new Uint8Array(Buffer.concat(small)));
  return {
    digests: Object.fromEntries(running.map(({ hash, name }) => [name, new Uint8Array(hash.digest())])),
    twins: twins.map((twin) =>
      Object.fromEntries(hashes.map((name) => [name, new Uint8Array(start(name).update(twin).digest())])),
    ),
  };
}

interface Running {
  update(chunk: Uint8Array): Running;
  digest(): Uint8Array;
}

function start(name: DocumentHash): Running {
  if (name === 'keccak256') return keccak_256.create();
  return isDigestAlgorithm(name) ? newHash(name) : createHash(name);
}
