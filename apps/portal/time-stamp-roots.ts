import { parsePemCertificates } from '#tsp/pem.js';
import { parseTrustedRoots } from '#tsp/trusted-roots.js';

/** The roots in a PEM text, DER. Loaded only for proofs that hold a time-stamp. @throws TspError */
export function readRoots(pem: string): Uint8Array[] {
  const roots = parsePemCertificates(pem);
  parseTrustedRoots(roots);
  return roots;
}
