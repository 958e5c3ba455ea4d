import { readAlgorithmIdentifier } from './algorithm.js';
import { type Der, type DerSequence, readWholeBytes, sameBytes, TAG } from './der.js';
import { TspError, type TspErrorCode } from './error.js';

/** The three parts of what somebody signed, as certificates, revocation lists and OCSP answers have them (RFC 5280 §4.1.1, §5.1.1;
 * RFC 6960 §4.2.1). Nothing is verified. */
export interface Signed {
  /** What is signed. */
  tbs: Der;
  /** AlgorithmIdentifier of the signature. */
  algorithm: Der;
  signature: Uint8Array;
}

/** Takes the next three elements as what is signed, how, and the signature. @throws TspError `bad-der` */
export function takeSigned(elements: DerSequence, what: string): Signed {
  const tbs = elements.take(TAG.sequence);
  const algorithm = elements.take(TAG.sequence);
  readAlgorithmIdentifier(algorithm, what);
  return { tbs, algorithm, signature: readWholeBytes(elements.take(TAG.bitString), what) };
}

/** Checks that what is signed names the algorithm that stands beside it, where nothing protects it. @throws TspError with `code` */
export function checkAlgorithmInside(inside: Der, { algorithm }: Signed, what: string, code: TspErrorCode): void {
  if (sameBytes(inside.bytes, algorithm.bytes)) return;
  throw new TspError(code, `Reading ${what}: expected the same signature algorithm inside and outside, got two`);
}
