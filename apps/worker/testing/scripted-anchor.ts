import type { Anchor, AnchoredCheckpoint, Spent, Submission } from '#anchors/anchor.js';

/** What a {@link ScriptedAnchor} does at one call: answers, throws, or never comes back. */
export type Step = Partial<Submission> | Error | 'hang';

/** An anchor that follows a script, for tests: each call takes the next step, and the last step stays. */
export class ScriptedAnchor implements Anchor {
  readonly calls: { method: 'submit' | 'confirm'; root: string; earlier: Submission | null }[] = [];
  #waiting: (() => void)[] = [];

  readonly oneAtATime: boolean | undefined;
  readonly mostSpent: Spent | undefined;

  constructor(
    readonly name: string,
    private readonly steps: Step[],
    nature: Pick<Anchor, 'oneAtATime' | 'mostSpent'> = {},
  ) {
    this.oneAtATime = nature.oneAtATime;
    this.mostSpent = nature.mostSpent;
  }

  async submit({ root }: AnchoredCheckpoint, earlier: Submission | null): Promise<Submission> {
    return this.#step('submit', Buffer.from(root).toString('hex'), earlier);
  }

  async confirm(submission: Submission): Promise<Submission> {
    return this.#step('confirm', '', submission);
  }

  /** Resolves once there have been `count` calls. */
  async called(count: number): Promise<void> {
    while (this.calls.length < count) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  async #step(method: 'submit' | 'confirm', root: string, earlier: Submission | null): Promise<Submission> {
    this.calls.push({ method, root, earlier });
    for (const resolve of this.#waiting.splice(0)) resolve();
    const step = this.steps[Math.min(this.calls.length, this.steps.length) - 1]!;
    if (step instanceof Error) throw step;
    if (step === 'hang') return new Promise(() => undefined);
    return {
      state: 'pending',
      attestation: new Uint8Array([this.calls.length]),
      detail: `call ${this.calls.length}`,
      retryAfterSeconds: 0,
      progress: { calls: this.calls.length },
      ...step,
    };
  }
}
