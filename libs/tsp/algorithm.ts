import { bytesToHex } from '@noble/hashes/utils.js';
import { unsupportedAlgorithm } from './algorithm-name.js';
import { checkOpenElement, contextTag, type Der, elementsOf, inside, readOid, readSmallInteger, TAG } from './der.js';
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
    algorithm: { name: string; hash: string } | { name: string; saltLength: number },
    key: unknown,
    signature: Uint8Array<ArrayBuffer>,
    data: Uint8Array<ArrayBuffer>,
  ): Promise<boolean>;
  /** Called before a signature is verified without `verify`: those count too. */
  spend?(): void;
}

/** How Web Crypto is told what kind of key it gets. */
export type KeyParameters = { name: string; hash: string } | { name: string; namedCurve: string };

/** A digest, by the name that Web Crypto has for it. */
export type DigestName = 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512';

export const SHA1_OID = '1.3.14.3.2.26';
export const SHA256_OID = '2.16.840.1.101.3.4.2.1';

const DIGESTS: ReadonlyMap<string, DigestName> = new Map([
  [SHA1_OID, 'SHA-1'],
  [SHA256_OID, 'SHA-256'],
  ['2.16.840.1.101.3.4.2.2', 'SHA-384'],
  ['2.16.840.1.101.3.4.2.3', 'SHA-512'],
]);

/** Digests that are told apart from unknown ones, because old authorities still use them. */
const WEAK: ReadonlyMap<string, string> = new Map([
  ['1.2.840.113549.2.5', 'MD5'],
  [SHA1_OID, 'SHA-1'],
  ['1.2.840.113549.1.1.4', 'MD5 with RSA'],
  ['1.2.840.113549.1.1.5', 'SHA-1 with RSA'],
  ['1.2.840.10045.4.1', 'SHA-1 with ECDSA'],
]);

/** Numbers of kinds of keys, some of which stand for a signature algorithm too. */
export const KEY_OID = {
  rsa: '1.2.840.113549.1.1.1',
  rsaPss: '1.2.840.113549.1.1.10',
  ec: '1.2.840.10045.2.1',
  ed25519: '1.3.101.112',
} as const;

const MASK_BY_DIGEST = '1.2.840.113549.1.1.8';

/** Parameters of RSA-PSS (RFC 4055 §3.1): one digest, for the message and the mask, and the bytes of salt. */
export interface PssParameters {
  digest: DigestName;
  saltLength: number;
}

/** How a signature is made. `digest` is null where the algorithm leaves it to what stands beside (rsaEncryption in CMS, RFC 3370 §3.2), and for
 * Ed25519, which has its own inside. */
export type SignatureAlgorithm =
  | { key: 'RSA' | 'ECDSA'; digest: DigestName | null }
  | ({ key: 'RSA-PSS' } & PssParameters)
  | { key: 'Ed25519'; digest: null };

const SIGNATURES: ReadonlyMap<string, SignatureAlgorithm> = new Map<string, SignatureAlgorithm>([
  [KEY_OID.rsa, { key: 'RSA', digest: null }],
  ['1.2.840.113549.1.1.11', { key: 'RSA', digest: 'SHA-256' }],
  ['1.2.840.113549.1.1.12', { key: 'RSA', digest: 'SHA-384' }],
  ['1.2.840.113549.1.1.13', { key: 'RSA', digest: 'SHA-512' }],
  ['1.2.840.10045.4.3.2', { key: 'ECDSA', digest: 'SHA-256' }],
  ['1.2.840.10045.4.3.3', { key: 'ECDSA', digest: 'SHA-384' }],
  ['1.2.840.10045.4.3.4', { key: 'ECDSA', digest: 'SHA-512' }],
  [KEY_OID.ed25519, { key: 'Ed25519', digest: null }],
]);

/** The digest that an AlgorithmIdentifier names; parameters are absent or NULL.
 * @throws TspError `weak-algorithm` (SHA-1 too, unless `allowSha1`), `unsupported`, `bad-der` */
