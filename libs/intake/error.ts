/** Why an intake request was not answered with results. All of these are worth a retry; with references a retry is safe whatever happened.
 *
 * - `overloaded`: too many records wait for their commit; nothing of the request was stored;
 * - `stopping`: the service is being stopped; nothing of the request was stored;
 * - `not-stored`: the database refused or could not be reached; nothing of the request was stored;
 * - `outcome-unknown`: the database connection broke during the commit: the records may or may not have been stored. */
export type IntakeErrorCode = 'overloaded' | 'stopping' | 'not-stored' | 'outcome-unknown';

/** The error of this library: a request that failed as a whole. An HTTP server answers 503 with `Retry-After`. */
export class IntakeError extends Error {
  constructor(
    readonly code: IntakeErrorCode,
    message: string,
    /** Seconds after which a retry makes sense. */
    readonly retryAfterSeconds: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'IntakeError';
  }
}
