import { readSignatureAlgorithm, type SignatureAlgorithm } from './algorithm.js';
import { type CertificateExtensions, readCertificateExtensions } from './certificate-extensions.js';
import { contextTag, elementsOf, inside, readBitString, readDer, readInteger, TAG } from './der.js';
import { TspError } from './error.js';
import { checkLength, MAX_CERTIFICATE_BYTES } from './limit.js';
import { type Name, readName, sameName } from './name.js';
import { type PublicKey, readPublicKey } from './public-key.js';
import { checkAlgorithmInside, takeSigned } from './signed.js';
import { readTime } from './time.js';

/** An X.509 certificate as far as a time-stamp needs it. */
export interface Certificate {
  der: Uint8Array;
  serial: bigint;
  /** The same as it stands: the content of its INTEGER. */
  serialBytes: Uint8Array;
  issuer: Name;
  subject: Name;
  /** Milliseconds since 1970, both included. */
  notBefore: number;
  notAfter: number;
  key: PublicKey;
  extensions: CertificateExtensions;
  /** What the issuer signed, how, and the signature. An algorithm that is too weak or unknown stays unread until somebody asks for it:
   * nobody does for a root's own signature. */
  signed: Uint8Array;
  signatureAlgorithm: () => SignatureAlgorithm;
  signature: Uint8Array;
}

/** Reads an X.509 version 3 certificate (RFC 5280 §4.1); version 1 for roots of the last century.
 * @throws TspError `bad-der`, `bad-certificate`, `too-large`, `weak-algorithm` */
export function parseCertificate(der: Uint8Array): Certificate {
  const what = 'a certificate';
  checkLength(der, MAX_CERTIFICATE_BYTES, what);
  const outer = elementsOf(readDer(der, what), what);
  const signed = takeSigned(outer, what);
  const { tbs, algorithm, signature } = signed;
  outer.end();

  const fields = elementsOf(tbs, what);
  const versioned = fields.maybe(contextTag(0));
  const version = versioned ? readInteger(inside(versioned, what), what) + 1n : 1n;
  const number = fields.take(TAG.integer);
  const serial = readInteger(number, what);
  checkAlgorithmInside(fields.take(TAG.sequence), signed, what, 'bad-certificate');
  const issuer = readName(fields.take(TAG.sequence), what);
  const validity = elementsOf(fields.take(TAG.sequence), what);
  const notBefore = readTime(validity.any(), what);
  const notAfter = readTime(validity.any(), what);
  validity.end();
  const subject = readName(fields.take(TAG.sequence), what);
  const key = readPublicKey(fields.take(TAG.sequence), `the public key of ${subject.text}`);
  for (const unique of [fields.maybe(contextTag(1, false)), fields.maybe(contextTag(2, false))])
    if (unique) readBitString({ ...unique, tag: TAG.bitString }, what);
  const extended = fields.maybe(contextTag(3));
  fields.end();
  if (version !== 3n && (version !== 1n || extended)) {
    throw new TspError('bad-certificate', `Reading ${what}: expected version 3, got ${version}`);
  }
  const extensions = readCertificateExtensions(extended && inside(extended, what));
  return {
    der,
    serial,
    serialBytes: number.content,
    issuer,
    subject,
    notBefore,
    notAfter,
    key,
    extensions,
    signed: tbs.bytes,
    signatureAlgorithm: () => readSignatureAlgorithm(algorithm, `the signature of ${subject.text}`),
    signature,
  };
}

/** Whether a certificate names itself as its issuer, as roots do. */
export const isSelfIssued = ({ issuer, subject }: Certificate): boolean => sameName(issuer, subject);
