import type { IHasher } from 'hash-wasm';
import type { DigestAlgorithm } from '#statement/digest.js';
import { createHasher } from './document-hasher.js';

/** Bytes read at a time: large enough to hash at full speed, small enough that the page answers between two chunks. */
const CHUNK_BYTES = 2 * 1024 * 1024;

/** Digests of one document, by algorithm. */
export type DocumentDigests = Partial<Record<DigestAlgorithm, Uint8Array>>;

/** Why a document could not be hashed: the browser refused WebAssembly, or the file could not be read to its end. */
export class HashFileError extends Error {
  override name = 'HashFileError';
  constructor(
    readonly code: 'no-hasher' | 'unreadable-file',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** What a caller of {@link hashFile} may follow and stop. */
export interface HashOptions {
  /** Called after each chunk with the bytes hashed so far. */
  onProgress?: ((doneBytes: number) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Hashes a file, or bytes, with several algorithms in one pass, chunk by chunk, so that its size is not limited by memory. Nothing leaves the device.
 * Throws {@link HashFileError}, or the signal's reason when it is aborted.
 */
export async function hashFile(
  file: Blob | Uint8Array,
  algorithms: readonly DigestAlgorithm[],
  options: HashOptions = {},
): Promise<DocumentDigests> {
  const { onProgress, signal } = options;
  const hashers = await Promise.all(
    algorithms.map(async (algorithm) => ({ algorithm, hasher: await takeHasher(algorithm) })),
  );
  try {
    for (const { hasher } of hashers) hasher.init();
    const size = file instanceof Uint8Array ? file.length : file.size;
    let next = readChunk(file, 0, size);
    for (let offset = 0; offset < size; offset += CHUNK_BYTES) {
      const chunk = await next;
      signal?.throwIfAborted();
      // The disk works while the processor does.
      next = readChunk(file, offset + CHUNK_BYTES, size);
      for (const { hasher } of hashers) hasher.update(chunk);
      onProgress?.(Math.min(offset + CHUNK_BYTES, size));
    }
    const digests: DocumentDigests = {};
    for (const { algorithm, hasher } of hashers) digests[algorithm] = hasher.digest('binary');
    return digests;
  } finally {
    for (const { algorithm, hasher } of hashers) idle[algorithm].push(hasher);
  }
}

/** Hashers that are not in use: to make one takes longer than to hash a small file. */
const idle: Record<DigestAlgorithm, IHasher[]> = { sha256: [], sha512: [], 'sha3-256': [], sm3: [] };

async function takeHasher(algorithm: DigestAlgorithm): Promise<IHasher> {
  try {
    return idle[algorithm].pop() ?? (await createHasher(algorithm));
  } catch (cause) {
    throw new HashFileError('no-hasher', `loading ${algorithm}: expected WebAssembly to start, got an error`, {
      cause,
    });
  }
}

async function readChunk(file: Blob | Uint8Array, offset: number, size: number): Promise<Uint8Array> {
  const expected = Math.max(0, Math.min(CHUNK_BYTES, size - offset));
  if (file instanceof Uint8Array) return file.subarray(offset, offset + expected);
  // Asking a browser for no bytes takes as long as asking for some.
  if (expected === 0) return new Uint8Array();
  let chunk: ArrayBuffer;
  try {
    chunk = await file.slice(offset, offset + expected).arrayBuffer();
  } catch (cause) {
    throw new HashFileError('unreadable-file', `reading at byte ${offset}: expected ${expected} bytes, got an error`, {
      cause,
    });
  }
  if (chunk.byteLength !== expected) {
    throw new HashFileError(
      'unreadable-file',
      `reading at byte ${offset}: expected ${expected} bytes, got ${chunk.byteLength}`,
    );
  }
  return new Uint8Array(chunk);
}
