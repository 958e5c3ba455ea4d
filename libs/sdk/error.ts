import type { Problem } from './problem.js';

/**
 * What went wrong:
 *
 * - `bad-input`: what the caller gave cannot be sent;
 * - `no-answer`: nobody answered, or only in part;
 * - `timed-out`: no answer came in time;
 * - `problem`: the service said no ({@link ProblemError} says what);
 * - `bad-answer`: what answered is no Sealroot service, or an answer cannot be read;
 * - `does-not-hold`: an answer says another thing than was asked, or its proof or receipt does not hold;
 * - `other-terms`: the reference stands for a record with the same digests and other terms;
 * - `not-in-time`: what was waited for has not come;
 * - `bad-webhook`: what arrived is not signed by the service, or too old.
 */
export type SdkErrorCode =
  | 'bad-input'
  | 'no-answer'
  | 'timed-out'
  | 'problem'
  | 'bad-answer'
  | 'does-not-hold'
  | 'other-terms'
  | 'not-in-time'
  | 'bad-webhook';

/** The error of this library. */
export class SdkError extends Error {
  override readonly name: string = 'SdkError';

  constructor(
    readonly code: SdkErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** An answer that says no: `problem.code` says why, by a closed list and what later services may add. */
export class ProblemError extends SdkError {
  override readonly name = 'ProblemError';

  constructor(
    message: string,
    readonly problem: Problem,
    /** What the answer asked to wait, in milliseconds; 0 when it asked nothing. */
    readonly retryAfterMs: number,
  ) {
    super('problem', message);
  }
}
