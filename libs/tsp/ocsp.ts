import {
  type DigestName,
  digestOf,
  readDigestAlgorithm,
  readSignatureAlgorithm,
  type SignatureAlgorithm,
  type Subtle,
} from './algorithm.js';
import { PURPOSE, readExtensions } from './certificate-extensions.js';
import { type Certificate, parseCertificate } from './certificate.js';
import { isSignedBy } from './chain.js';
import {
  contextTag,
  type Der,
  elementsOf,
  inside,
  readDer,
  readInteger,
  readOid,
  readSmallInteger,
  sameBytes,
  TAG,
} from './der.js';
import { TspError } from './error.js';
import { checkLength, MAX_REVOCATION_BYTES } from './limit.js';
import { type Name, readName, sameName } from './name.js';
import { reasonName, type RevokedEntry } from './revocation-list.js';
import { verifySignature } from './signature.js';
import { takeSigned } from './signed.js';
import { readTime } from './time.js';

const BASIC_RESPONSE = '1.3.6.1.5.5.7.48.1.1';
/** Most certificates that one answer speaks of, and that it brings along. */
const MAX_ITEMS = 16;

/** What an answer says of one certificate. */
export interface OcspStatus {
  digest: DigestName;
  issuerName: Uint8Array;
  issuerKey: Uint8Array;
  serial: bigint;
  /** `unknown` says nothing. */
  status: 'good' | 'unknown' | RevokedEntry;
  thisUpdate: number;
  nextUpdate: number | null;
}

/** An OCSP answer (RFC 6960), nothing verified. */
export interface OcspAnswer {
  /** Who signed: its name, or SHA-1 of its key. */
  responder: { name: Name } | { keyHash: Uint8Array };
  producedAt: number;
  statuses: readonly OcspStatus[];
  certificates: readonly Certificate[];
  signed: Uint8Array;
  signatureAlgorithm: () => SignatureAlgorithm;
  signature: Uint8Array;
}

/** Whether revocation data are an OCSP answer, as opposed to a revocation list: by the type of their first element. */
export function isOcspAnswer(der: Uint8Array): boolean {
  const [, length = 0] = der;
  return der[length < 0x80 ? 2 : 2 + (length & 0x7f)] === TAG.enumerated;
}

/** Reads a successful basic OCSP answer (RFC 6960 §4.2). @throws TspError `bad-der`, `bad-revocation`, `too-large`, `unsupported`, `weak-algorithm` (the digest of a certificate's id) */
export function parseOcspAnswer(der: Uint8Array): OcspAnswer {
  const what = 'an OCSP answer';
  checkLength(der, MAX_REVOCATION_BYTES, what);
  const outer = elementsOf(readDer(der, what), what);
  const status = readSmallInteger(outer.take(TAG.enumerated), what);
  if (status !== 0) throw bad('a successful one', `status ${status}`);
  const holder = elementsOf(inside(outer.take(contextTag(0)), what), what);
  outer.end();
  const type = readOid(holder.take(TAG.oid), what);
  if (type !== BASIC_RESPONSE) throw bad('a basic one', type);
  const basic = elementsOf(readDer(holder.take(TAG.octetString).content, what), what);
  holder.end();
  const { tbs, algorithm, signature } = takeSigned(basic, what);
  const brought = basic.maybe(contextTag(0));
  basic.end();
  const certificates = brought ? elementsOf(inside(brought, what), what).rest : [];

  const data = elementsOf(tbs, what);
  if (data.maybe(contextTag(0))) throw bad('version 1', 'another');
  const byName = data.maybe(contextTag(1));
  const responder = byName
    ? { name: readName(inside(byName, what), what) }
    : { keyHash: inside(data.take(contextTag(2)), what).content };
  const producedAt = readTime(data.take(TAG.generalizedTime), what);
  const statuses = elementsOf(data.take(TAG.sequence), what).rest;
  refuseCritical(data.maybe(contextTag(1)), what);
  data.end();
  if (statuses.length > MAX_ITEMS || certificates.length > MAX_ITEMS) {
    throw new TspError('too-large', `Reading ${what}: expected at most ${MAX_ITEMS} certificates, got more`);
  }
  return {
    responder,
    producedAt,
    statuses: statuses.map(readStatus),
    certificates: certificates.map(({ bytes }) => parseCertificate(bytes)),
    signed: tbs.bytes,
    signatureAlgorithm: () => readSignatureAlgorithm(algorithm, 'the signature of an OCSP answer'),
    signature,
  };
}

