import { describe, expect, it } from 'vitest';
import { FileHasher } from './file-hasher.js';
import type { HashAnswer, HashRequest } from './hash-worker.js';

/** A worker whose answers the test gives. */
class Worker {
  readonly asked: HashRequest[] = [];
  readonly #listeners: Record<string, ((event: { data?: HashAnswer }) => void)[]> = { message: [], error: [] };
  postMessage = (request: HashRequest): void => void this.asked.push(request);
  addEventListener = (type: string, listener: unknown): void =>
    void this.#listeners[type]!.push(listener as (event: { data?: HashAnswer }) => void);
  answer(data: HashAnswer): void {
    for (const listener of this.#listeners['message']!) listener({ data });
  }
  fail(): void {
    for (const listener of this.#listeners['error']!) listener({});
  }
}

const file = new Blob(['a']);

describe('a file hashed by a worker', () => {
  it('is answered with its own progress and digests, whatever else is hashed', async () => {
    const worker = new Worker();
    const hasher = new FileHasher(worker as never);
    const progress: number[] = [];
    const one = hasher.hash(file, ['sha256'], { onProgress: (bytes) => progress.push(bytes) });
    const other = hasher.hash(file, ['sha512']);
    worker.answer({ id: 2, doneBytes: 9 });
    worker.answer({ id: 2, digests: { sha512: Uint8Array.of(2) } });
    worker.answer({ id: 1, doneBytes: 1 });
    worker.answer({ id: 1, digests: { sha256: Uint8Array.of(1) } });
    expect(await one).toEqual({ sha256: Uint8Array.of(1) });
    expect(await other).toEqual({ sha512: Uint8Array.of(2) });
    expect(progress).toEqual([1]);
  });

  it('is no longer hashed once nobody waits for it', async () => {
    const worker = new Worker();
    const stopping = new AbortController();
    const hashing = new FileHasher(worker as never).hash(file, ['sha256'], { signal: stopping.signal });
    stopping.abort(new Error('enough'));
    await expect(hashing).rejects.toThrow('enough');
    expect(worker.asked.at(-1)).toEqual({ id: 1, stop: true });
  });

  it('is a failure that says so when it cannot be read or the worker cannot run', async () => {
    const worker = new Worker();
    const hasher = new FileHasher(worker as never);
    const unread = hasher.hash(file, ['sha256']);
    worker.answer({ id: 1, failure: { code: 'unreadable-file', message: 'gone' } });
    await expect(unread).rejects.toMatchObject({ name: 'HashFileError', code: 'unreadable-file' });
    const unrun = hasher.hash(file, ['sha256']);
    worker.fail();
    await expect(unrun).rejects.toMatchObject({ code: 'no-hasher' });
  });
});
