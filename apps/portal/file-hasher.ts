import type { DigestAlgorithm } from '#statement/digest.js';
import { type DocumentDigests, HashFileError, type HashOptions } from './hash-file.js';
import type { HashAnswer, HashRequest } from './hash-worker.js';

/** Hashes files away from the page, which so answers however large they are. */
export class FileHasher {
  readonly #waiting = new Map<number, (answer: HashAnswer) => void>();
  #lastId = 0;

  constructor(private readonly worker: Pick<Worker, 'postMessage' | 'addEventListener'>) {
    worker.addEventListener('message', (event) => {
      const answer = (event as MessageEvent<HashAnswer>).data;
      this.#waiting.get(answer.id)?.(answer);
    });
    // Of a worker that cannot run no answer comes: whoever waits is told.
    worker.addEventListener('error', () => {
      const failure = { code: 'no-hasher', message: 'hashing: expected a worker, got an error' } as const;
      for (const [id, take] of this.#waiting) take({ id, failure });
    });
  }

  /** As `hashFile`. @throws HashFileError, or the signal's reason when it is aborted */
  hash(
    file: Blob | Uint8Array,
    algorithms: readonly DigestAlgorithm[],
    options: HashOptions = {},
  ): Promise<DocumentDigests> {
    const { onProgress, signal } = options;
    const id = ++this.#lastId;
    return new Promise<DocumentDigests>((resolve, reject) => {
      const stop = () => {
        this.#send({ id, stop: true });
        reject(signal?.reason);
      };
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      signal?.addEventListener('abort', stop, { once: true });
      this.#waiting.set(id, (answer) => {
        if ('doneBytes' in answer) {
          onProgress?.(answer.doneBytes);
          return;
        }
        signal?.removeEventListener('abort', stop);
        if ('digests' in answer) resolve(answer.digests);
        else reject(new HashFileError(answer.failure.code, answer.failure.message));
      });
      this.#send({ id, file, algorithms: [...algorithms] });
    }).finally(() => this.#waiting.delete(id));
  }

  #send(request: HashRequest): void {
    this.worker.postMessage(request);
  }
}

/** Starts the worker of this page. `address`: where its script is, which is the page's own and no one else's words. */
export function startHashWorker(address: string, options: WorkerOptions): Worker {
  const policy = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes?.createPolicy('sealroot-worker', {
    createScriptURL: (url) => url,
  });
  return new Worker((policy?.createScriptURL(address) ?? address) as string, options);
}

/** The part of Trusted Types that is needed here (W3C); TypeScript's own library has none yet. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): { createScriptURL(url: string): unknown };
}
