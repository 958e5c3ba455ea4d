import { type Subtle, verifySignature } from './algorithm.js';
import { KEY_USAGE } from './certificate-extensions.js';
import type { Certificate } from './certificate.js';
import type { Chain } from './chain.js';
import { sameBytes } from './der.js';
import { TspError } from './error.js';
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
 * Judges a trusted chain by revocation lists. Every list must be by an authority of the chain and bear its signature.
 *
 * A certificate that was revoked before `at` takes the token with it; one that was revoked later does so unless the reason says that its key
 * stayed in good hands.
 *
 * @throws TspError `revoked`, `bad-revocation`, and what {@link parseRevocationList} throws
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
  const lists = revocations.map(parseRevocationList);
  const used = new Set<RevocationList>();
  let status: RevocationAnswer['status'] = 'good';
  let revokedLater: number | null = null;
  for (const [i, certificate] of chain.certificates.slice(0, -1).entries()) {
    const issuer = chain.certificates[i + 1]!;
    let spoken = false;
    for (const list of lists) {
      if (!sameBytes(list.issuer, issuer.subject)) continue;
      if (!used.has(list)) await checkList(list, issuer, subtle);
      used.add(list);
      if (!covers(list, certificate)) continue;
      const entry = list.find(certificate.serial);
      if (entry && entry.reason !== 'removeFromCRL') {
        revokedLater = Math.min(revokedLater ?? Infinity, judge(entry, certificate, at));
        spoken = true;
      } else if (speaksOf(list, certificate, at)) spoken = true;
    }
    if (!spoken) status = 'unknown';
  }
  const unused = lists.find((list) => !used.has(list));
  if (unused) {
    const message = `Verifying a token: expected revocation lists of its chain's authorities, got one of ${unused.issuerName}`;
    throw new TspError('bad-revocation', message);
  }
  return { status, revokedLater };
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

/** Whether a list without an entry says that the certificate was good: it was made later, while the certificate would still have stood on it,
 * or it was the newest one at that time. */
function speaksOf({ thisUpdate, nextUpdate }: RevocationList, { notAfter }: Certificate, at: number): boolean {
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
