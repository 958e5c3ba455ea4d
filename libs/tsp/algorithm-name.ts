import { TspError } from './error.js';

/** Algorithms and curves that are met in time-stamps and that nothing here verifies, by their names for people. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ['1.2.156.10197.1.301', 'SM2'],
  ['1.2.156.10197.1.401', 'SM3'],
  ['1.2.156.10197.1.501', 'SM2 with SM3'],
  ['1.2.156.10197.1.504', 'RSA with SM3'],
  ['1.2.840.10040.4.1', 'DSA'],
  ['1.2.840.10040.4.3', 'DSA with SHA-1'],
  ['2.16.840.1.101.3.4.3.2', 'DSA with SHA-256'],
  ['1.2.840.113549.1.1.8', 'MGF1'],
  ['1.2.840.113549.1.1.10', 'RSA-PSS with parameters of its own'],
  ['1.2.840.113549.1.1.14', 'RSA with SHA-224'],
  ['2.16.840.1.101.3.4.2.4', 'SHA-224'],
  ['2.16.840.1.101.3.4.2.6', 'SHA-512/256'],
  ['2.16.840.1.101.3.4.2.8', 'SHA3-256'],
  ['2.16.840.1.101.3.4.2.9', 'SHA3-384'],
  ['2.16.840.1.101.3.4.2.10', 'SHA3-512'],
  ['2.16.840.1.101.3.4.2.12', 'SHAKE256'],
  ['2.16.840.1.101.3.4.3.10', 'ECDSA with SHA3-256'],
  ['2.16.840.1.101.3.4.3.11', 'ECDSA with SHA3-384'],
  ['2.16.840.1.101.3.4.3.12', 'ECDSA with SHA3-512'],
  ['2.16.840.1.101.3.4.3.14', 'RSA with SHA3-256'],
  ['2.16.840.1.101.3.4.3.15', 'RSA with SHA3-384'],
  ['2.16.840.1.101.3.4.3.16', 'RSA with SHA3-512'],
  ['2.16.840.1.101.3.4.3.17', 'ML-DSA-44'],
  ['2.16.840.1.101.3.4.3.18', 'ML-DSA-65'],
  ['2.16.840.1.101.3.4.3.19', 'ML-DSA-87'],
  ['1.2.840.10045.2.1', 'an elliptic curve that is given by its numbers'],
  ['1.2.840.10045.3.1.1', 'P-192'],
  ['1.2.840.10045.4.3.1', 'ECDSA with SHA-224'],
  ['1.3.132.0.10', 'secp256k1'],
  ['1.3.132.0.33', 'P-224'],
  ['1.3.36.3.3.2.8.1.1.7', 'brainpoolP256r1'],
  ['1.3.36.3.3.2.8.1.1.11', 'brainpoolP384r1'],
  ['1.3.36.3.3.2.8.1.1.13', 'brainpoolP512r1'],
  ['1.3.36.3.2.1', 'RIPEMD-160'],
  ['1.3.101.113', 'Ed448'],
  ['1.2.643.7.1.1.1.1', 'GOST R 34.10-2012, 256 bits'],
  ['1.2.643.7.1.1.2.2', 'GOST R 34.11-2012, 256 bits'],
  ['1.2.643.7.1.1.3.2', 'GOST R 34.10-2012 with GOST R 34.11-2012, 256 bits'],
]);

/** The error for an algorithm, a curve or a digest that nothing here has: `unsupported`, with its number and, where it is known, its name.
 *
 * @param doing what was being done, `Reading a certificate` say
 * @param expected what there is instead */
export function unsupportedAlgorithm(doing: string, { expected, oid }: { expected: string; oid: string }): TspError {
  const name = NAMES.get(oid) ?? null;
  const got = name === null ? oid : `${name} (${oid})`;
  return new TspError('unsupported', `${doing}: expected ${expected}, got ${got}`, { algorithm: { oid, name } });
}

/** The same for a public key, or the curve of one. */
export const unsupportedKey = (doing: string, oid: string): TspError =>
  unsupportedAlgorithm(doing, { expected: 'a key for RSA, ECDSA on P-256, P-384 or P-521, or Ed25519', oid });
