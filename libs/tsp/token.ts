import { type DigestName, readDigestAlgorithm, readSignatureAlgorithm, type SignatureAlgorithm } from './algorithm.js';
import { derOfBer } from './ber.js';
import { type Certificate, parseCertificate } from './certificate.js';
import {
  contextTag,
  type Der,
  elementsOf,
  inside,
  readDer,
  readInteger,
  readOid,
  readSmallInteger,
  TAG,
} from './der.js';
import { TspError } from './error.js';
import { checkLength, MAX_CERTIFICATES_INSIDE, MAX_TOKEN_BYTES } from './limit.js';
import { type Name, readName, sameName } from './name.js';
import { parseTstInfo, type TstInfo } from './tst-info.js';

const SIGNED_DATA = '1.2.840.113549.1.7.2';
const TST_INFO = '1.2.840.113549.1.9.16.1.4';
const CONTENT_TYPE = '1.2.840.113549.1.9.3';
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4';
const SIGNING_CERTIFICATE = '1.2.840.113549.1.9.16.2.12';
const SIGNING_CERTIFICATE_V2 = '1.2.840.113549.1.9.16.2.47';

/** A time-stamp token as it stands, nothing verified. */
export interface TimeStampToken {
  /** In DER, whatever it was read from: its signature is over parts that are the same in both. */
  der: Uint8Array;
  info: TstInfo;
  /** The encoded TSTInfo, whose digest the signed attributes hold. */
  content: Uint8Array;
  certificates: readonly Certificate[];
  /** Which certificate the signature is by. */
  signer: { issuer: Name; serial: bigint };
  digest: DigestName;
  signatureAlgorithm: SignatureAlgorithm;
  signature: Uint8Array;
  /** The signed attributes as the signature covers them. */
  signedAttributes: Uint8Array;
  messageDigest: Uint8Array;
  /** The two forms of signed references to certificates (ESS), as they stand; at least one is there. */
  signingCertificate: Der | null;
  signingCertificateV2: Der | null;
}

/** Reads a TimeStampToken (RFC 3161 §2.4.2: a CMS SignedData around a TSTInfo, by one signer), in DER or BER.
 * @throws TspError `bad-der`, `bad-token`, `too-large`, `unsupported`, `weak-algorithm`, `bad-certificate` */
export function parseTimeStampToken(ber: Uint8Array): TimeStampToken {
  const what = 'a token';
  checkLength(ber, MAX_TOKEN_BYTES, what);
  const der = derOfBer(ber, what);
  const outer = elementsOf(readDer(der, what), what);
  expectOid(outer.take(TAG.oid), SIGNED_DATA, 'signed data');
  const wrapped = outer.take(contextTag(0));
  outer.end();

  const data = elementsOf(inside(wrapped, what), what);
  expectNumber(data.take(TAG.integer), 3, 'signed data');
  const digests = elementsOf(data.take(TAG.set), what, TAG.set).rest;
  const encapsulated = elementsOf(data.take(TAG.sequence), what);
  expectOid(encapsulated.take(TAG.oid), TST_INFO, "a token's content");
  const holder = encapsulated.take(contextTag(0));
  encapsulated.end();
  const octets = inside(holder, what);
  if (octets.tag !== TAG.octetString) throw bad('content in one OCTET STRING', `tag 0x${octets.tag.toString(16)}`);
  const certificates = itemsOf(data.maybe(contextTag(0)));
  // Lists that nobody signed for as part of the token: they are not used.
  const lists = itemsOf(data.maybe(contextTag(1)));
  const signers = elementsOf(data.take(TAG.set), what, TAG.set).rest;
  data.end();
  const [signerInfo] = signers;
  if (!signerInfo || signers.length > 1) throw bad('one signer', String(signers.length));
  const signer = readSignerInfo(signerInfo);
  const [only] = digests;
  if (!only || digests.length > 1 || readDigestAlgorithm(only, what) !== signer.digest) {
    throw bad("the signer's digest algorithm alone", `${digests.length} others`);
  }
  if ([...certificates, ...lists].some(({ tag }) => tag !== TAG.sequence)) {
    throw unsupported('certificates and revocation lists of X.509 alone', 'others');
  }
  if (certificates.length > MAX_CERTIFICATES_INSIDE)
    throw bad(`at most ${MAX_CERTIFICATES_INSIDE} certificates`, String(certificates.length));
  return {
    der,
    info: parseTstInfo(derOfBer(octets.content, "a token's content")),
    content: octets.content,
    certificates: certificates.map(({ bytes }) => parseCertificate(bytes)),
    ...signer,
  };
}

