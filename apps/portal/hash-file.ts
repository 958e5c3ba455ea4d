import type { IHasher } from 'hash-wasm';
import type { DigestAlgorithm } from '#statement/digest.js';
import { createHasher } from './document-hasher.js';
import { PART_BYTES, partsOf } from './file-parts.js';

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
  /** Called now and then, and at the end, with the bytes hashed so far. */
  onProgress?: ((doneBytes: number) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Hashes a file, or bytes, with several algorithms in one pass, part by part, so that its size is not limited by memory. Nothing leaves the device.
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
    let [done, told] = [0, 0];
    for await (const part of readable(file)) {
      signal?.throwIfAborted();
      for (const { hasher } of hashers) hasher.update(part);
      done += part.length;
      if (done < told + PART_BYTES && done < size) continue;
      onProgress?.(done);
      told = done;
    }
    if (done !== size) throw unreadable(`expected ${size} bytes, got ${done}`);
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

/** The parts of a file. @throws HashFileError where the browser cannot read on */
async function* readable(file: Blob | Uint8Array): AsyncGenerator<Uint8Array> {
  let at = 0;
  try {
    for await (const part of partsOf(file)) {
      at += part.length;
      yield part;
    }
  } catch (cause) {
    throw unreadable(`expected more after ${at} bytes, got an error`, { cause });
  }
}

function unreadable(detail: string, options?: ErrorOptions): HashFileError {
  return new HashFileError('unreadable-file', `reading a file: ${detail}`, options);
}
