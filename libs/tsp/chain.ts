import type { Subtle } from './algorithm.js';
import { KEY_USAGE, PURPOSE } from './certificate-extensions.js';
import { type Certificate, isSelfIssued } from './certificate.js';
import { sameBytes } from './der.js';
import { TspError } from './error.js';
import { sameName } from './name.js';
import { verifySignature } from './signature.js';
import { formatTime } from './time.js';

/** Most certificates in a chain, signer and root included. */
export const MAX_CHAIN = 8;
/** Most signatures that are tried on the ways to roots: certificates that name each other in a ring or a mesh end here. */
const MAX_TRIES = 64;
/** Most ways to roots that are given: cross-signed authorities have two or three. */
const MAX_WAYS = 8;

/** The certificates from a signer upwards, each signed by the next. */
export type Chain = readonly Certificate[];

/** Where a signer's certificate leads to. */
export interface Chains {
  /** Each ends with a trusted root and keeps the rules; shorter ones need not be first. */
  trusted: readonly Chain[];
  /** The longest way that was found; it keeps the rules when there is none to a trusted root. */
  longest: Chain;
}

/**
 * Finds the ways from a signer to the roots, and judges them at a time. Without a way to a root the longest way is judged.
 *
 * @param at milliseconds since 1970
 * @throws TspError `not-an-authority`, `bad-chain`, `outside-validity`, `unsupported`, `weak-algorithm`, `bad-certificate`
 */
export async function findChains(
  {
    signer,
    others,
    roots,
    at,
  }: { signer: Certificate; others: readonly Certificate[]; roots: readonly Certificate[]; at: number },
  subtle: Subtle,
): Promise<Chains> {
  checkSigner(signer);
  let tries = 0;
  let longest: Chain = [signer];
  let refusal: TspError | undefined;
  let misfit = false;
  const trusted: Chain[] = [];

  const climb = async (path: Chain): Promise<void> => {
    const last = path[path.length - 1]!;
    if (path.length > longest.length) longest = path;
    if (roots.some(({ der }) => sameBytes(der, last.der))) {
      judge(path);
      return;
    }
    if (path.length === MAX_CHAIN) return;
    const tried: Certificate[] = [...path];
    for (const candidate of [...roots, ...others]) {
      if (!couldIssue(candidate, last) || tried.some(({ der }) => sameBytes(der, candidate.der))) continue;
      if (trusted.length >= MAX_WAYS || ++tries > MAX_TRIES) return;
      tried.push(candidate);
      try {
        if (!(await isSignedBy(last, candidate, subtle))) {
          misfit ||= namesKeyOf(last, candidate);
          continue;
        }
      } catch (error) {
        if (!(error instanceof TspError)) throw error;
        refusal ??= error;
        continue;
      }
      await climb([...path, candidate]);
    }
  };
  const judge = (path: Chain): void => {
    try {
      checkPath(path, at);
      trusted.push(path);
    } catch (error) {
      if (!(error instanceof TspError)) throw error;
      refusal = error;
    }
  };

  await climb([signer]);
  if (trusted.length > 0) return { trusted, longest };
  // A way that exists and breaks a rule is worse than none: it is told.
  if (refusal) throw refusal;
  // A certificate of the issuer's name with another key is nobody's fault: names are used again. One that the signer names by its key is.
  if (misfit && longest.length === 1) {
    const message = `Verifying ${signer.subject.text}: expected the signature of its issuer, got another`;
    throw new TspError('bad-chain', message);
  }
  checkPath(longest, at);
  return { trusted, longest };
}

/** Says that a certificate is one of a time-stamp authority (RFC 3161 §2.3): this purpose alone, critical, and a key for signatures only.
 * @throws TspError `not-an-authority` */
