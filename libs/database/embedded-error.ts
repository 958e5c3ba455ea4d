/** Why the embedded server cannot run. */
export class EmbeddedDatabaseError extends Error {
  constructor(
    readonly code: 'no-binaries' | 'no-user' | 'init-failed' | 'start-failed',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'EmbeddedDatabaseError';
  }
}
