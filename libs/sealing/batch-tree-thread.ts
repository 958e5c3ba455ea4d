import { Worker } from 'node:worker_threads';
import { HASH_BYTES } from '#merkle/hash.js';
import { applyStatusChange, type StatusChange, statusNeeds, type StatusParts } from '#status/update.js';
import { buildBatchTree, type BatchTree } from './batch-tree.js';
import type { BuildAnswer, BuildRequest } from './batch-tree.worker.js';
import { SealError } from './error.js';
import { nativeSha256 } from './native-sha256.js';
import { packChange, type PackedUpdate, packUpdate } from './status-packing.js';

/** Most leaves that are built where they are: about 5 ms of the event loop, less than a thread's answer is worth. */
const INLINE_LEAVES = 4096;

/** Most changed leaves of the status tree that are written where they are: each has up to 64 events to copy, and three hashes above it. */
const INLINE_STATUS_LEAVES = 256;

// Node cannot read TypeScript by itself: run from the sources (in tests), the thread starts with a loader that can.
const ENTRY = new URL(
  import.meta.url.endsWith('.ts') ? './testing/batch-tree.worker.mjs' : './batch-tree.worker.js',
  import.meta.url,
);

/**
 * Builds batch trees and updates the status tree, what is large in a thread of its own so that the event loop stays free. The thread starts with the first large tree and
 * stays, since warm code is twice as fast; it does not keep the process alive while idle.
 */
export class BatchTreeThread {
  #worker: Worker | undefined;
  #nextId = 0;
  readonly #waiting = new Map<
    number,
    { resolve: (result: BatchTree | PackedUpdate) => void; reject: (error: Error) => void }
  >();

  /** The tree over `leaves` (32 bytes each). Throws `bad-tree`, also when the thread dies; the next call starts another. */
  async build(leaves: Uint8Array): Promise<BatchTree> {
    if (leaves.length <= INLINE_LEAVES * HASH_BYTES) return buildBatchTree(leaves);
    // The thread gets a copy to own: what it is sent is gone here.
    const copy = new Uint8Array(leaves);
    return (await this.#ask({ id: this.#nextId++, leaves: copy }, [copy.buffer])) as BatchTree;
  }

  /** The status tree after a change. Throws StatusError, or `bad-tree` with its message when the thread found it, and when the thread dies. */
  async applyStatus(change: StatusChange, parts: StatusParts): Promise<PackedUpdate> {
    if (statusNeeds(change).leaves.length <= INLINE_STATUS_LEAVES) {
      return packUpdate(applyStatusChange(change, parts, nativeSha256));
    }
    const status = packChange(change, parts);
    const buffers = [status.events.buffer, status.leaves.bytes.buffer, status.tiles.bytes.buffer];
    return (await this.#ask({ id: this.#nextId++, status }, buffers)) as PackedUpdate;
  }

  #ask(request: BuildRequest, buffers: ArrayBuffer[]): Promise<BatchTree | PackedUpdate> {
    const worker = (this.#worker ??= this.#start());
    return new Promise((resolve, reject) => {
      this.#waiting.set(request.id, { resolve, reject });
      worker.ref();
      worker.postMessage(request, buffers);
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
      else waiting?.resolve(answer.result);
    });
    let failure: Error | undefined;
    worker.on('error', (error: Error) => {
      failure = error;
    });
    worker.on('exit', (exitCode) => {
      if (this.#worker === worker) this.#worker = undefined;
      for (const { reject } of this.#waiting.values()) {
        reject(
          new SealError('bad-tree', `Building a tree: the thread ended with code ${exitCode}`, {
            cause: failure,
          }),
        );
      }
      this.#waiting.clear();
    });
    return worker;
  }
}
