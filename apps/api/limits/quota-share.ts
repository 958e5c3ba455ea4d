import type { Amounts, Grant, Quota } from '#database/quota.repository.js';

/** A process asks for so many parts of a quota at a time: few enough questions, and little that others cannot have. */
const PARTS = 16;

/** A question takes at most this part of what seems to be left, so that what is left goes to whoever needs it. */
const PART_OF_REST = 4;

/** What a quota counts. */
export type Counted = keyof Amounts;

/** What this process has of an agency's quota. Counts in memory; asks for more where that is used up and more is left. */
export class QuotaShare {
  /** `RateLimit-Policy`. */
  readonly policyField: string;
  #window = '';
  #endsMs = -Infinity;
  /** Taken and not used. */
  readonly #held: Amounts = { requests: 0, records: 0 };
  /** What nobody had taken when it was asked last. */
  readonly #rest: Amounts = { requests: 0, records: 0 };
  #asking: Promise<void> | null = null;

  constructor(
    readonly quota: Quota,
    private readonly ask: (wanted: Amounts) => Promise<Grant>,
    private readonly nowMs: () => number = () => performance.now(),
  ) {
    const { records, requests, windowSeconds } = quota;
    const own = records === null ? '' : `;sealroot-records=${records}`;
    this.policyField = `"submit";q=${requests};w=${windowSeconds}${own}`;
  }

  /** Takes `count` of what the quota has left, all or nothing: whether it did; a promise where the database must be asked. */
  take(what: Counted, count: number): boolean | Promise<boolean> {
    if (what === 'records' && this.quota.records === null) return true;
    if (this.nowMs() < this.#endsMs) {
      if (this.#held[what] >= count) {
        this.#held[what] -= count;
        return true;
      }
      if (this.#held[what] + this.#rest[what] < count) return false;
    }
    return this.#askAndTake(what, count);
  }

  /** Takes `count`, or as much of it as is left. Resolves to how much that is. */
  async takeSome(what: Counted, count: number): Promise<number> {
    if (await this.take(what, count)) return count;
    const left = Math.min(count, this.#held[what] + this.#rest[what]);
    if (left > 0 && (await this.take(what, left))) return left;
    // Others have taken the rest meanwhile.
    const held = Math.min(count, this.#held[what]);
    this.#held[what] -= held;
    return held;
  }

  /** `RateLimit`: what seems to be left, and the seconds until the window ends. */
  get limitField(): string {
    const { requests, records } = this.#held;
    const own = this.quota.records === null ? '' : `;sealroot-records=${records + this.#rest.records}`;
    return `"submit";r=${requests + this.#rest.requests};t=${this.endsInSeconds}${own}`;
  }

  /** Whole seconds until the window has ended, 1 at least. */
  get endsInSeconds(): number {
    return Math.max(1, Math.ceil((this.#endsMs - this.nowMs()) / 1000));
  }

  /** Takes what is unused out, to be given back. */
  release(): { window: string; amounts: Amounts } | null {
    const amounts = { ...this.#held };
    this.#held.requests = this.#held.records = 0;
    if (this.nowMs() >= this.#endsMs || amounts.requests + amounts.records === 0) return null;
    return { window: this.#window, amounts };
  }

  async #askAndTake(what: Counted, count: number): Promise<boolean> {
    // Who comes meanwhile waits for the same answer.
    if (this.#asking !== null) await this.#asking;
    else {
      this.#asking = this.#ask(what, count);
      try {
        await this.#asking;
      } finally {
        this.#asking = null;
      }
    }
    return this.take(what, count);
  }

  async #ask(what: Counted, count: number): Promise<void> {
    const isOver = this.nowMs() >= this.#endsMs;
    const wanted = {
      requests: this.#wanted('requests', what === 'requests' ? count : 0, isOver),
      records: this.#wanted('records', what === 'records' ? count : 0, isOver),
    };
    const { endsInMs, granted, used, window } = await this.ask(wanted);
    // What was left of a window ends with it.
    if (window !== this.#window) this.#held.requests = this.#held.records = 0;
    this.#window = window;
    this.#endsMs = this.nowMs() + endsInMs;
    for (const each of ['requests', 'records'] as const) {
      this.#held[each] += granted[each];
      this.#rest[each] = Math.max(0, (this.quota[each] ?? 0) - used[each]);
    }
  }

  #wanted(what: Counted, needed: number, isOver: boolean): number {
    const most = this.quota[what];
    if (most === null) return 0;
    const rest = isOver ? most : this.#rest[what];
    const held = isOver ? 0 : this.#held[what];
    const part = Math.min(Math.ceil(most / PARTS), Math.ceil(rest / PART_OF_REST));
    return Math.max(needed - held, held < part / 2 ? part : 0);
  }
}
