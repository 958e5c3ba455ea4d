/**
 * Why an audit could not go on: `unreadable` an answer of the service that is not of the form that it must have, which decides nothing;
 * `bad-state` kept state that cannot be read back.
 */
export type AuditErrorCode = 'unreadable' | 'bad-state';

/** The only error this library throws of its own; what a source throws passes through. */
export class AuditError extends Error {
  constructor(
    readonly code: AuditErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'AuditError';
  }
}
