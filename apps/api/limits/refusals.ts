/** Refusals a second that are answered at once, and how many are answered in one go after a pause. */
const PER_SECOND = 50;
const BURST = 100;

/** Refusals that wait for their answer; more are cut off without one. */
const MAX_WAITING = 1000;

const TICK_MS = 10;

/** Slows down who is refused again and again: whoever guesses keys, or sends bodies without one, waits for each answer, and cannot spend more
 * of this process's time than answering so many a second takes. */
export class Refusals {
  #tokens = BURST;
  #filledAtMs = 0;
  readonly #waiting: (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly nowMs: () => number = () => performance.now()) {}

  /** Calls `answer` when it is due. @returns false when too many wait: it is never called */
  enter(answer: () => void): boolean {
    this.#fill();
    if (this.#tokens >= 1 && this.#waiting.length === 0) {
      this.#tokens -= 1;
      answer();
      return true;
    }
    if (this.#waiting.length >= MAX_WAITING) return false;
    this.#waiting.push(answer);
    this.#timer ??= setInterval(() => this.#release(), TICK_MS).unref();
    return true;
  }

  #fill(): void {
    const now = this.nowMs();
    this.#tokens = Math.min(BURST, this.#tokens + ((now - this.#filledAtMs) / 1000) * PER_SECOND);
    this.#filledAtMs = now;
  }

  #release(): void {
    this.#fill();
    while (this.#tokens >= 1 && this.#waiting.length > 0) {
      this.#tokens -= 1;
      this.#waiting.shift()!();
    }
    if (this.#waiting.length > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
