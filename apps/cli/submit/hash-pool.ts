import { Worker } from 'node:worker_threads';
import type { DigestBytes } from '#sdk/hashing.js';
import type { DigestAlgorithm } from '#statement/digest.js';
import { CliError } from '../cli-error.js';
import { type HashAnswer, hashFile, type HashRequest } from './hash.worker.js';

/** A file as it was when it was hashed. */
export interface HashedFile {
  digests: DigestBytes;
  /** Bytes. */
  size: number;
  mtimeMs: number;
}

// Node cannot read TypeScript by itself: run from the sources (in tests), files are hashed where they are asked for.
const ENTRY = import.meta.url.endsWith('.ts') ? undefined : new URL('./hash.worker.js', import.meta.url);

/** Hashes files in threads, one for each core or fewer. */
export class HashPool {
  readonly #workers: Worker[] = [];
  readonly #waiting = new Map<number, { resolve: (file: HashedFile) => void; reject: (error: Error) => void }>();
  #lastId = 0;

  constructor(threads: number) {
    for (let i = 0; ENTRY !== undefined && i < threads; i++) this.#workers.push(this.#start(ENTRY));
  }

  /** Digests of a file. @throws CliError `no-input` when it cannot be read or changes meanwhile, `bad-data` */
  hash(path: string, algorithms: readonly DigestAlgorithm[]): Promise<HashedFile> {
    if (this.#workers.length === 0) return hashFile(path, algorithms);
    const id = ++this.#lastId;
    const request: HashRequest = { id, path, algorithms };
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#workers[id % this.#workers.length]!.postMessage(request);
    });
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #start(entry: URL): Worker {
    const worker = new Worker(entry);
    worker.on('message', (answer: HashAnswer) => {
      const waiting = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if ('hashed' in answer) waiting?.resolve(answer.hashed);
      else waiting?.reject(new CliError(answer.failure.code, answer.failure.message));
    });
    worker.on('error', (error) => {
      for (const { reject } of this.#waiting.values()) reject(error);
      this.#waiting.clear();
    });
    return worker;
  }
}
