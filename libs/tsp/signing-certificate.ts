import { type DigestName, digestOf, readDigestAlgorithm, type Subtle } from './algorithm.js';
import type { Certificate } from './certificate.js';
import type { Chain } from './chain.js';
import { contextTag, type Der, elementsOf, inside, readInteger, sameBytes, TAG } from './der.js';
import { TspError } from './error.js';
import { type Name, readName, sameName } from './name.js';
import type { TimeStampToken } from './token.js';

/** Most certificates that one token refers to. */
const MAX_REFERENCES = 12;

/** A signed reference to a certificate (RFC 5035): its digest, and perhaps issuer and serial number. */
interface Reference {
  digest: DigestName;
  hash: Uint8Array;
  issuerSerial: { issuer: Name; serial: bigint } | null;
}

/** Says that a token's signed references name its signer's certificate first, in each of the forms that are there, and no certificate
 * outside the chain, when the whole chain is known.
 *
 * @param chain signer first; `complete` when it ends with a trusted root
 * @throws TspError `bad-signing-certificate`, `bad-der`, `unsupported`
 */
export async function checkSigningCertificate(
  token: TimeStampToken,
  { chain, complete }: { chain: Chain; complete: boolean },
  subtle: Subtle,
): Promise<void> {
  const [signer] = chain;
  for (const [attribute, older] of [
    [token.signingCertificate, true],
    [token.signingCertificateV2, false],
  ] as const) {
    if (!attribute || !signer) continue;
    const [first, ...others] = readReferences(attribute, older);
    if (!first || !(await refersTo(first, signer, subtle))) {
      const message = "Verifying a token: expected its signed reference to name its signer's certificate, got another";
      throw new TspError('bad-signing-certificate', message);
    }
    for (const other of complete ? others : []) {
      const found = await Promise.all(chain.map((certificate) => refersTo(other, certificate, subtle)));
      if (found.includes(true)) continue;
      const message =
        'Verifying a token: expected its signed references to name certificates of its chain, got another';
      throw new TspError('bad-signing-certificate', message);
    }
  }
}

function readReferences(attribute: Der, older: boolean): Reference[] {
  const what = "a token's reference to certificates";
  const fields = elementsOf(attribute, what);
  const items = elementsOf(fields.take(TAG.sequence), what).rest;
  if (items.length > MAX_REFERENCES) {
    throw new TspError(
      'bad-signing-certificate',
      `Reading ${what}: expected at most ${MAX_REFERENCES}, got ${items.length}`,
    );
  }
  return items.map((item) => {
    const parts = elementsOf(item, what);
    const algorithm = older ? undefined : parts.maybe(TAG.sequence);
    const hash = parts.take(TAG.octetString).content;
    const issuerSerial = parts.maybe(TAG.sequence);
    parts.end();
    return {
      // The older form has SHA-1 fixed. It names a certificate that issuer and serial number name as well.
      digest: older ? 'SHA-1' : algorithm ? readDigestAlgorithm(algorithm, what, true) : 'SHA-256',
      hash,
      issuerSerial: issuerSerial ? readIssuerSerial(issuerSerial, what) : null,
    };
  });
}

function readIssuerSerial(element: Der, what: string): { issuer: Name; serial: bigint } {
  const fields = elementsOf(element, what);
  const [name, ...more] = elementsOf(fields.take(TAG.sequence), what).rest;
  const serial = readInteger(fields.take(TAG.integer), what);
  fields.end();
  if (name?.tag !== contextTag(4) || more.length > 0) {
    throw new TspError('bad-signing-certificate', `Reading ${what}: expected one directory name, got another`);
  }
  return { issuer: readName(inside(name, what), what), serial };
}

async function refersTo(
  { digest, hash, issuerSerial }: Reference,
  certificate: Certificate,
  subtle: Subtle,
): Promise<boolean> {
  if (issuerSerial) {
    const { issuer, serial } = issuerSerial;
    if (serial !== certificate.serial || !sameName(issuer, certificate.issuer)) return false;
  }
  return sameBytes(await digestOf(subtle, digest, certificate.der), hash);
}
