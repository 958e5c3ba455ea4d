import { type Subtle, verifySignature } from './algorithm.js';
import { KEY_USAGE, PURPOSE } from './certificate-extensions.js';
import { type Certificate, isSelfIssued } from './certificate.js';
import { sameBytes } from './der.js';
import { TspError } from './error.js';
import { formatTime } from './time.js';

/** Most certificates in a chain, signer and root included. */
export const MAX_CHAIN = 8;
/** Most signatures that are tried on the way to a root: certificates that name each other in a ring or a mesh end here. */
const MAX_SIGNATURES = 64;

/** The certificates from a signer upwards. */
export interface Chain {
  /** Signer first, each signed by the next. */
  certificates: readonly Certificate[];
  /** Whether the last one is a trusted root. */
  trusted: boolean;
}

/**
 * Finds certificates that lead from a signer to one of the roots, and judges them at a time. Without a way to a root the longest way is
 * judged and given.
 *
 * @param at milliseconds since 1970
 * @throws TspError `not-an-authority`, `bad-chain`, `outside-validity`, `unsupported`, `weak-algorithm`, `bad-certificate`
 */
export async function buildChain(
  {
    signer,
    others,
    roots,
    at,
  }: { signer: Certificate; others: readonly Certificate[]; roots: readonly Certificate[]; at: number },
  subtle: Subtle,
): Promise<Chain> {
  checkSigner(signer);
  let signatures = 0;
  let longest: readonly Certificate[] = [signer];
  let refusal: unknown;

  const climb = async (path: readonly Certificate[]): Promise<Chain | null> => {
    const last = path[path.length - 1]!;
    if (path.length > longest.length) longest = path;
    const root = roots.find(({ der }) => sameBytes(der, last.der));
    if (root) return judged(path);
    if (path.length === MAX_CHAIN) return null;
    for (const candidate of [...roots, ...others]) {
      if (path.some(({ der }) => sameBytes(der, candidate.der)) || !couldIssue(candidate, last)) continue;
      if (++signatures > MAX_SIGNATURES) return null;
      try {
        if (!(await isSignedBy(last, candidate, subtle))) {
          refusal ??= new TspError(
            'bad-chain',
            `Verifying ${last.subjectName}: expected the signature of its issuer, got another`,
          );
          continue;
        }
      } catch (error) {
        if (!(error instanceof TspError)) throw error;
        refusal ??= error;
        continue;
      }
      const found = await climb([...path, candidate]);
      if (found) return found;
    }
    return null;
  };
  const judged = (path: readonly Certificate[]): Chain | null => {
    try {
      checkPath(path, at);
      return { certificates: path, trusted: true };
    } catch (error) {
      if (!(error instanceof TspError)) throw error;
      refusal = error;
      return null;
    }
  };

  const found = await climb([signer]);
  if (found) return found;
  // A way that exists and breaks a rule is worse than none: it is told.
  if (refusal) throw refusal;
  checkPath(longest, at);
  return { certificates: longest, trusted: false };
}

/** Says that a certificate is one of a time-stamp authority (RFC 3161 §2.3): this purpose alone, critical, and a key for signatures only.
 * @throws TspError `not-an-authority` */
function checkSigner({ extensions: { purposes, keyUsage }, subjectName }: Certificate): void {
  const refuse = (expected: string, got: string) =>
    new TspError('not-an-authority', `Verifying ${subjectName}: expected ${expected}, got ${got}`);
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
function checkPath(path: readonly Certificate[], at: number): void {
  let below = 0;
  path.forEach((certificate, i) => {
    const { extensions, notBefore, notAfter, subjectName } = certificate;
    const [unprocessed] = extensions.unprocessed;
    if (unprocessed !== undefined) {
      throw new TspError(
        'unsupported',
        `Verifying ${subjectName}: expected no critical extension ${unprocessed}, which nothing here processes`,
      );
    }
    if (at < notBefore || at > notAfter) {
      const validity = `${formatTime(notBefore)} to ${formatTime(notAfter)}`;
      throw new TspError(
        'outside-validity',
        `Verifying ${subjectName}: expected a time of ${validity}, got ${formatTime(at)}`,
      );
    }
    if (i === 0) return;
    const { basicConstraints, keyUsage, purposes } = extensions;
    const refuse = (expected: string, got: string) =>
      new TspError('bad-chain', `Verifying ${subjectName}: expected ${expected}, got ${got}`);
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

/** Whether names and key identifiers allow that one certificate issued another. */
function couldIssue(issuer: Certificate, certificate: Certificate): boolean {
  if (!sameBytes(issuer.subject, certificate.issuer)) return false;
  const { authorityKeyId } = certificate.extensions;
  const { subjectKeyId } = issuer.extensions;
  return !authorityKeyId || !subjectKeyId || sameBytes(authorityKeyId, subjectKeyId);
}

/** Whether a certificate bears its issuer's signature. @throws TspError `unsupported`, `weak-algorithm`, `bad-certificate` */
export async function isSignedBy(certificate: Certificate, issuer: Certificate, subtle: Subtle): Promise<boolean> {
  const algorithm = certificate.signatureAlgorithm();
  const { digest } = algorithm;
  if (digest === null) return false;
  return verifySignature({ subtle, key: issuer.key, algorithm, digest }, certificate.signed, certificate.signature);
}
