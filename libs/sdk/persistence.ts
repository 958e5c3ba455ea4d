import { ProblemError, SdkError } from './error.js';
import { DEFAULT_RETRIES, retryDelayMs } from './retry.js';
import type { Platform } from './platform.js';

/** Reasons to stop in the middle of an answer that pass by themselves. */
const PASSING_STOPS: ReadonlySet<string> = new Set(['unavailable', 'busy', 'import-busy', 'internal', 'rate-limited']);

/** How often something that makes no progress is begun again. */
export class Persistence {
  #failures = 0;

  constructor(
    private readonly platform: Pick<Platform, 'randomBytes' | 'sleep'>,
    private readonly retries = DEFAULT_RETRIES,
    private readonly onRetry: (reason: string, waitMs: number) => void = () => undefined,
  ) {}

  /** Something came of it: whatever failed before is forgotten. */
  progress(): void {
    this.#failures = 0;
  }

  /** Waits before the next attempt. @throws the error when it does not pass by itself or there were enough attempts; the signal's reason */
  async failed(error: unknown, signal: AbortSignal | undefined): Promise<void> {
    const askedMs = error instanceof ProblemError ? error.retryAfterMs : 0;
    const mayRetry = this.#failures < this.retries && passes(error);
    const waitMs = mayRetry ? retryDelayMs(this.#failures, askedMs, this.platform) : null;
    if (waitMs === null) throw error;
    this.#failures++;
    this.onRetry((error as SdkError).message, waitMs);
    await this.platform.sleep(waitMs, signal);
    signal?.throwIfAborted();
  }
}

/** Whether a connection broke, or the service stopped for a reason that passes by itself. */
function passes(error: unknown): boolean {
  if (error instanceof ProblemError) return PASSING_STOPS.has(error.problem.code);
  return error instanceof SdkError && (error.code === 'no-answer' || error.code === 'timed-out');
}
