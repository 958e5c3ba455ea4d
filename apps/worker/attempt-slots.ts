/** Submissions of one anchor that a process may go on with at once, beside one that it starts. */
export const SLOTS_PER_ANCHOR = 8;

/** Keeps the attempts at each anchor, or for each agency, apart, so that one whose attempts all hang takes no other's place: a job that finds the slots
 * taken leaves at once. Its work is still due in the table. Of anchors there are as many places in the queue's worker as slots of all together. */
export class AttemptSlots {
  readonly #taken = new Map<string, number>();

  constructor(readonly limit = SLOTS_PER_ANCHOR) {}

  /** Slots of `owner` that nothing occupies. */
  free(owner: string): number {
    return this.limit - (this.#taken.get(owner) ?? 0);
  }

  /** Does `work` in a slot of `owner`; resolves to null without doing it when there is none. */
  async occupy<T>(owner: string, work: () => Promise<T>): Promise<T | null> {
    if (this.free(owner) <= 0) return null;
    this.#taken.set(owner, this.limit - this.free(owner) + 1);
    try {
      return await work();
    } finally {
      this.#taken.set(owner, this.limit - this.free(owner) - 1);
    }
  }
}
