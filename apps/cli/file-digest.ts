import { createHash, getHashes, type Hash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { DigestAlgorithm } from '#statement/digest.js';
import { CliError, fileError } from './cli-error.js';

/** Digests of one document, as bytes. */
export type DigestBytes = { [algorithm in DigestAlgorithm]?: Uint8Array };

/** Bytes read at a time: large enough that the reading costs little beside the hashing. */
const READ_BYTES = 1_048_576;

/** The name that stands for standard input. */
export const STDIN = '-';

/**
 * Digests of a file, or of `stdin` when the path is `-`, read once from front to end; a file of any size needs one buffer.
 * A file that changes meanwhile is refused: its digest would be that of no document.
 *
 * @throws CliError `no-input` when it cannot be read, `bad-data` when this Node has no such algorithm.
 */
export async function digestFile(
  path: string,
  algorithms: readonly DigestAlgorithm[],
  stdin: NodeJS.ReadableStream,
): Promise<DigestBytes> {
  const hashes = algorithms.map((algorithm) => ({ algorithm, hash: newHash(algorithm) }));
  const update = (chunk: Uint8Array) => {
    for (const { hash } of hashes) hash.update(chunk);
  };
  await eachChunk(path, stdin, update);
  const digests: DigestBytes = {};
  for (const { algorithm, hash } of hashes) digests[algorithm] = new Uint8Array(hash.digest());
  return digests;
}

/**
 * Hands a file, or `stdin` when the path is `-`, to `take` piece by piece from front to end; a piece is good only until the next.
 * A file that changes meanwhile is refused.
 *
 * @throws CliError `no-input`
 */
export async function eachChunk(
  path: string,
  stdin: NodeJS.ReadableStream,
  take: (chunk: Uint8Array) => void,
): Promise<void> {
  try {
    if (path === STDIN) for await (const chunk of stdin) take(chunk as Uint8Array);
    else await readFile(path, take);
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw fileError(`Reading ${path === STDIN ? 'standard input' : path}`, error, 'no-input');
  }
}

async function readFile(path: string, update: (chunk: Uint8Array) => void): Promise<void> {
  const file = await open(path, 'r');
  try {
    const before = await file.stat();
    if (before.isDirectory()) throw new CliError('no-input', `Reading ${path}: expected a file, got a folder`);
    const buffer = Buffer.allocUnsafe(before.isFile() ? Math.min(READ_BYTES, before.size + 1) : READ_BYTES);
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
      if (bytesRead === 0) break;
      update(buffer.subarray(0, bytesRead));
    }
    const after = await file.stat();
    if (before.isFile() && (after.size !== before.size || after.mtimeMs !== before.mtimeMs))
      throw new CliError('no-input', `Reading ${path}: expected it to stay as it is, but it changed while it was read`);
  } finally {
    await file.close();
  }
}

/** A running hash. Throws CliError `bad-data` when this Node has no such algorithm. */
export function newHash(algorithm: DigestAlgorithm): Hash {
  if (!getHashes().includes(algorithm) && algorithm === 'sm3')
    throw new CliError('bad-data', 'Hashing: expected a Node.js whose OpenSSL has SM3, got one without it');
  return createHash(algorithm);
}
