import { Worker } from 'node:worker_threads';
import { HASH_BYTES } from '#merkle/hash.js';
import { buildBatchTree, type BatchTree } from './batch-tree.js';
import type { BuildAnswer, BuildRequest } from './batch-tree.worker.js';
import { SealError } from './error.js';

/** Most leaves that are built where they are: about 5 ms of the event loop, less than a thread's answer is worth. */
const INLINE_LEAVES = 4096;

// Node cannot read TypeScript by itself: run from the sources (in tests), the thread starts with a loader that can.
const ENTRY = new URL(
  import.meta.url.endsWith('.ts') ? './testing/batch-tree.worker.mjs' : './batch-tree.worker.js',
  import.meta.url,
);

/**
 * Builds batch trees, large ones in a thread of its own so that the event loop stays free. The thread starts with the first large tree and
 * stays, since warm code is twice as fast; it does not keep the process alive while idle.
 */
export class BatchTreeThread {
  #worker: Worker | undefined;
  #nextId = 0;
  readonly #waiting = new Map<number, { resolve: (tree: BatchTree) => void; reject: (error: Error) => void }>();

  /** The tree over `leaves` (32 bytes each). Throws `bad-tree`, also when the thread dies; the next call starts another. */
  async build(leaves: Uint8Array): Promise<BatchTree> {
    if (leaves.length <= INLINE_LEAVES * HASH_BYTES) return buildBatchTree(leaves);
    const worker = (this.#worker ??= this.#start());
    // The thread gets a copy to own: what it is sent is gone here.
    const request: BuildRequest = { id: this.#nextId++, leaves: new Uint8Array(leaves) };
    return new Promise<BatchTree>((resolve, reject) => {
      this.#waiting.set(request.id, { resolve, reject });
      worker.ref();
      worker.postMessage(request, [request.leaves.buffer]);
    });
  }

  /** Ends the thread; trees still under way fail. */
  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(ENTRY);
    worker.on('message', (answer: BuildAnswer) => {
      const waiting = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if (this.#waiting.size === 0) worker.unref();
      if ('problem' in answer) waiting?.reject(new SealError('bad-tree', answer.problem));
      else waiting?.resolve({ root: answer.root, levels: answer.levels });
    });
    let failure: Error | undefined;
    worker.on('error', (error: Error) => {
      failure = error;
    });
    worker.on('exit', (exitCode) => {
      if (this.#worker === worker) this.#worker = undefined;
      for (const { reject } of this.#waiting.values()) {
        reject(
          new SealError('bad-tree', `Building a batch tree: the thread ended with code ${exitCode}`, {
            cause: failure,
          }),
        );
      }
      this.#waiting.clear();
    });
    return worker;
  }
}
