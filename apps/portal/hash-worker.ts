/// <reference lib="webworker" />
import { preloadHashers } from './document-hasher.js';
import { hashFile, HashFileError, type DocumentDigests } from './hash-file.js';
import type { DigestAlgorithm } from '#statement/digest.js';

/** What a worker is asked: to hash a file, or to stop. */
export type HashRequest =
  { id: number; file: Blob | Uint8Array; algorithms: DigestAlgorithm[] } | { id: number; stop: true };

/** What it answers: how far it is, and then the digests or why there are none. */
export type HashAnswer =
  | { id: number; doneBytes: number }
  | { id: number; digests: DocumentDigests }
  | { id: number; failure: { code: HashFileError['code']; message: string } };

/** Pause between two words of how far it is, in milliseconds: each has the page drawn anew, which works beside this on what may be two cores. */
const TELL_EVERY_MS = 100;

const scope = self as unknown as DedicatedWorkerGlobalScope;
const running = new Map<number, AbortController>();
const answer = (message: HashAnswer) => scope.postMessage(message);

scope.addEventListener('message', ({ data }: MessageEvent<HashRequest>) => {
  if ('stop' in data) running.get(data.id)?.abort();
  else void hash(data);
});
preloadHashers();

async function hash({ algorithms, file, id }: Exclude<HashRequest, { stop: true }>): Promise<void> {
  const stopping = new AbortController();
  running.set(id, stopping);
  const { signal } = stopping;
  let toldMs = performance.now();
  const onProgress = (doneBytes: number) => {
    const nowMs = performance.now();
    if (nowMs < toldMs + TELL_EVERY_MS) return;
    toldMs = nowMs;
    answer({ id, doneBytes });
  };
  try {
    const digests = await hashFile(file, algorithms, { signal, onProgress });
    answer({ id, digests });
  } catch (error) {
    // Whoever stopped it waits for no answer.
    if (signal.aborted) return;
    if (!(error instanceof HashFileError)) throw error;
    answer({ id, failure: { code: error.code, message: error.message } });
  } finally {
    running.delete(id);
  }
}
