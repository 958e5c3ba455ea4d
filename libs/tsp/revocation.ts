import { type Subtle, verifySignature } from './algorithm.js';
import { KEY_USAGE } from './certificate-extensions.js';
import type { Certificate } from './certificate.js';
import type { Chain } from './chain.js';
import { sameBytes } from './der.js';
import { TspError } from './error.js';
import { checkOcspSignature, isOcspAnswer, type OcspAnswer, parseOcspAnswer, statusFor } from './ocsp.js';
import { MAX_REVOCATIONS } from './limit.js';
import { parseRevocationList, type RevocationList, type RevokedEntry } from './revocation-list.js';
import { formatTime } from './time.js';

/** Reasons after which what was signed before stays good (RFC 3161 §4): the key was never in other hands. An entry without a reason does not
 * say so. */
const HARMLESS: ReadonlySet<string> = new Set([
  'unspecified',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
]);

/** What revocation lists say about a chain at a time. */
export interface RevocationAnswer {
  /** `good`: for every certificate below the root there is a list that speaks of that time or a later one; `unknown`: for some there is none. */
  status: 'good' | 'unknown';
  /** When a certificate was revoked later in a way that leaves the token good, milliseconds since 1970. */
  revokedLater: number | null;
}

/**
 * Judges a trusted chain by revocation lists and OCSP answers. Each must be by an authority of the chain and bear its signature, or of one that it certified for answers.
 *
 * A certificate that was revoked before `at` takes the token with it; one that was revoked later does so unless the reason says that its key
 * stayed in good hands.
 *
 * @throws TspError `revoked`, `bad-revocation`, and what reading a list or an answer throws
 */
export async function checkRevocation(
  chain: Chain,
  revocations: readonly Uint8Array[],
  at: number,
  subtle: Subtle,
): Promise<RevocationAnswer> {
  if (revocations.length > MAX_REVOCATIONS) {
    throw new TspError(
      'too-large',
      `Verifying a token: expected at most ${MAX_REVOCATIONS} revocation lists, got ${revocations.length}`,
    );
  }
  const given = revocations.map((der) => (isOcspAnswer(der) ? parseOcspAnswer(der) : parseRevocationList(der)));
  const used = new Set<RevocationList | OcspAnswer>();
  let status: RevocationAnswer['status'] = 'good';
  let revokedLater: number | null = null;
  for (const [i, certificate] of chain.certificates.slice(0, -1).entries()) {
    const issuer = chain.certificates[i + 1]!;
    let spoken = false;
    for (const data of given) {
      const said = await ask(data, { certificate, issuer }, used, subtle);
      if (!said) continue;
      if (said.revoked) revokedLater = Math.min(revokedLater ?? Infinity, judge(said.revoked, certificate, at));
      if (said.revoked || speaksOf(said, certificate, at)) spoken = true;
    }
    if (!spoken) status = 'unknown';
  }
  const unused = given.findIndex((data) => !used.has(data));
  if (unused >= 0) {
    const message = `Verifying a token: expected revocation data by its chain's authorities, got others (number ${unused})`;
    throw new TspError('bad-revocation', message);
  }
  return { status, revokedLater };
}

/** What a list or an answer says of a certificate, and for which time. */
interface Said {
  revoked: RevokedEntry | null;
  thisUpdate: number;
  nextUpdate: number | null;
}

/** Asks a list or an answer about a certificate, once its signature has been verified. Null when it says nothing of it. */
async function ask(
  data: RevocationList | OcspAnswer,
  { certificate, issuer }: { certificate: Certificate; issuer: Certificate },
  used: Set<RevocationList | OcspAnswer>,
  subtle: Subtle,
): Promise<Said | null> {
  if ('statuses' in data) {
    const found = await statusFor(data, { certificate, issuer }, subtle);
    if (!found) return null;
    if (!used.has(data)) await checkOcspSignature(data, issuer, subtle);
    used.add(data);
    const { status, thisUpdate, nextUpdate } = found;
    return status === 'unknown' ? null : { revoked: status === 'good' ? null : status, thisUpdate, nextUpdate };
  }
  if (!sameBytes(data.issuer, issuer.subject)) return null;
  if (!used.has(data)) await checkList(data, issuer, subtle);
  used.add(data);
  if (!covers(data, certificate)) return null;
  const entry = data.find(certificate.serial);
  return { ...data, revoked: entry?.reason === 'removeFromCRL' ? null : entry };
}

/** @throws TspError `bad-revocation` */
async function checkList(list: RevocationList, issuer: Certificate, subtle: Subtle): Promise<void> {
  const { signatureAlgorithm: algorithm, signed, signature } = list;
  const { keyUsage } = issuer.extensions;
  const allowed = !keyUsage || keyUsage.has(KEY_USAGE.crlSign);
  const { digest } = algorithm;
  if (
    !allowed ||
    digest === null ||
    !(await verifySignature({ subtle, key: issuer.key, algorithm, digest }, signed, signature))
  ) {
    const got = allowed ? 'another' : 'an authority that may not sign lists';
    throw new TspError(
      'bad-revocation',
      `Verifying a revocation list: expected the signature of ${issuer.subjectName}, got ${got}`,
    );
  }
}

/** Whether the list is for certificates of this kind. */
function covers({ only }: RevocationList, { extensions }: Certificate): boolean {
  const authority = extensions.basicConstraints?.authority === true;
  if ((only.users && authority) || (only.authorities && !authority)) return false;
  return only.addresses === null || only.addresses.some((address) => extensions.revocationLists.includes(address));
}

/** Whether what does not say revoked says that the certificate was good: it was made later, while the certificate would still have stood on it,
 * or it was the newest one at that time. */
function speaksOf({ thisUpdate, nextUpdate }: Said, { notAfter }: Certificate, at: number): boolean {
  if (thisUpdate >= at) return thisUpdate <= notAfter;
  return nextUpdate !== null && at <= nextUpdate;
}

/** When the certificate was revoked, if the token survives that. @throws TspError `revoked` */
function judge({ at: revokedAt, reason }: RevokedEntry, { subjectName }: Certificate, at: number): number {
  if (revokedAt > at && reason !== null && HARMLESS.has(reason)) return revokedAt;
  const why = reason === null ? 'for a reason that is not told' : `for ${reason}`;
  const message = `Verifying ${subjectName}: expected a certificate that is good for ${formatTime(at)}, got one that was revoked at ${formatTime(revokedAt)} ${why}`;
  throw new TspError('revoked', message);
}
