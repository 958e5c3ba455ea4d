import { createHash, getHashes, type Hash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { digestDocument, type DigestBytes } from '#sdk/hashing.js';
import type { DigestAlgorithm } from '#statement/digest.js';
import { CliError, fileError } from './cli-error.js';

/** Bytes read at a time: large enough that the reading costs little beside the hashing. */
export const PIECE_BYTES = 1_048_576;

/** The name that stands for standard input. */
export const STDIN = '-';

/**
 * Digests of a file, or of `stdin` when the path is `-`, read once from front to end; a file of any size needs one buffer.
 * A file that changes meanwhile is refused: its digest would be that of no document.
 *
 * @throws CliError `no-input` when it cannot be read, `bad-data` when this Node has no such algorithm.
 */
export function digestFile(
  path: string,
  algorithms: readonly DigestAlgorithm[],
  stdin: NodeJS.ReadableStream,
): Promise<DigestBytes> {
  return digestPieces(piecesOf(path, stdin), algorithms);
}

/** Digests of what comes piece by piece. @throws CliError `bad-data` when this Node has no such algorithm, and what the pieces throw */
export function digestPieces(
  pieces: AsyncIterable<Uint8Array>,
  algorithms: readonly DigestAlgorithm[],
): Promise<DigestBytes> {
  return digestDocument(pieces, { algorithms, createHash: newHash });
}

/**
 * A file, or `stdin` when the path is `-`, piece by piece from front to end; a piece is good only until the next.
 * A file that changes meanwhile is refused.
 *
 * @throws CliError `no-input`
 */
export async function* piecesOf(path: string, stdin: NodeJS.ReadableStream): AsyncGenerator<Uint8Array> {
  try {
    if (path === STDIN) yield* stdin as AsyncIterable<Uint8Array>;
    else yield* filePieces(path);
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw fileError(`Reading ${path === STDIN ? 'standard input' : path}`, error, 'no-input');
  }
}

async function* filePieces(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const before = await file.stat();
    if (before.isDirectory()) throw new CliError('no-input', `Reading ${path}: expected a file, got a folder`);
    const buffer = Buffer.allocUnsafe(before.isFile() ? Math.min(PIECE_BYTES, before.size + 1) : PIECE_BYTES);
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
      if (bytesRead === 0) break;
      yield buffer.subarray(0, bytesRead);
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
