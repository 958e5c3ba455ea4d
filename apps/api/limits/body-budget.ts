import { limited, overloaded } from './limited.js';

/** A body up to this many bytes is not counted: connections bound their number. */
export const UNCOUNTED_BYTES = 16 * 1024;

/** Bodies of the largest size that one agency, and all agencies together, may have on the way or in work at a time. */
const LARGEST_PER_AGENCY = 2;
const LARGEST_IN_ALL = 16;

/** Memory for bodies. One agency's cannot take up what others need. */
export class BodyBudget {
  readonly #ofAgency = new Map<number, number>();
  #inAll = 0;

  constructor(private readonly bodyLimitBytes: number) {}

  /** Takes `bytes` for a body of the agency. @throws Problem `rate-limited`, `busy` */
  take(agencyId: number, bytes: number): void {
    const held = this.#ofAgency.get(agencyId) ?? 0;
    const most = this.bodyLimitBytes * LARGEST_PER_AGENCY;
    if (held + bytes > most) {
      const detail = `Expected at most ${most} bytes of bodies of one agency at a time, got ${held + bytes}.`;
      throw limited({ name: 'bodies', most, unit: 'content-bytes' }, detail, { left: most - held });
    }
    if (this.#inAll + bytes > this.bodyLimitBytes * LARGEST_IN_ALL)
      throw overloaded('all-bodies', 'Too many large bodies are on the way.');
    this.#ofAgency.set(agencyId, held + bytes);
    this.#inAll += bytes;
  }

  /** Gives back what was taken. */
  give(agencyId: number, bytes: number): void {
    const held = (this.#ofAgency.get(agencyId) ?? 0) - bytes;
    if (held > 0) this.#ofAgency.set(agencyId, held);
    else this.#ofAgency.delete(agencyId);
    this.#inAll -= bytes;
  }
}
