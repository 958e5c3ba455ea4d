import { setTimeout as sleep } from 'node:timers/promises';
import { createPostgresBackend } from 'bullmq';

/** Pause after a job could not be fetched, in milliseconds. */
const FETCH_AGAIN_MS = 500;

/**
 * BullMQ's backend in PostgreSQL, for a database that comes and goes. BullMQ itself keeps the failure of its first connection for ever, and a worker
 * asks for jobs again at once whatever the answer: where the first connection broke, it would do that without ever letting the process do anything else.
 */
export const createQueueBackend: typeof createPostgresBackend = (name, options, more) => {
  const backend = createPostgresBackend(name, options, more);
  // What waits for the connection waits for the backend: the inner one first.
  keepNoFailure(backend.connection);
  keepNoFailure(backend);
  const moveToActive = backend.moveToActive.bind(backend);
  backend.moveToActive = async (...given) => {
    try {
      return await moveToActive(...given);
    } catch (error) {
      await sleep(FETCH_AGAIN_MS);
      throw error;
    }
  };
  return backend;
};

/** Lets the next call try again where one has failed. `readyPromise` is BullMQ's own memory of the first. */
function keepNoFailure(target: { waitUntilReady(): Promise<void> }): void {
  const waitUntilReady = target.waitUntilReady.bind(target);
  target.waitUntilReady = async () => {
    try {
      await waitUntilReady();
    } catch (error) {
      Object.assign(target, { readyPromise: undefined });
      throw error;
    }
  };
}
