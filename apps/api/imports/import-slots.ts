import { type Limit, limited, overloaded } from '../limits/limited.js';

/** Requests with lines of one agency, and of all, that this process takes at a time: each holds a few megabytes. */
const PER_AGENCY: Limit = { name: 'imports', most: 8, unit: 'concurrent-requests' };
const MAX_IN_ALL = 32;

/** Bounds how many imports are written at a time. */
export class ImportSlots {
  readonly #ofAgency = new Map<number, number>();
  #inAll = 0;

  /** @returns gives the place back. @throws Problem `rate-limited`, `busy` */
  take(agencyId: number): () => void {
    const held = this.#ofAgency.get(agencyId) ?? 0;
    if (held >= PER_AGENCY.most) throw limited(PER_AGENCY, `Expected at most ${PER_AGENCY.most} imports at a time.`);
    if (this.#inAll >= MAX_IN_ALL) throw overloaded('all-imports', 'Too many imports are under way.');
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