/** What stands in an optional set. */
const itemsOf = (set: Der | undefined): readonly Der[] => (set ? elementsOf(set, 'a token', set.tag).rest : []);

type SignerInfo = Omit<TimeStampToken, 'der' | 'info' | 'content' | 'certificates'>;

function readSignerInfo(element: Der): SignerInfo {
  const what = "a token's signer";
  const fields = elementsOf(element, what);
  const version = fields.take(TAG.integer);
  if (fields.maybe(contextTag(0, false))) throw unsupported('a signer by issuer and serial number', 'one by its key');
  expectNumber(version, 1, what);
  const signer = readIssuerAndSerial(fields.take(TAG.sequence));
  const digest = readDigestAlgorithm(fields.take(TAG.sequence), what);
  const attributes = fields.maybe(contextTag(0));
  if (!attributes) throw bad('signed attributes', 'none');
  const signatureAlgorithm = readSignatureAlgorithm(fields.take(TAG.sequence), "the token's signature");
  const signature = fields.take(TAG.octetString).content;
  if (fields.maybe(contextTag(1))) throw bad('no unsigned attributes, which nothing protects', 'some');
  fields.end();
  if (signatureAlgorithm.digest !== null && signatureAlgorithm.digest !== digest) {
    throw bad(`a signature with ${digest}, as its signer says`, signatureAlgorithm.digest);
  }
  const found = readAttributes(attributes);
  const contentType = found.get(CONTENT_TYPE);
  if (!contentType || readOid(contentType, what) !== TST_INFO) {
    throw bad('a signed content type of a time-stamp', contentType ? 'another' : 'none');
  }
  const messageDigest = found.get(MESSAGE_DIGEST);
  if (messageDigest?.tag !== TAG.octetString) throw bad('a signed message digest', 'none');
  const [signingCertificate = null, signingCertificateV2 = null] = [
    found.get(SIGNING_CERTIFICATE),
    found.get(SIGNING_CERTIFICATE_V2),
  ];
  if (!signingCertificate && !signingCertificateV2) {
    throw new TspError(
      'bad-signing-certificate',
      'Reading a token: expected a signed reference to its certificate, got none',
    );
  }
  // The signature is over the attributes as a SET, not under the tag that they have here (RFC 5652 §5.4).
  const signedAttributes = Uint8Array.from(attributes.bytes);
  signedAttributes[0] = TAG.set;
  return {
    signer,
    digest,
    signatureAlgorithm,
    signature,
    signedAttributes,
    messageDigest: messageDigest.content,
    signingCertificate,
    signingCertificateV2,
  };
}

function readIssuerAndSerial(element: Der): { issuer: Name; serial: bigint } {
  const what = "a token's signer";
  const fields = elementsOf(element, what);
  const issuer = readName(fields.take(TAG.sequence), what);
  const serial = readInteger(fields.take(TAG.integer), what);
  fields.end();
  return { issuer, serial };
}

/** Signed attributes by their types; each once, with one value. */
function readAttributes(element: Der): Map<string, Der> {
  const what = "a token's signed attributes";
  const found = new Map<string, Der>();
  for (const item of elementsOf(element, what, element.tag).rest) {
    const fields = elementsOf(item, what);
    const type = readOid(fields.take(TAG.oid), what);
    const values = elementsOf(fields.take(TAG.set), what, TAG.set);
    fields.end();
    const value = values.any();
    values.end();
    if (found.has(type)) throw bad('signed attributes of different types', `${type} twice`);
    found.set(type, value);
  }
  return found;
}

/** Whether a certificate is the one that the token names as its signer's. */
export function isSignerOf({ signer }: TimeStampToken, certificate: Certificate): boolean {
  return certificate.serial === signer.serial && sameName(certificate.issuer, signer.issuer);
}

function expectOid(element: Der, expected: string, what: string): void {
  const got = readOid(element, what);
  if (got !== expected) throw bad(`${what} (${expected})`, got);
}

function expectNumber(element: Der, expected: number, what: string): void {
  const got = readSmallInteger(element, what);
  if (got !== expected) throw bad(`${what} of version ${expected}`, String(got));
}

/** What CMS allows and stock verifiers of time-stamps, which know only its older form (PKCS #7), do not read. */
function unsupported(expected: string, got: string): TspError {
  return new TspError('unsupported', `Reading a token: expected ${expected}, as stock verifiers read it, got ${got}`);
}

function bad(expected: string, got: string): TspError {
  return new TspError('bad-token', `Reading a token: expected ${expected}, got ${got}`);
}