export function readDigestAlgorithm(element: Der, what: string, allowSha1 = false): DigestName {
  const { oid, parameters } = readAlgorithmIdentifier(element, what);
  const digest = DIGESTS.get(oid);
  if (digest !== undefined) noParameters(parameters, what);
  if (digest === 'SHA-1' && allowSha1) return digest;
  if (WEAK.has(oid)) throw new TspError('weak-algorithm', `Reading ${what}: expected SHA-2, got ${WEAK.get(oid)}`);
  if (!digest) throw unsupportedAlgorithm(`Reading ${what}`, { expected: 'SHA-256, SHA-384 or SHA-512', oid });
  return digest;
}

/** The signature algorithm that an AlgorithmIdentifier names. @throws TspError `weak-algorithm`, `unsupported`, `bad-der` */
export function readSignatureAlgorithm(element: Der, what: string): SignatureAlgorithm {
  const { oid, parameters } = readAlgorithmIdentifier(element, what);
  if (oid === KEY_OID.rsaPss) return { key: 'RSA-PSS', ...readPssParameters(parameters, what) };
  const algorithm = SIGNATURES.get(oid);
  if (algorithm !== undefined) noParameters(parameters, what);
  if (WEAK.has(oid)) throw new TspError('weak-algorithm', `Reading ${what}: expected SHA-2, got ${WEAK.get(oid)}`);
  if (!algorithm) {
    throw unsupportedAlgorithm(`Reading ${what}`, { expected: 'RSA, RSA-PSS or ECDSA with SHA-2, or Ed25519', oid });
  }
  return algorithm;
}

/** Unknown algorithms may have any parameters: they are refused by their name. */
function noParameters(parameters: Der | undefined, what: string): void {
  if (parameters && parameters.tag !== TAG.null)
    throw new TspError('bad-der', `Reading ${what}: expected NULL or no parameters, got others`);
}

/** Reads RSASSA-PSS-params. What is left out stands for SHA-1 and 20 bytes.
 * @throws TspError `bad-der`, `weak-algorithm`; `unsupported` for another digest in the mask than of the message, or another trailer */
export function readPssParameters(parameters: Der | undefined, what: string): PssParameters {
  if (parameters === undefined)
    throw new TspError('bad-der', `Reading ${what}: expected parameters of RSA-PSS, got none`);
  const fields = elementsOf(parameters, what);
  const [hash, mask, salt, trailer] = [0, 1, 2, 3].map((number) => fields.maybe(contextTag(number)));
  fields.end();
  if (hash === undefined || mask === undefined)
    throw new TspError('weak-algorithm', `Reading ${what}: expected RSA-PSS with SHA-2, got it with SHA-1`);
  const digest = readDigestAlgorithm(inside(hash, what), what);
  const masking = readAlgorithmIdentifier(inside(mask, what), what);
  const expected = `RSA-PSS with ${digest} in its mask too`;
  if (masking.oid !== MASK_BY_DIGEST || masking.parameters === undefined)
    throw unsupportedAlgorithm(`Reading ${what}`, { expected, oid: masking.oid });
  const inMask = readAlgorithmIdentifier(masking.parameters, what).oid;
  if (DIGESTS.get(inMask) !== digest) throw unsupportedAlgorithm(`Reading ${what}`, { expected, oid: inMask });
  if (trailer && readSmallInteger(inside(trailer, what), what) !== 1)
    throw unsupportedAlgorithm(`Reading ${what}`, { expected: 'RSA-PSS with trailer 1', oid: KEY_OID.rsaPss });
  return { digest, saltLength: salt ? readSmallInteger(inside(salt, what), what) : 20 };
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

/** The same cryptography for at most so many signatures; the next one throws TspError `too-large`. */
export function limitSignatures(subtle: Subtle, most: number): Subtle {
  let verified = 0;
  const count = (): void => {
    if (++verified > most)
      throw new TspError('too-large', `Verifying a token: expected at most ${most} signatures to verify, got more`);
  };
  return {
    digest: (...given) => subtle.digest(...given),
    importKey: (...given) => subtle.importKey(...given),
    verify: async (...given) => {
      count();
      return subtle.verify(...given);
    },
    spend() {
      count();
      subtle.spend?.();
    },
  };
}

/** A digest of bytes. */
export async function digestOf(subtle: Subtle, digest: DigestName, data: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await subtle.digest(digest, Uint8Array.from(data)));
}

/** SHA-256 in hex, as certificates are compared by hand. */
export async function fingerprintOf(subtle: Subtle, der: Uint8Array): Promise<string> {
  return bytesToHex(await digestOf(subtle, 'SHA-256', der));
}
