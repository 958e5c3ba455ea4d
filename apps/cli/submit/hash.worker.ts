import { stat } from 'node:fs/promises';
import { parentPort } from 'node:worker_threads';
import type { DigestAlgorithm } from '#statement/digest.js';
import { CliError } from '../cli-error.js';
import { digestFile } from '../file-digest.js';
import type { HashedFile } from './hash-pool.js';

/** What a thread is asked: the digests of a file. */
export interface HashRequest {
  id: number;
  path: string;
  algorithms: readonly DigestAlgorithm[];
}

/** What it answers. */
export type HashAnswer =
  { id: number; hashed: HashedFile } | { id: number; failure: { code: CliError['code']; message: string } };

/** Digests of a file, with its size and time from before it was read. @throws CliError `no-input`, `bad-data` */
export async function hashFile(path: string, algorithms: readonly DigestAlgorithm[]): Promise<HashedFile> {
  // What is no file any more is told by the reading.
  const { mtimeMs, size } = await stat(path).catch(() => ({ mtimeMs: 0, size: 0 }));
  return { digests: await digestFile(path, algorithms, process.stdin), mtimeMs, size };
}

async function answer({ algorithms, id, path }: HashRequest): Promise<HashAnswer> {
  try {
    return { id, hashed: await hashFile(path, algorithms) };
  } catch (error) {
    if (error instanceof CliError) return { id, failure: { code: error.code, message: error.message } };
    throw error;
  }
}

parentPort?.on('message', (request: HashRequest) => void answer(request).then((said) => parentPort!.postMessage(said)));
