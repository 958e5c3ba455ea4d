import { limited } from '../limits/limited.js';

/** Fetches from other people's servers in one second, at most, whoever asks for them: they are metered, and not ours to burden. */
const MAX_FETCHES_PER_SECOND = 20;

/** Keeps routes that pass something on from being used to flood where it comes from. */
export class FetchBudget {
  #window = { startMs: 0, fetches: 0 };

  /** `what`: in the plural, what is fetched. */
  constructor(private readonly what: string) {}

  /** Counts a fetch that is about to be made. @throws Problem `rate-limited` */
  take(): void {
    const nowMs = Date.now();
    if (nowMs - this.#window.startMs >= 1000) this.#window = { startMs: nowMs, fetches: 0 };
    this.#window.fetches += 1;
    if (this.#window.fetches <= MAX_FETCHES_PER_SECOND) return;
    const detail = `More than ${MAX_FETCHES_PER_SECOND} new ${this.what} were asked for within a second.`;
    throw limited({ name: 'fetches', most: MAX_FETCHES_PER_SECOND, windowSeconds: 1 }, detail);
  }
}
