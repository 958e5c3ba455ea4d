/** Where the story is told: a line a step, and findings below it. */
export interface Narrator {
  step(text: string): void;
  line(text: string): void;
  passed(text: string): void;
  failed(text: string): void;
  skipped(text: string): void;
}

/** Something in the walk did not go as the service promises; the message says what. */
export class WalkThroughError extends Error {
  override readonly name = 'WalkThroughError';
}
