/**
 * Why something of a signature cannot be read or made:
 *
 * - `bad-key`: not a public key that every verifier agrees about;
 * - `bad-group`: no line, or more of them than a group may have.
 */
export type SignatureErrorCode = 'bad-key' | 'bad-group';

/** The error of this library. */
export class SignatureError extends Error {
  constructor(
    readonly code: SignatureErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'SignatureError';
  }
}
