import { bytesToHex } from '@noble/hashes/utils.js';
import { checkOpenElement, type Der, elementsOf, readBitString, readDer, readInteger, readOid, TAG } from './der.js';
import { TspError } from './error.js';

/** What is used of Web Crypto (`crypto.subtle`), as browsers and Node have it. */
export interface Subtle {
  digest(algorithm: string, data: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer>;
  importKey(
    format: 'spki',
    keyData: Uint8Array<ArrayBuffer>,
    algorithm: KeyParameters,
    extractable: boolean,
    keyUsages: 'verify'[],
  ): Promise<unknown>;
  verify(
    algorithm: { name: string; hash: string },
    key: unknown,
    signature: Uint8Array<ArrayBuffer>,
    data: Uint8Array<ArrayBuffer>,
  ): Promise<boolean>;
}

type KeyParameters = { name: string; hash: string } | { name: string; namedCurve: string };

/** A digest, by the name that Web Crypto has for it. */
export type DigestName = 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512';

export const SHA256_OID = '2.16.840.1.101.3.4.2.1';

const DIGESTS: ReadonlyMap<string, DigestName> = new Map([
  ['1.3.14.3.2.26', 'SHA-1'],
  [SHA256_OID, 'SHA-256'],
  ['2.16.840.1.101.3.4.2.2', 'SHA-384'],
  ['2.16.840.1.101.3.4.2.3', 'SHA-512'],
]);

/** Digests that are told apart from unknown ones, because old authorities still use them. */
const WEAK: ReadonlyMap<string, string> = new Map([
  ['1.2.840.113549.2.5', 'MD5'],
  ['1.3.14.3.2.26', 'SHA-1'],
  ['1.2.840.113549.1.1.4', 'MD5 with RSA'],
  ['1.2.840.113549.1.1.5', 'SHA-1 with RSA'],
  ['1.2.840.10045.4.1', 'SHA-1 with ECDSA'],
]);

const RSA_ENCRYPTION = '1.2.840.113549.1.1.1';
const EC_PUBLIC_KEY = '1.2.840.10045.2.1';

/** How a signature is made. `digest` is null where the algorithm leaves it to what stands beside (rsaEncryption in CMS, RFC 3370 §3.2). */
export interface SignatureAlgorithm {
  key: 'RSA' | 'ECDSA';
  digest: DigestName | null;
}

const SIGNATURES: ReadonlyMap<string, SignatureAlgorithm> = new Map<string, SignatureAlgorithm>([
  [RSA_ENCRYPTION, { key: 'RSA', digest: null }],
  ['1.2.840.113549.1.1.11', { key: 'RSA', digest: 'SHA-256' }],
  ['1.2.840.113549.1.1.12', { key: 'RSA', digest: 'SHA-384' }],
  ['1.2.840.113549.1.1.13', { key: 'RSA', digest: 'SHA-512' }],
  ['1.2.840.10045.4.3.2', { key: 'ECDSA', digest: 'SHA-256' }],
  ['1.2.840.10045.4.3.3', { key: 'ECDSA', digest: 'SHA-384' }],
  ['1.2.840.10045.4.3.4', { key: 'ECDSA', digest: 'SHA-512' }],
]);

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
/** The same as the content of an INTEGER, in bytes: with the zero in front that makes it positive. */
const MAX_MODULUS_BYTES = MAX_RSA_BITS / 8 + 1;
/** Longest RSA exponent as the content of an INTEGER, in bytes: 65537 has three. A long one makes each signature expensive. */
const MAX_EXPONENT_BYTES = 5;

/** The digest that an AlgorithmIdentifier names; parameters are absent or NULL.
 * @throws TspError `weak-algorithm` (SHA-1 too, unless `allowSha1`), `unsupported`, `bad-der` */
export function readDigestAlgorithm(element: Der, what: string, allowSha1 = false): DigestName {
  const oid = algorithmOid(element, what);
  const digest = DIGESTS.get(oid);
  if (digest === 'SHA-1' && allowSha1) return digest;
  if (WEAK.has(oid)) throw new TspError('weak-algorithm', `Reading ${what}: expected SHA-2, got ${WEAK.get(oid)}`);
  if (!digest) throw new TspError('unsupported', `Reading ${what}: expected SHA-256, SHA-384 or SHA-512, got ${oid}`);
  return digest;
}

/** The signature algorithm that an AlgorithmIdentifier names. @throws TspError `weak-algorithm`, `unsupported`, `bad-der` */
export function readSignatureAlgorithm(element: Der, what: string): SignatureAlgorithm {
  const oid = algorithmOid(element, what);
  const algorithm = SIGNATURES.get(oid);
  if (WEAK.has(oid)) throw new TspError('weak-algorithm', `Reading ${what}: expected SHA-2, got ${WEAK.get(oid)}`);
  if (!algorithm) {
    throw new TspError('unsupported', `Reading ${what}: expected RSA (PKCS #1 v1.5) or ECDSA with SHA-2, got ${oid}`);
  }
  return algorithm;
}

/** The identifier of an AlgorithmIdentifier without parameters of its own. */
function algorithmOid(element: Der, what: string): string {
  const { oid, parameters } = readAlgorithmIdentifier(element, what);
  // Unknown algorithms may have any parameters: they are refused by their name.
  if (parameters && parameters.tag !== TAG.null && (DIGESTS.has(oid) || SIGNATURES.has(oid)))
    throw new TspError('bad-der', `Reading ${what}: expected NULL or no parameters, got others`);
  return oid;
}

/** What stands in an AlgorithmIdentifier (RFC 5280 §4.1.1.2). @throws TspError `bad-der` */
export function readAlgorithmIdentifier(element: Der, what: string): { oid: string; parameters: Der | undefined } {
  const fields = elementsOf(element, what);
  const oid = readOid(fields.take(TAG.oid), what);
  const [parameters] = fields.rest;
  if (parameters) checkOpenElement(fields.any(), what);
  fields.end();
  return { oid, parameters };
}

/** A public key as far as signatures need it. */
export interface PublicKey {
  /** SubjectPublicKeyInfo, DER. */
  spki: Uint8Array;
  /** The key itself: what the BIT STRING in it holds. */
  bits: Uint8Array;
  kind: { key: 'RSA' } | { key: 'ECDSA'; curve: string; bytes: number } | { key: 'other'; oid: string };
}

/** Reads a SubjectPublicKeyInfo. Keys of other kinds are read too; they verify nothing. @throws TspError `bad-der`, `weak-algorithm` */
export function readPublicKey(element: Der, what: string): PublicKey {
  const fields = elementsOf(element, what);
  const { oid, parameters } = readAlgorithmIdentifier(fields.take(TAG.sequence), what);
  const { bytes } = readBitString(fields.take(TAG.bitString), what);
  fields.end();
  const spki = element.bytes;
  if (oid === RSA_ENCRYPTION) {
    const numbers = elementsOf(readDer(bytes, what), what);
    const modulus = readInteger(numbers.take(TAG.integer), what, MAX_MODULUS_BYTES);
    readInteger(numbers.take(TAG.integer), what, MAX_EXPONENT_BYTES);
    const bits = modulus.toString(2).length;
    if (bits < MIN_RSA_BITS || bits > MAX_RSA_BITS) {
      const message = `Reading ${what}: expected an RSA key of ${MIN_RSA_BITS} to ${MAX_RSA_BITS} bits, got ${bits}`;
      throw new TspError('weak-algorithm', message);
    }
    return { spki, bits: bytes, kind: { key: 'RSA' } };
  }
  const curve = oid === EC_PUBLIC_KEY && parameters ? CURVES.get(readOid(parameters, what)) : undefined;
  return {
    spki,
    bits: bytes,
    kind: curve ? { key: 'ECDSA', curve: curve.name, bytes: curve.bytes } : { key: 'other', oid },
  };
}

/** Whether `signature` over `data` is by this key. A key of another kind than the algorithm's is a no.
 * @throws TspError `unsupported` when the key is of a kind that nothing here has */
export async function verifySignature(
  {
    subtle,
    key,
    algorithm,
    digest,
  }: { subtle: Subtle; key: PublicKey; algorithm: SignatureAlgorithm; digest: DigestName },
  data: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  const { kind, spki } = key;
  if (kind.key === 'other') {
    throw new TspError(
      'unsupported',
      `Verifying a signature: expected a key for RSA or ECDSA, got one of type ${kind.oid}`,
    );
  }
  if (kind.key !== algorithm.key) return false;
  const imported = async (parameters: KeyParameters) => {
    try {
      return await subtle.importKey('spki', plain(spki), parameters, false, ['verify']);
    } catch (cause) {
      throw new TspError('bad-certificate', `Reading a public key: expected one of ${kind.key}, got none`, { cause });
    }
  };
  if (kind.key === 'RSA') {
    const parameters = { name: 'RSASSA-PKCS1-v1_5', hash: digest };
    return subtle.verify(parameters, await imported(parameters), plain(signature), plain(data));
  }
  const pair = fixedPair(signature, kind.bytes);
  if (!pair) return false;
  const imports = await imported({ name: 'ECDSA', namedCurve: kind.curve });
  return subtle.verify({ name: 'ECDSA', hash: digest }, imports, plain(pair), plain(data));
}

/** An ECDSA signature (SEQUENCE of r and s) as Web Crypto takes it: r ‖ s, each of `bytes` bytes. Null when it is none. */
function fixedPair(signature: Uint8Array, bytes: number): Uint8Array | null {
  const pair = new Uint8Array(2 * bytes);
  try {
    const fields = elementsOf(readDer(signature, 'an ECDSA signature'), 'an ECDSA signature');
    for (const end of [bytes, 2 * bytes]) {
      const element = fields.take(TAG.integer);
      if (readInteger(element, 'an ECDSA signature', bytes + 1) <= 0n) return null;
      const digits = element.content[0] === 0 ? element.content.subarray(1) : element.content;
      if (digits.length > bytes) return null;
      pair.set(digits, end - digits.length);
    }
    fields.end();
  } catch (error) {
    if (error instanceof TspError) return null;
    throw error;
  }
  return pair;
}

/** The same cryptography for at most so many signatures; the next one throws TspError `too-large`. */
export function limitSignatures(subtle: Subtle, most: number): Subtle {
  let verified = 0;
  return {
    digest: (...given) => subtle.digest(...given),
    importKey: (...given) => subtle.importKey(...given),
    verify: async (...given) => {
      if (++verified > most) {
        throw new TspError('too-large', `Verifying a token: expected at most ${most} signatures to verify, got more`);
      }
      return subtle.verify(...given);
    },
  };
}

/** A digest of bytes. */
export async function digestOf(subtle: Subtle, digest: DigestName, data: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await subtle.digest(digest, plain(data)));
}

/** SHA-256 in hex, as certificates are compared by hand. */
export async function fingerprintOf(subtle: Subtle, der: Uint8Array): Promise<string> {
  return bytesToHex(await digestOf(subtle, 'SHA-256', der));
}

/** Web Crypto's types want bytes that are not shared between threads. */
const plain = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => Uint8Array.from(bytes);
