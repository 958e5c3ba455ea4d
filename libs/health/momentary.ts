/** An answer that is good for a moment: whoever asks meanwhile gets the same one, and who asks while it is made waits for it. However often it
 * is asked for, it is made once in that time. A failure is not kept. */
export class Momentary<T> {
  #kept: { answer: T; untilMs: number } | undefined;
  #making: Promise<T> | undefined;

  constructor(
    private readonly ttlMs: number,
    private readonly make: () => Promise<T>,
  ) {}

  async get(): Promise<T> {
    if (this.#kept && performance.now() < this.#kept.untilMs) return this.#kept.answer;
    this.#making ??= this.make()
      .then((answer) => {
        this.#kept = { answer, untilMs: performance.now() + this.ttlMs };
        return answer;
      })
      .finally(() => (this.#making = undefined));
    return this.#making;
  }
}
