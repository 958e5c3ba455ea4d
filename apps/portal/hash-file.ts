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
 * Hashes a file with several algorithms in one pass, chunk by chunk, so that its size is not limited by memory. Nothing leaves the device.
 * Throws {@link HashFileError}, or the signal's reason when it is aborted.
 */
export async function hashFile(
  file: Blob,
  algorithms: readonly DigestAlgorithm[],
  options: HashOptions = {},
): Promise<DocumentDigests> {
  const hashers = await Promise.all(
    algorithms.map(async (algorithm) => ({ algorithm, hasher: await loadHasher(algorithm) })),
  );
  for (const { hasher } of hashers) hasher.init();
  let next = readChunk(file, 0);
  for (let offset = 0; offset < file.size; offset += CHUNK_BYTES) {
    const chunk = await next;
    options.signal?.throwIfAborted();
    // The disk works while the processor does.
    next = readChunk(file, offset + CHUNK_BYTES);
    for (const { hasher } of hashers) hasher.update(chunk);
    options.onProgress?.(Math.min(offset + CHUNK_BYTES, file.size));
  }
  await next;
  const digests: DocumentDigests = {};
  for (const { algorithm, hasher } of hashers) digests[algorithm] = hasher.digest('binary');
  return digests;
}

async function loadHasher(algorithm: DigestAlgorithm) {
  try {
    return await createHasher(algorithm);
  } catch (cause) {
    throw new HashFileError('no-hasher', `loading ${algorithm}: expected WebAssembly to start, got an error`, {
      cause,
    });
  }
}

async function readChunk(file: Blob, offset: number): Promise<Uint8Array> {
  const expected = Math.max(0, Math.min(CHUNK_BYTES, file.size - offset));
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
