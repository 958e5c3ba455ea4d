import type { Subtle } from './algorithm.js';
import { KEY_USAGE } from './certificate-extensions.js';
import type { Certificate } from './certificate.js';
import type { Chain } from './chain.js';
import { sameBytes } from './der.js';
import { TspError } from './error.js';
import { isAnswerSignedBy, isOcspAnswer, type OcspAnswer, parseOcspAnswer, statusFor } from './ocsp.js';
import { MAX_REVOCATIONS } from './limit.js';
import { sameName } from './name.js';
import { parseRevocationList, type RevocationList, type RevokedEntry } from './revocation-list.js';
import { verifySignature } from './signature.js';
import { formatTime } from './time.js';

/** Reasons after which what was signed before stays good (RFC 3161 §4): the key was never in other hands. An entry without a reason does not
 * say so. */
const HARMLESS: ReadonlySet<string> = new Set([
  'unspecified',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
]);

/** How old a list of before the token may be and still say good: authorities renew lists of signers within ten days and those of authorities,
 * which a root kept offline signs, within twelve months (CA/Browser Forum, Baseline Requirements §4.9.7); a month's grace for the first. */
const MAX_SIGNER_LIST_AGE_MS = 31 * 86_400_000;
const MAX_AUTHORITY_LIST_AGE_MS = 366 * 86_400_000;

/** What revocation lists say about a chain at a time. */
export interface RevocationAnswer {
  /** `good`: for every certificate below the root there is a list that speaks of that time or a later one; `unknown`: for some there is none. */
  status: 'good' | 'unknown';
  /** When a certificate was revoked later in a way that leaves the token good, milliseconds since 1970. */
  revokedLater: number | null;
  /** Which of the lists and answers say nothing for this chain, by their places: they are about others, or by others. */
  unused: readonly number[];
}

/** Lists and answers that were read, and whose signatures they bear as far as that has been asked. */
export class RevocationData {
  readonly items: readonly (RevocationList | OcspAnswer)[];
  readonly #signedBy = new Map<RevocationList | OcspAnswer, Map<Certificate, Promise<boolean>>>();

  /** @throws TspError `too-large`, and what reading a list or an answer throws */
  constructor(
    revocations: readonly Uint8Array[],
    private readonly subtle: Subtle,
  ) {
    if (revocations.length > MAX_REVOCATIONS) {
      throw new TspError(
        'too-large',
        `Verifying a token: expected at most ${MAX_REVOCATIONS} revocation lists, got ${revocations.length}`,
      );
    }
    this.items = revocations.map((der) => (isOcspAnswer(der) ? parseOcspAnswer(der) : parseRevocationList(der)));
  }

