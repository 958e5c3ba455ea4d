import { Problem } from '../problems/problem.js';

/** Requests with lines of one agency, and of all, that this process takes at a time: each holds a few megabytes. */
const MAX_PER_AGENCY = 8;
const MAX_IN_ALL = 32;

/** Bounds how many imports are written at a time. */
export class ImportSlots {
  readonly #ofAgency = new Map<number, number>();
  #inAll = 0;

  /** @returns gives the place back. @throws Problem `rate-limited`, `busy` */
  take(agencyId: number): () => void {
    const held = this.#ofAgency.get(agencyId) ?? 0;
    const headers = { 'retry-after': '1' };
    if (held >= MAX_PER_AGENCY)
      throw new Problem('rate-limited', `Expected at most ${MAX_PER_AGENCY} imports at a time.`, { headers });
    if (this.#inAll >= MAX_IN_ALL) throw new Problem('busy', 'Too many imports are under way.', { headers });
    this.#ofAgency.set(agencyId, held + 1);
    this.#inAll += 1;
    return () => {
      this.#inAll -= 1;
      const left = this.#ofAgency.get(agencyId)! - 1;
      if (left > 0) this.#ofAgency.set(agencyId, left);
      else this.#ofAgency.delete(agencyId);
    };
  }
}
