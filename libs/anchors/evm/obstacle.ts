import { RpcError } from './evm-rpc.js';

/** What keeps a submission from going on, whichever node is asked: a sentence for a person, which the submission's detail tells. */
export class Obstacle extends Error {
  override readonly name = 'Obstacle';
}

/** What a node said cannot be true, or contradicts what it said before. Another node may be better. */
export class Doubt extends Error {
  override readonly name = 'Doubt';
}

/** What to tell a person about a node that is of no use now; null when the error is about something else. */
export function problemOf(error: unknown): string | null {
  if (error instanceof Doubt) return error.message;
  if (!(error instanceof RpcError)) return null;
  return error.code === 'error' ? `refuses ${error.method}: ${error.message}` : error.message;
}
