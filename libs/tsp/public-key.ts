import { KEY_OID, type PssParameters, readAlgorithmIdentifier, readPssParameters } from './algorithm.js';
import { type Der, elementsOf, readBitString, readDer, readInteger, readOid, TAG } from './der.js';
import { writeDer, writeOid, writeSequence } from './der-writer.js';
import { TspError } from './error.js';

/** A public key as far as signatures need it. */
export interface PublicKey {
  /** SubjectPublicKeyInfo, DER, in the form that Web Crypto takes: a key for RSA-PSS alone is written as one for RSA. */
  spki: Uint8Array;
  /** The key itself: what the BIT STRING in it holds. */
  bits: Uint8Array;
  kind:
    | { key: 'RSA'; pss: 'allowed' }
    /** For RSA-PSS alone; with parameters where the key says which. */
    | { key: 'RSA'; pss: 'only'; parameters: PssParameters | null }
    | { key: 'ECDSA'; curve: string; bytes: number }
    | { key: 'Ed25519' }
    /** An RSA key that is too short to be believed or too long to be worked with; `why` says so. */
    | { key: 'unfit'; why: string }
    /** Of a kind or on a curve that nothing here has; `oid` is that of the curve where there is one. */
    | { key: 'other'; oid: string };
}

/** Curves by their numbers, with the bytes of a coordinate. */
const CURVES: ReadonlyMap<string, { name: string; bytes: number }> = new Map([
  ['1.2.840.10045.3.1.7', { name: 'P-256', bytes: 32 }],
  ['1.3.132.0.34', { name: 'P-384', bytes: 48 }],
  ['1.3.132.0.35', { name: 'P-521', bytes: 66 }],
]);

/** Shortest RSA modulus, in bits. */
const MIN_RSA_BITS = 2048;
/** Longest RSA modulus, in bits: those of authorities have 4096, and the time for a signature grows with the square. */
const MAX_RSA_BITS = 8192;
/** Longest RSA exponent as the content of an INTEGER, in bytes: 65537 has three. A long one makes each signature expensive. */
const MAX_EXPONENT_BYTES = 5;

/** Reads a SubjectPublicKeyInfo. Keys that are unfit or of other kinds are read too, so that they spoil nothing beside them; they verify nothing.
 * @throws TspError `bad-der` */
export function readPublicKey(element: Der, what: string): PublicKey {
  const fields = elementsOf(element, what);
  const { oid, parameters } = readAlgorithmIdentifier(fields.take(TAG.sequence), what);
  const { bytes: bits } = readBitString(fields.take(TAG.bitString), what);
  fields.end();
  const spki = element.bytes;
  switch (oid) {
    case KEY_OID.rsa:
      return { spki, bits, kind: rsaKind(bits, what) ?? { key: 'RSA', pss: 'allowed' } };
    case KEY_OID.rsaPss: {
      const algorithm = writeSequence(writeOid(KEY_OID.rsa), writeDer(TAG.null));
      return {
        spki: writeSequence(algorithm, writeDer(TAG.bitString, Uint8Array.of(0), bits)),
        bits,
        kind: rsaKind(bits, what) ?? pssKind(parameters, what),
      };
    }
    case KEY_OID.ed25519:
      return { spki, bits, kind: bits.length === 32 && !parameters ? { key: 'Ed25519' } : { key: 'other', oid } };
    case KEY_OID.ec: {
      // A curve may also be given by all its numbers: then it has no name to know it by.
      const name = parameters?.tag === TAG.oid ? readOid(parameters, what) : oid;
      const curve = CURVES.get(name);
      const kind = curve ? { key: 'ECDSA' as const, curve: curve.name, bytes: curve.bytes } : null;
      return { spki, bits, kind: kind ?? { key: 'other', oid: name } };
    }
    default:
      return { spki, bits, kind: { key: 'other', oid } };
  }
}

/** What a key for RSA-PSS alone allows; parameters that nothing here has make it a key of another kind. */
function pssKind(parameters: Der | undefined, what: string): PublicKey['kind'] {
  try {
    return { key: 'RSA', pss: 'only', parameters: parameters ? readPssParameters(parameters, what) : null };
  } catch (error) {
    if (!(error instanceof TspError)) throw error;
    return { key: 'other', oid: KEY_OID.rsaPss };
  }
}

/** Why an RSA key is unfit; null when it is not. */
function rsaKind(bits: Uint8Array, what: string): PublicKey['kind'] | null {
  const numbers = elementsOf(readDer(bits, what), what);
  const [modulus, exponent] = [numbers.take(TAG.integer), numbers.take(TAG.integer)];
  numbers.end();
  const unfit = (expected: string, got: string): PublicKey['kind'] => ({
    key: 'unfit',
    why: `expected ${expected}, got ${got}`,
  });
  const lengthInBits = readInteger(modulus, what, modulus.content.length).toString(2).length;
  if (lengthInBits < MIN_RSA_BITS || lengthInBits > MAX_RSA_BITS)
    return unfit(`an RSA key of ${MIN_RSA_BITS} to ${MAX_RSA_BITS} bits`, String(lengthInBits));
  if (exponent.content.length > MAX_EXPONENT_BYTES)
    return unfit(`an RSA exponent of at most ${MAX_EXPONENT_BYTES - 1} bytes`, String(exponent.content.length));
  readInteger(exponent, what);
  return null;
}
