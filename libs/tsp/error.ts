/**
 * Why a request could not be made, or a token is not accepted.
 *
 * - `bad-der`: not DER as far as this library reads it: truncated, trailing bytes, indefinite or padded lengths, a wrong type;
 * - `too-large`: beyond a named limit;
 * - `bad-request`: an imprint or a nonce that no request can hold;
 * - `rejected`: the authority answered without a token; the message has its status and words;
 * - `bad-response`, `bad-token`, `bad-certificate`, `bad-revocation`: readable DER that breaks the rules of its structure, or that nothing ties to the token;
 * - `unsupported`: an algorithm that nothing here has (`algorithm` tells which), or a critical extension that nothing here processes: it says nothing
 *   against the token;
 * - `weak-algorithm`: a digest such as MD5 or SHA-1, or a key that is too short;
 * - `wrong-imprint`: the token is about other data;
 * - `wrong-nonce`: the answer is to another request;
 * - `bad-signature`: the token's signature does not hold;
 * - `bad-signing-certificate`: the token's signed reference to its signer's certificate names another certificate;
 * - `no-signer`: the signer's certificate is neither in the token nor beside it;
 * - `not-an-authority`: the signer's certificate is not one of a time-stamp authority;
 * - `bad-chain`: certificates lead to a trusted root, but not by the rules (authority bits, path length), or the signer names its issuer's key and does not bear its signature;
 * - `outside-validity`: the token's time is not within the validity of a certificate that it needs;
 * - `revoked`: a certificate of the chain was revoked in a way that takes this token with it;
 * - `bad-root`: none of the certificates that the caller trusts is a root, which names itself as issuer;
 * - `bad-pem`: a text that should hold PEM certificates does not;
 * - `bad-attestation`: not the attestation object of a proof.
 */
export type TspErrorCode =
  | 'bad-der'
  | 'too-large'
  | 'bad-request'
  | 'rejected'
  | 'bad-response'
  | 'bad-token'
  | 'bad-certificate'
  | 'bad-revocation'
  | 'unsupported'
  | 'weak-algorithm'
  | 'wrong-imprint'
  | 'wrong-nonce'
  | 'bad-signature'
  | 'bad-signing-certificate'
  | 'no-signer'
  | 'not-an-authority'
  | 'bad-chain'
  | 'outside-validity'
  | 'revoked'
  | 'bad-root'
  | 'bad-pem'
  | 'bad-attestation';

/** An algorithm, a curve or a digest that nothing here has. */
export interface UnsupportedAlgorithm {
  /** Object identifier in dotted form. */
  oid: string;
  /** `SM2 with SM3`, say; null where the number is not known here. */
  name: string | null;
}

/** The one error class of this library; `code` is stable, the message is for people. */
export class TspError extends Error {
  override readonly name = 'TspError';

  /** The algorithm, curve or digest that nothing here has, by its number and its name where that is known; only of `unsupported`. */
  readonly algorithm?: UnsupportedAlgorithm;

  constructor(
    readonly code: TspErrorCode,
    message: string,
    { algorithm, ...options }: ErrorOptions & { algorithm?: UnsupportedAlgorithm } = {},
  ) {
    super(message, options);
    if (algorithm !== undefined) this.algorithm = algorithm;
  }
}
