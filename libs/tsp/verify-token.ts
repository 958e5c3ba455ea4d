import { digestOf, fingerprintOf, limitSignatures, type Subtle } from './algorithm.js';
import { type Certificate, isSelfIssued, parseCertificate } from './certificate.js';
import { type Chain, findChains } from './chain.js';
import { contextTag, type Der, readDer, sameBytes } from './der.js';
import { TspError } from './error.js';
import { MAX_CERTIFICATES, MAX_SIGNATURES } from './limit.js';
import { readName, sameName } from './name.js';
import { checkRevocation, type RevocationAnswer, RevocationData } from './revocation.js';
import { verifySignature } from './signature.js';
import { checkSigningCertificate } from './signing-certificate.js';
import { isSignerOf, parseTimeStampToken, type TimeStampToken } from './token.js';
import type { TrustedRoots } from './trusted-roots.js';

/** What a verification needs. */
export interface VerifyTokenInput {
  /** TimeStampToken, DER. */
  token: Uint8Array;
  /** Further certificates that may be needed, DER, in any order. */
  certificates: readonly Uint8Array[];
  /** Revocation lists and OCSP answers about the chain's certificates, DER. */
  revocations: readonly Uint8Array[];
  /** The data that the token is about. */
  message: Uint8Array;
  /** Roots that are trusted; none to learn which root the token leads to. */
  trusted: TrustedRoots;
  now: Date;
  /** `crypto.subtle` of the browser or of Node. */
  subtle: Subtle;
}

/** A token whose signature, imprint and certificates hold. */
export interface VerifiedToken {
  /** `trusted`: the chain ends with one of the roots; `untrusted-root`: it ends elsewhere, see `top`, and revocation was not looked at. */
  status: 'trusted' | 'untrusted-root';
  genTime: Date;
  /** How far off it may be, in milliseconds; null when the token does not say. */
  accuracyMs: number | null;
  /** Serial number of the token, decimal. */
  serial: string;
  policy: string;
  /** The signer's name. */
  authority: string;
  /** When the first certificate of the chain runs out: from then on stock verifiers have to be told the token's time. */
  expiresAt: Date;
  /** Whether that has happened. The token is none the worse for it. */
  expiredNow: boolean;
  revocation: 'good' | 'unknown';
  /** When the signer or an authority above it was revoked without harm to this token; null when not, as far as the lists say. */
  revokedLater: Date | null;
  /** Which of the given lists and answers say nothing for this chain, by their places; all of them when it is not trusted. */
  unusedRevocations: readonly number[];
  /** The chain's certificates, signer first. */
  chain: readonly Certificate[];
  /** The last of them: its name, its SHA-256 in hex, and whether it is a root (issued by itself). */
  top: { name: string; fingerprint: string; selfIssued: boolean };
}

/**
 * Verifies a time-stamp token at its own time: imprint, signature, signed references, certificates up to a root, revocation.
 *
 * @throws TspError with a code for each rule that a token can break
 */
export async function verifyTimeStampToken(input: VerifyTokenInput): Promise<VerifiedToken> {
  const { certificates, now } = input;
  const { roots, intermediates } = input.trusted;
  const subtle = limitSignatures(input.subtle, MAX_SIGNATURES);
  if (certificates.length > MAX_CERTIFICATES) {
    const message = `Verifying a token: expected at most ${MAX_CERTIFICATES} certificates beside it, got ${certificates.length}`;
    throw new TspError('too-large', message);
  }
  const token = parseTimeStampToken(input.token);
  const others = [...token.certificates, ...certificates.map(parseCertificate), ...intermediates];
  const { info } = token;
  if (!sameBytes(await digestOf(subtle, info.imprint.digest, input.message), info.imprint.hash)) {
    throw new TspError(
      'wrong-imprint',
      `Verifying a token: expected the ${info.imprint.digest} of the data, got another`,
    );
  }
  const signer = await findSigner(token, others, subtle);
  if (info.authority && !isNameOf(info.authority, signer)) {
    throw new TspError(
      'bad-token',
      `Verifying a token: expected one of ${signer.subject.text}, as it is signed, got another name in it`,
    );
  }
  const { trusted, longest } = await findChains({ signer, others, roots, at: info.genTime }, subtle);
  const { chain, status, revokedLater, unused } =
    trusted.length > 0
      ? await chooseChain(trusted, { token, revocations: input.revocations }, subtle)
      : { chain: longest, status: 'unknown' as const, revokedLater: null, unused: [...input.revocations.keys()] };
  if (trusted.length === 0) await checkSigningCertificate(token, { chain, complete: false }, subtle);
  const expiresAt = Math.min(...chain.map(({ notAfter }) => notAfter));
  return {
    status: trusted.length > 0 ? 'trusted' : 'untrusted-root',
    genTime: new Date(info.genTime),
    accuracyMs: info.accuracyMs,
    serial: info.serial.toString(),
    policy: info.policy,
    authority: signer.subject.text,
    expiresAt: new Date(expiresAt),
    expiredNow: now.getTime() > expiresAt,
    revocation: status,
    revokedLater: revokedLater === null ? null : new Date(revokedLater),
    unusedRevocations: unused,
    chain,
    top: await topOf(chain, subtle),
  };
}

