/**
 * Why a proof could not be read, or something not be made of it.
 *
 * - `bad-json`: not JSON, or JSON with a repeated member name or a lone surrogate;
 * - `too-large`, `too-deep`: beyond the named limits;
 * - `newer-version`: a proof, or a statement in one, of a later version than this library reads;
 * - `bad-proof`: JSON, but not a `sealroot/proof@2`; the message has a JSON pointer to what is wrong;
 * - `bad-digest`, `bad-key`, `bad-root`: a digest, a trusted key or a trusted root of time-stamps that the caller gave is malformed;
 * - `no-sha256`: an OpenTimestamps file needs a SHA-256 digest, and the record has none;
 * - `no-attestation`: an OpenTimestamps file needs an attestation, and the proof has none yet;
 * - `wrong-document`: document digest and salt do not give the recorded digest.
 */
export type ProofErrorCode =
  | 'bad-json'
  | 'too-large'
  | 'too-deep'
  | 'bad-proof'
  | 'newer-version'
  | 'bad-digest'
  | 'bad-key'
  | 'bad-root'
  | 'no-sha256'
  | 'no-attestation'
  | 'wrong-document';

/** The error of this library. */
export class ProofError extends Error {
  override readonly name = 'ProofError';

  constructor(
    readonly code: ProofErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