  /** What a list or an answer says of a certificate. Null when it says nothing; `signed` tells whether it is this issuer's at all.
   * Asked anew for each issuer: that one vouched for something says nothing of another. */
  async ask(
    data: RevocationList | OcspAnswer,
    { certificate, issuer }: { certificate: Certificate; issuer: Certificate },
  ): Promise<{ signed: boolean; said: Said | null }> {
    if ('statuses' in data) {
      const found = await statusFor(data, { certificate, issuer }, this.subtle);
      if (!found || !(await this.#isSignedBy(data, issuer))) return { signed: false, said: null };
      const { status, thisUpdate, nextUpdate } = found;
      if (status === 'unknown') return { signed: true, said: null };
      return { signed: true, said: { revoked: status === 'good' ? null : status, thisUpdate, nextUpdate } };
    }
    if (!sameName(data.issuer, issuer.subject) || !(await this.#isSignedBy(data, issuer))) {
      return { signed: false, said: null };
    }
    if (!covers(data, certificate)) return { signed: true, said: null };
    const entry = data.find(certificate.serial);
    return { signed: true, said: { ...data, revoked: entry?.reason === 'removeFromCRL' ? null : entry } };
  }

  #isSignedBy(data: RevocationList | OcspAnswer, issuer: Certificate): Promise<boolean> {
    const known = this.#signedBy.get(data) ?? new Map<Certificate, Promise<boolean>>();
    this.#signedBy.set(data, known);
    const answer = known.get(issuer) ?? this.#verify(data, issuer);
    known.set(issuer, answer);
    return answer;
  }

  async #verify(data: RevocationList | OcspAnswer, issuer: Certificate): Promise<boolean> {
    try {
      if ('statuses' in data) return await isAnswerSignedBy(data, issuer, this.subtle);
      return await isListSignedBy(data, issuer, this.subtle);
    } catch (error) {
      // What cannot be verified does not speak for this issuer; only that there is too much of it is told.
      if (!(error instanceof TspError) || error.code === 'too-large') throw error;
      return false;
    }
  }
}

/**
 * Judges a trusted chain by revocation lists and OCSP answers. What is not by an authority of the chain, or by one that it certified for
 * answers, says nothing: authorities have had other keys under the same name, and there are other ways to other roots.
 *
 * A certificate that was revoked before `at` takes the token with it; one that was revoked later does so unless the reason says that its key
 * stayed in good hands.
 *
 * @throws TspError `revoked`, and what reading a list's entries throws
 */
export async function checkRevocation(chain: Chain, given: RevocationData, at: number): Promise<RevocationAnswer> {
  const used = new Set<RevocationList | OcspAnswer>();
  let status: RevocationAnswer['status'] = 'good';
  let revokedLater: number | null = null;
  for (const [i, certificate] of chain.slice(0, -1).entries()) {
    const issuer = chain[i + 1]!;
    let spoken = false;
    for (const data of given.items) {
      const { signed, said } = await given.ask(data, { certificate, issuer });
      if (signed) used.add(data);
      if (!said) continue;
      if (said.revoked) revokedLater = Math.min(revokedLater ?? Infinity, judge(said.revoked, certificate, at));
      if (said.revoked || speaksOf(said, certificate, at)) spoken = true;
    }
    if (!spoken) status = 'unknown';
  }
  return { status, revokedLater, unused: given.items.flatMap((data, i) => (used.has(data) ? [] : [i])) };
}

/** What a list or an answer says of a certificate, and for which time. */
interface Said {
  revoked: RevokedEntry | null;
  thisUpdate: number;
  nextUpdate: number | null;
}

/** Whether a list bears the signature of this issuer, who may sign lists. @throws TspError what verifying a signature throws */
async function isListSignedBy(list: RevocationList, issuer: Certificate, subtle: Subtle): Promise<boolean> {
  const { signatureAlgorithm, signed, signature, authorityKey } = list;
  const { keyUsage, subjectKeyId } = issuer.extensions;
  if (keyUsage && !keyUsage.has(KEY_USAGE.crlSign)) return false;
  if (authorityKey?.keyId && subjectKeyId && !sameBytes(authorityKey.keyId, subjectKeyId)) return false;
  return verifySignature({ subtle, key: issuer.key, algorithm: signatureAlgorithm() }, signed, signature);
}

/** Whether the list is for certificates of this kind. */
function covers({ only }: RevocationList, { extensions }: Certificate): boolean {
  const authority = extensions.basicConstraints?.authority === true;
  if ((only.users && authority) || (only.authorities && !authority)) return false;
  return only.addresses === null || only.addresses.some((address) => extensions.revocationLists.includes(address));
}

/** Whether what does not say revoked says that the certificate was good: it was made later, while the certificate would still have stood on it,
 * or it was the newest one at that time and not older than such lists get. */
function speaksOf({ thisUpdate, nextUpdate }: Said, { notAfter, extensions }: Certificate, at: number): boolean {
  if (thisUpdate >= at) return thisUpdate <= notAfter;
  const mostMs = extensions.basicConstraints?.authority === true ? MAX_AUTHORITY_LIST_AGE_MS : MAX_SIGNER_LIST_AGE_MS;
  return nextUpdate !== null && at <= nextUpdate && at - thisUpdate <= mostMs;
}

/** When the certificate was revoked, if the token survives that. @throws TspError `revoked` */
function judge({ at: revokedAt, reason }: RevokedEntry, { subject }: Certificate, at: number): number {
  if (revokedAt > at && reason !== null && HARMLESS.has(reason)) return revokedAt;
  const why = reason === null ? 'for a reason that is not told' : `for ${reason}`;
  const message = `Verifying ${subject.text}: expected a certificate that is good for ${formatTime(at)}, got one that was revoked at ${formatTime(revokedAt)} ${why}`;
  throw new TspError('revoked', message);
}
