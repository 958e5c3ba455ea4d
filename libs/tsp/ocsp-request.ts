import { digestOf, SHA1_OID, type Subtle } from './algorithm.js';
import type { Certificate } from './certificate.js';
import { TAG } from './der.js';
import { writeDer, writeOid, writeSequence } from './der-writer.js';

/** Media types of a request and of an answer (RFC 6960, appendix A). */
export const OCSP_REQUEST_MEDIA_TYPE = 'application/ocsp-request';
export const OCSP_RESPONSE_MEDIA_TYPE = 'application/ocsp-response';

/**
 * An OCSPRequest (RFC 6960 §4.1), DER, about one certificate under its issuer: unsigned, and without a nonce, so that a responder may answer
 * from what it has made before (RFC 5019). The certificate is called by SHA-1, the one digest that every responder knows; nothing rests on it,
 * since the serial number stands beside and the answer is signed.
 */
export async function writeOcspRequest(
  { certificate, issuer }: { certificate: Certificate; issuer: Certificate },
  subtle: Subtle,
): Promise<Uint8Array> {
  const [name, key] = await Promise.all([
    // As the certificate has it, not its issuer (RFC 6960 §4.1.1): the two may differ in their type of text.
    digestOf(subtle, 'SHA-1', certificate.issuer.der),
    digestOf(subtle, 'SHA-1', issuer.key.bits),
  ]);
  const about = writeSequence(
    writeSequence(writeOid(SHA1_OID), writeDer(TAG.null)),
    writeDer(TAG.octetString, name),
    writeDer(TAG.octetString, key),
    writeDer(TAG.integer, certificate.serialBytes),
  );
  return writeSequence(writeSequence(writeSequence(writeSequence(about))));
}
