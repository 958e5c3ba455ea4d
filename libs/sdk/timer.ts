import type { Platform } from './platform.js';

/** Aborts a request for whose answer, or the next part of it, is waited too long, or that its caller gave up. */
export class Timer {
  readonly #controller = new AbortController();
  #stop: () => void = () => undefined;
  readonly #passOn = () => this.#controller.abort(this.caller?.reason);
  /** Whether the time was over. */
  elapsed = false;

  constructor(
    private readonly platform: Pick<Platform, 'startTimer'>,
    private readonly milliseconds: number,
    private readonly caller: AbortSignal | undefined,
  ) {
    if (caller?.aborted === true) this.#passOn();
    else caller?.addEventListener('abort', this.#passOn, { once: true });
  }

  /** To be given to what is waited for. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Begins to wait, anew. */
  start(): void {
    this.#stop();
    this.#stop = this.platform.startTimer(this.milliseconds, () => {
      this.elapsed = true;
      this.#controller.abort();
    });
  }

  /** Time that the caller takes for itself does not count. */
  pause(): void {
    this.#stop();
  }

  /** Nothing is waited for any more. */
  stop(): void {
    this.#stop();
    this.caller?.removeEventListener('abort', this.#passOn);
  }

  /** Ends what was waited for. */
  abort(): void {
    this.stop();
    this.#controller.abort();
  }
}