/** The first of the ways to trusted roots that the token's references name and that is good by the lists; else the first that they leave open.
 * @throws TspError why the last way is refused when each is; that a certificate is revoked before all else */
async function chooseChain(
  chains: readonly Chain[],
  { token, revocations }: { token: TimeStampToken; revocations: readonly Uint8Array[] },
  subtle: Subtle,
): Promise<RevocationAnswer & { chain: Chain }> {
  const data = new RevocationData(revocations, subtle);
  let open: (RevocationAnswer & { chain: Chain }) | undefined;
  let refusal: TspError | undefined;
  for (const chain of chains) {
    try {
      await checkSigningCertificate(token, { chain, complete: true }, subtle);
      const answer = await checkRevocation(chain, data, token.info.genTime);
      if (answer.status === 'good') return { chain, ...answer };
      open ??= { chain, ...answer };
    } catch (error) {
      if (!(error instanceof TspError)) throw error;
      if (refusal?.code !== 'revoked') refusal = error;
    }
  }
  if (open) return open;
  throw refusal ?? new Error('Choosing a chain: expected at least one, got none');
}

/** The certificate that the token names and whose key made its signature. */
async function findSigner(
  token: TimeStampToken,
  certificates: readonly Certificate[],
  subtle: Subtle,
): Promise<Certificate> {
  const named = certificates.filter((certificate) => isSignerOf(token, certificate));
  if (named.length === 0) {
    throw new TspError('no-signer', "Verifying a token: expected its signer's certificate, got none");
  }
  const { digest, signatureAlgorithm: algorithm, signedAttributes, signature, content, messageDigest } = token;
  if (!sameBytes(await digestOf(subtle, digest, content), messageDigest)) {
    throw new TspError(
      'bad-signature',
      "Verifying a token: expected the digest of its content among what is signed, got another's",
    );
  }
  for (const certificate of named) {
    if (await verifySignature({ subtle, key: certificate.key, algorithm, beside: digest }, signedAttributes, signature))
      return certificate;
  }
  throw new TspError(
    'bad-signature',
    `Verifying a token: expected the signature of ${named[0]!.subject.text}, got another`,
  );
}

/** Whether a GeneralName is the certificate's own: its subject's, or one of the alternative names. */
function isNameOf(name: Uint8Array, { subject, extensions }: Certificate): boolean {
  const what = "the token's authority";
  const element = readDer(name, what);
  const directory = ({ tag, content }: Der) => (tag === contextTag(4) ? readName(readDer(content, what), what) : null);
  const named = directory(element);
  if (named === null) return extensions.subjectNames.some((other) => sameBytes(other, name));
  const others = extensions.subjectNames.map((other) => directory(readDer(other, what)));
  return [subject, ...others].some((other) => other !== null && sameName(named, other));
}

async function topOf(certificates: Chain, subtle: Subtle): Promise<VerifiedToken['top']> {
  const top = certificates[certificates.length - 1]!;
  return { name: top.subject.text, fingerprint: await fingerprintOf(subtle, top.der), selfIssued: isSelfIssued(top) };
}
