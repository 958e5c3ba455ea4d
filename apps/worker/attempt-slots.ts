/** Submissions of one anchor that a process may go on with at once, beside one that it starts. */
export const SLOTS_PER_ANCHOR = 8;

/** Keeps the attempts at each anchor apart, so that one whose attempts all hang takes no other's place: there are as many places in the queue's
 * worker as slots of all anchors together, and a job that finds its anchor's slots taken leaves at once. Its work is still due in the table. */
export class AttemptSlots {
  readonly #taken = new Map<string, number>();

  constructor(readonly limit = SLOTS_PER_ANCHOR) {}

  /** Slots of `anchor` that nothing occupies. */
  free(anchor: string): number {
    return this.limit - (this.#taken.get(anchor) ?? 0);
  }

  /** Does `work` in a slot of `anchor`; resolves to null without doing it when there is none. */
  async occupy<T>(anchor: string, work: () => Promise<T>): Promise<T | null> {
    if (this.free(anchor) <= 0) return null;
    this.#taken.set(anchor, this.limit - this.free(anchor) + 1);
    try {
      return await work();
    } finally {
      this.#taken.set(anchor, this.limit - this.free(anchor) - 1);
    }
  }
}