function readStatus(element: Der): OcspStatus {
  const what = 'an OCSP answer';
  const fields = elementsOf(element, what);
  const about = elementsOf(fields.take(TAG.sequence), what);
  const digest = readDigestAlgorithm(about.take(TAG.sequence), what, true);
  const issuerName = about.take(TAG.octetString).content;
  const issuerKey = about.take(TAG.octetString).content;
  const serial = readInteger(about.take(TAG.integer), what);
  about.end();
  const said = fields.any();
  const thisUpdate = readTime(fields.take(TAG.generalizedTime), what);
  const next = fields.maybe(contextTag(0));
  refuseCritical(fields.maybe(contextTag(1)), what);
  fields.end();
  const nextUpdate = next ? readTime(inside(next, what), what) : null;
  return { digest, issuerName, issuerKey, serial, status: statusOf(said, what), thisUpdate, nextUpdate };
}

function statusOf(said: Der, what: string): OcspStatus['status'] {
  if (said.tag === contextTag(0, false) && said.content.length === 0) return 'good';
  if (said.tag === contextTag(2, false) && said.content.length === 0) return 'unknown';
  const fields = elementsOf(said, what, contextTag(1));
  const at = readTime(fields.take(TAG.generalizedTime), what);
  const reason = fields.maybe(contextTag(0));
  fields.end();
  return { at, reason: reason ? reasonName(readSmallInteger(inside(reason, what), what)) : null };
}

function refuseCritical(extensions: Der | undefined, what: string): void {
  const critical = extensions && readExtensions(inside(extensions, what), what).find((one) => one.critical);
  if (critical)
    throw new TspError('unsupported', `Reading ${what}: expected no critical extension, got ${critical.oid}`);
}

/** What an answer says of a certificate, the worst where it says two things; null when it is about others only. */
export async function statusFor(
  answer: OcspAnswer,
  { certificate, issuer }: { certificate: Certificate; issuer: Certificate },
  subtle: Subtle,
): Promise<OcspStatus | null> {
  const found: OcspStatus[] = [];
  for (const status of answer.statuses) {
    if (status.serial !== certificate.serial) continue;
    const [name, key] = await Promise.all([
      digestOf(subtle, status.digest, certificate.issuer.der),
      digestOf(subtle, status.digest, issuer.key.bits),
    ]);
    if (sameBytes(name, status.issuerName) && sameBytes(key, status.issuerKey)) found.push(status);
  }
  return found.find(({ status }) => typeof status === 'object') ?? found[0] ?? null;
}

/** Whether an answer is signed by this issuer, or by one whom it certified for answers. @throws TspError what verifying a signature throws */
export async function isAnswerSignedBy(answer: OcspAnswer, issuer: Certificate, subtle: Subtle): Promise<boolean> {
  const { responder, signed, signature, producedAt } = answer;
  const algorithm = answer.signatureAlgorithm();
  for (const candidate of [issuer, ...answer.certificates]) {
    const named =
      'name' in responder
        ? sameName(responder.name, candidate.subject)
        : sameBytes(responder.keyHash, await digestOf(subtle, 'SHA-1', candidate.key.bits));
    if (!named) continue;
    if (candidate !== issuer) {
      const { extensions, notBefore, notAfter } = candidate;
      const may =
        sameName(candidate.issuer, issuer.subject) &&
        extensions.purposes?.oids.includes(PURPOSE.ocspSigning) === true &&
        extensions.unprocessed.length === 0 &&
        producedAt >= notBefore &&
        producedAt <= notAfter;
      if (!may || !(await isSignedBy(candidate, issuer, subtle))) continue;
    }
    if (await verifySignature({ subtle, key: candidate.key, algorithm }, signed, signature)) return true;
  }
  return false;
}

function bad(expected: string, got: string): TspError {
  return new TspError('bad-revocation', `Reading an OCSP answer: expected ${expected}, got ${got}`);
}
