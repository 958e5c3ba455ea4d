import { type Certificate, isSelfIssued, parseCertificate } from './certificate.js';
import { TspError } from './error.js';
import { MAX_ROOTS } from './limit.js';

/** What a caller trusts, read once for however many tokens. */
export interface TrustedRoots {
  roots: readonly Certificate[];
  /** Certificates that were given with the roots and are none. Nobody trusts them: they stand in for what an authority leaves out of its
   * tokens, which need hold no certificate but the signer's (RFC 3161 §2.4.1). */
  intermediates: readonly Certificate[];
}

/** Reads the certificates that a caller trusts, DER: roots, which name themselves as issuer, and what stands between them and signers, as
 * `openssl ts -verify -CAfile` takes them.
 *
 * @throws TspError `bad-root` when there are some and no root among them, `too-large`, and what reading a certificate throws */
export function parseTrustedRoots(ders: readonly Uint8Array[]): TrustedRoots {
  if (ders.length > MAX_ROOTS) {
    throw new TspError('too-large', `Reading trusted roots: expected at most ${MAX_ROOTS}, got ${ders.length}`);
  }
  const certificates = ders.map(parseCertificate);
  const [first] = certificates;
  const roots = certificates.filter(isSelfIssued);
  if (first && roots.length === 0) {
    const message = `Reading trusted roots: expected at least one that names itself as issuer, got ${first.subjectName}, issued by ${first.issuerName}`;
    throw new TspError('bad-root', message);
  }
  return { roots, intermediates: certificates.filter((certificate) => !isSelfIssued(certificate)) };
}
