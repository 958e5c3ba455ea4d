import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { sha3_256 } from '@noble/hashes/sha3.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { blindedDigest, SALT_BYTES } from '#statement/blinding.js';
import type { DigestAlgorithm, Digests } from '#statement/digest.js';
import { createSm3 } from '#statement/sm3.js';
import { platformWith } from './platform.js';

/** A document: in memory, a file (`Blob`), or what comes piece by piece. */
export type DocumentSource = Uint8Array | ArrayBuffer | Blob | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;

/** Digests of one document, as bytes. */
export type DigestBytes = { [algorithm in DigestAlgorithm]?: Uint8Array };

/** A hash that is computed piece by piece. */
export interface RunningHash {
  update(piece: Uint8Array): unknown;
  digest(): Uint8Array;
}

/** How to hash. */
export interface HashOptions {
  /** `sha256` alone unless given. */
  algorithms?: readonly DigestAlgorithm[] | undefined;
  /** The platform's own functions, which are faster: `(name) => crypto.createHash(name)` in Node. */
  createHash?: ((algorithm: DigestAlgorithm) => RunningHash) | undefined;
  /** Told the bytes that were hashed, after each piece. */
  onProgress?: ((bytes: number) => void) | undefined;
  signal?: AbortSignal | undefined;
}

const PORTABLE: Readonly<Record<DigestAlgorithm, () => RunningHash>> = {
  sha256: () => sha256.create(),
  sha512: () => sha512.create(),
  'sha3-256': () => sha3_256.create(),
  sm3: createSm3,
};

/** Digests of a document, which is read once, in pieces: of any size at constant memory. @throws what the source throws; the signal's reason */
export async function digestDocument(source: DocumentSource, options: HashOptions = {}): Promise<DigestBytes> {
  const { algorithms = ['sha256'], createHash = (algorithm) => PORTABLE[algorithm](), onProgress, signal } = options;
  const hashes = algorithms.map((algorithm) => ({ algorithm, hash: createHash(algorithm) }));
  let bytes = 0;
  for await (const piece of piecesOf(source)) {
    signal?.throwIfAborted();
    for (const { hash } of hashes) hash.update(piece);
    onProgress?.((bytes += piece.length));
  }
  return Object.fromEntries(hashes.map(({ algorithm, hash }) => [algorithm, new Uint8Array(hash.digest())]));
}

async function* piecesOf(source: DocumentSource): AsyncGenerator<Uint8Array> {
  if (source instanceof Uint8Array) yield source;
  else if (source instanceof ArrayBuffer) yield new Uint8Array(source);
  else if (Symbol.asyncIterator in source) yield* source as AsyncIterable<Uint8Array>;
  else yield* chunksOf('stream' in source ? source.stream() : source);
}

/** Not every browser iterates streams. */
async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  let whole = false;
  try {
    while (!whole) {
      const { done, value } = await reader.read();
      whole = done;
      if (value !== undefined) yield value;
    }
  } finally {
    if (!whole) await reader.cancel();
  }
}

/** A salt for one document, {@link SALT_BYTES} random bytes: to be kept with it, since without it nobody can show that a record is of the document. */
export function drawSalt(randomBytes = platformWith().randomBytes): Uint8Array {
  return randomBytes(SALT_BYTES);
}

/** Blinded digests of a document's plain ones, `algorithm(salt ‖ digest)`, all with the same salt. @throws StatementError `bad-digest` */
export function blindDigests(digests: DigestBytes, salt: Uint8Array): DigestBytes {
  const given = Object.entries(digests) as [DigestAlgorithm, Uint8Array][];
  return Object.fromEntries(given.map(([algorithm, digest]) => [algorithm, blindedDigest(algorithm, salt, digest)]));
}

/** Lower-case hex of each digest: as records have them. */
export function digestsToHex(digests: DigestBytes): Digests {
  return Object.fromEntries(Object.entries(digests).map(([algorithm, digest]) => [algorithm, bytesToHex(digest)]));
}
