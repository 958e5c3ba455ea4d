import { parentPort } from 'node:worker_threads';
import { applyStatusChange } from '#status/update.js';
import { type BatchTree, buildBatchTree } from './batch-tree.js';
import { nativeSha256 } from './native-sha256.js';
import { type PackedChange, type PackedUpdate, packUpdate, unpackChange } from './status-packing.js';

/** What {@link BatchTreeThread} of batch-tree-thread.ts sends: leaves come as a buffer of their own and go back with the tree; or a change of
 * the status tree. */
export type BuildRequest = { id: number; leaves: Uint8Array<ArrayBuffer> } | { id: number; status: PackedChange };

/** What it gets back, with the request's id. */
export type BuildAnswer = { id: number; result: BatchTree | PackedUpdate } | { id: number; problem: string };

parentPort?.on('message', (request: BuildRequest) => {
  const { id } = request;
  let answer: BuildAnswer;
  let buffers: ArrayBuffer[] = [];
  try {
    if ('leaves' in request) {
      const result = buildBatchTree(request.leaves);
      answer = { id, result };
      buffers = result.levels.map((level) => level.buffer as ArrayBuffer);
    } else {
      const { change, parts } = unpackChange(request.status);
      const result = packUpdate(applyStatusChange(change, parts, nativeSha256));
      answer = { id, result };
      buffers = [result.leaves.bytes.buffer, result.tiles.bytes.buffer];
    }
  } catch (error) {
    answer = { id, problem: (error as Error).message };
  }
  parentPort?.postMessage(answer, buffers);
});
