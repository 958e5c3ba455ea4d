/**
 * Why a timestamp could not be read, built or written.
 *
 * - `truncated`, `trailing-bytes`: the bytes end too early or too late
 * - `bad-magic`, `unsupported-version`, `unknown-hash`, `bad-digest`: the head of a detached file
 * - `bad-varuint`: an integer above 2^53 − 1
 * - `unknown-operation`, `bad-operand`, `bad-message`: an operation, or the message it is applied to
 * - `bad-attestation`: an attestation whose payload breaks the rules of its tag
 * - `too-deep`, `too-large`: a limit on the path, or on the whole timestamp
 * - `empty-timestamp`, `wrong-result`, `duplicate-operation`: a tree built by hand that cannot be written
 * - `different-messages`: two timestamps that do not start from the same message
 * - `not-canonical`: readable, but not the one canonical form where that was asked for
 */
export type OtsErrorCode =
  | 'truncated'
  | 'trailing-bytes'
  | 'bad-magic'
  | 'unsupported-version'
  | 'unknown-hash'
  | 'bad-digest'
  | 'bad-varuint'
  | 'unknown-operation'
  | 'bad-operand'
  | 'bad-message'
  | 'bad-attestation'
  | 'too-deep'
  | 'too-large'
  | 'empty-timestamp'
  | 'wrong-result'
  | 'duplicate-operation'
  | 'different-messages'
  | 'not-canonical';

/** The one error class of this library; `code` is stable, the message is for people. */
export class OtsError extends Error {
  override readonly name = 'OtsError';

  constructor(
    readonly code: OtsErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
