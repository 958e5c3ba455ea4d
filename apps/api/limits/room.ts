import { overloaded } from './limited.js';

/** A place that was used rests for so many times as long as the work in it took, where the process was busy all that time, and not at all where it had nothing else to do:
 * who asks for one thing after another leaves most of the time to others. */
const REST_FACTOR = 3;

/** How much of a kind of work is done at a time in this process, of all who ask, and how many may wait for it. */
export interface RoomTerms {
  /** The policy that a refusal names. */
  policy: string;
  places: number;
  waiting: number;
}

/** Room for work that costs much and that anybody may ask for: the rest of the service goes on beside it. */
export class Room {
  readonly #waiting: (() => void)[] = [];
  #taken = 0;

  constructor(private readonly terms: RoomTerms) {}

  /** What `work` comes to, which begins when there is a place for it. @throws Problem `busy` when too many wait, and what `work` throws */
  async use<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#taken < this.terms.places) this.#taken += 1;
    else await this.#place();
    const began = performance.eventLoopUtilization();
    try {
      return await work();
    } finally {
      // Of the time of the work, that in which the event loop was not idle.
      const { active } = performance.eventLoopUtilization(began);
      setTimeout(() => this.#leave(), REST_FACTOR * active).unref();
    }
  }

  #place(): Promise<void> {
    const { policy, waiting } = this.terms;
    if (this.#waiting.length >= waiting) throw overloaded(policy, 'Too many others ask for answers of this kind.');
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#taken -= 1;
  }
}
