import { parentPort } from 'node:worker_threads';
import { buildBatchTree } from './batch-tree.js';

/** What {@link BatchTreeThread} of batch-tree-thread.ts sends: leaves come as a buffer of their own and go back with the tree. */
export interface BuildRequest {
  id: number;
  leaves: Uint8Array<ArrayBuffer>;
}

/** What it gets back, with the request's id. */
export type BuildAnswer = { id: number; root: Uint8Array; levels: Uint8Array[] } | { id: number; problem: string };

parentPort?.on('message', ({ id, leaves }: BuildRequest) => {
  let answer: BuildAnswer;
  try {
    answer = { id, ...buildBatchTree(leaves) };
  } catch (error) {
    answer = { id, problem: (error as Error).message };
  }
  const buffers = 'levels' in answer ? answer.levels.map((level) => level.buffer as ArrayBuffer) : [];
  parentPort?.postMessage(answer, buffers);
});
