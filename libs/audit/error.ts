/**
 * Why an audit could not go on: `unreadable` an answer of the service that is not of the form that it must have, which decides nothing;
 * `bad-state` kept state that cannot be read back; `bad-act` a list of administrative acts that is not whole and in order.
 */
export type AuditErrorCode = 'unreadable' | 'bad-state' | 'bad-act';

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