function checkSigner({ extensions: { purposes, keyUsage }, subject }: Certificate): void {
  const refuse = (expected: string, got: string) =>
    new TspError('not-an-authority', `Verifying ${subject.text}: expected ${expected}, got ${got}`);
  if (!purposes) throw refuse('a certificate for time-stamps', 'one without a purpose');
  if (purposes.oids.length !== 1 || purposes.oids[0] !== PURPOSE.timeStamping) {
    throw refuse('a certificate for time-stamps alone', `purposes ${purposes.oids.join(', ')}`);
  }
  if (!purposes.critical) throw refuse('the purpose of time-stamps marked critical', 'one that is not');
  const usages: number[] = [KEY_USAGE.digitalSignature, KEY_USAGE.nonRepudiation];
  if (keyUsage && ([...keyUsage].some((bit) => !usages.includes(bit)) || keyUsage.size === 0)) {
    throw refuse('a key for signatures alone', `key usage ${[...keyUsage].join(', ') || 'none'}`);
  }
}

/** The rules of RFC 5280 §6.1 for a path that starts with a signer. */
function checkPath(path: Chain, at: number): void {
  let below = 0;
  path.forEach((certificate, i) => {
    const { extensions, notBefore, notAfter, subject } = certificate;
    const [unprocessed] = extensions.unprocessed;
    if (unprocessed !== undefined) {
      throw new TspError(
        'unsupported',
        `Verifying ${subject.text}: expected no extension ${unprocessed}, which restricts and which nothing here processes`,
      );
    }
    if (at < notBefore || at > notAfter) {
      const validity = `${formatTime(notBefore)} to ${formatTime(notAfter)}`;
      throw new TspError(
        'outside-validity',
        `Verifying ${subject.text}: expected a time of ${validity}, got ${formatTime(at)}`,
      );
    }
    if (i === 0) return;
    const { basicConstraints, keyUsage, purposes } = extensions;
    const refuse = (expected: string, got: string) =>
      new TspError('bad-chain', `Verifying ${subject.text}: expected ${expected}, got ${got}`);
    if (!basicConstraints?.authority) throw refuse('an authority', 'a certificate that may not issue others');
    if (keyUsage && !keyUsage.has(KEY_USAGE.keyCertSign)) throw refuse('a key that may sign certificates', 'another');
    if (purposes && !purposes.oids.some((oid) => oid === PURPOSE.timeStamping || oid === PURPOSE.any)) {
      throw refuse('an authority whose purposes have time-stamps among them', purposes.oids.join(', '));
    }
    if (basicConstraints.pathLength !== null && below > basicConstraints.pathLength) {
      throw refuse(`at most ${basicConstraints.pathLength} authorities below it`, String(below));
    }
    if (!isSelfIssued(certificate)) below++;
  });
}

/** Whether names, key identifiers, and what the one says of the other's certificate allow that it was issued by it. */
function couldIssue(issuer: Certificate, certificate: Certificate): boolean {
  if (!sameName(issuer.subject, certificate.issuer)) return false;
  const { authorityKey } = certificate.extensions;
  const { subjectKeyId } = issuer.extensions;
  if (!authorityKey) return true;
  const { keyId, issuer: issuerOfIssuer, serial } = authorityKey;
  return (
    (!keyId || !subjectKeyId || sameBytes(keyId, subjectKeyId)) &&
    (!issuerOfIssuer || sameName(issuerOfIssuer, issuer.issuer)) &&
    (serial === null || serial === issuer.serial)
  );
}

/** Whether a certificate names another one's key, beyond its name, as its issuer's. */
const namesKeyOf = ({ extensions }: Certificate, issuer: Certificate): boolean =>
  (extensions.authorityKey?.keyId ?? null) !== null && issuer.extensions.subjectKeyId !== null;

/** Whether a certificate bears its issuer's signature. @throws TspError `unsupported`, `weak-algorithm`, `bad-certificate` */
export async function isSignedBy(certificate: Certificate, issuer: Certificate, subtle: Subtle): Promise<boolean> {
  const algorithm = certificate.signatureAlgorithm();
  return verifySignature({ subtle, key: issuer.key, algorithm }, certificate.signed, certificate.signature);
}
