import { unsupportedKey } from './algorithm-name.js';
import { type Certificate, isSelfIssued, parseCertificate } from './certificate.js';
import { TspError, type TspErrorCode } from './error.js';
import { MAX_ROOTS } from './limit.js';

/** What a caller trusts, read once for however many tokens. */
export interface TrustedRoots {
  roots: readonly Certificate[];
  /** Certificates that were given with the roots and are none. Nobody trusts them: they stand in for what an authority leaves out of its
   * tokens, which need hold no certificate but the signer's (RFC 3161 §2.4.1). */
  intermediates: readonly Certificate[];
  /** Which of the certificates cannot vouch for anything, and why; the others are none the worse for it. */
  unusable: readonly UnusableCertificate[];
}

/** A certificate among those that a caller trusts that verifies nothing. */
export interface UnusableCertificate {
  /** Its place in the list, from 0. */
  at: number;
  /** Its subject; null when it could not be read so far. */
  name: string | null;
  /** `unsupported` or `weak-algorithm`: its key, so that a token that leads to it is told so; any other: it could not be read and is left out. */
  code: TspErrorCode;
  /** For people. */
  message: string;
}

/** Reads the certificates that a caller trusts, DER: roots, which name themselves as issuer, and what stands between them and signers, as
 * `openssl ts -verify -CAfile` takes them. One that cannot be read or used is told, and spoils nothing.
 *
 * @throws TspError `bad-root` when there are some and no readable root among them, `too-large` */
export function parseTrustedRoots(ders: readonly Uint8Array[]): TrustedRoots {
  if (ders.length > MAX_ROOTS) {
    throw new TspError('too-large', `Reading trusted roots: expected at most ${MAX_ROOTS}, got ${ders.length}`);
  }
  const certificates: Certificate[] = [];
  const unusable: UnusableCertificate[] = [];
  for (const [at, der] of ders.entries()) {
    try {
      const certificate = parseCertificate(der);
      certificates.push(certificate);
      const problem = keyProblem(certificate);
      if (problem) unusable.push({ at, name: certificate.subject.text, ...problem });
    } catch (error) {
      if (!(error instanceof TspError)) throw error;
      unusable.push({ at, name: null, code: error.code, message: error.message });
    }
  }
  const roots = certificates.filter(isSelfIssued);
  if (ders.length > 0 && roots.length === 0) {
    const [first] = certificates;
    const got = first ? `${first.subject.text}, issued by ${first.issuer.text}` : unusable[0]!.message;
    throw new TspError(
      'bad-root',
      `Reading trusted roots: expected at least one that names itself as issuer, got ${got}`,
    );
  }
  return { roots, intermediates: certificates.filter((certificate) => !isSelfIssued(certificate)), unusable };
}

function keyProblem({ key: { kind } }: Certificate): { code: TspErrorCode; message: string } | null {
  if (kind.key === 'unfit') return { code: 'weak-algorithm', message: `Reading a key: ${kind.why}` };
  if (kind.key !== 'other') return null;
  const { code, message } = unsupportedKey('Reading a key', kind.oid);
  return { code, message };
}
