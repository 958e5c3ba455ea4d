import { TAG } from './der.js';
import { writeDer, writeInteger, writeOid, writeSequence } from './der-writer.js';
import { TspError } from './error.js';
import { SHA256_OID } from './algorithm.js';

/** Media type of a request. */
export const REQUEST_MEDIA_TYPE = 'application/timestamp-query';
/** Media type of an answer. */
export const RESPONSE_MEDIA_TYPE = 'application/timestamp-reply';
/** Bounds of a nonce, in bytes: long enough that nobody guesses it, short enough for authorities that hold it in 64 bits. */
const NONCE_BYTES = { least: 8, most: 20 };

/**
 * A TimeStampReq (RFC 3161 §2.4.1), DER: version 1, SHA-256 imprint, nonce, and the wish that the token carries certificates.
 *
 * @param imprint SHA-256 of the data, 32 bytes
 * @param nonce 8 to 20 random bytes, read as one number
 * @throws TspError `bad-request`
 */
export function writeTimeStampRequest({ imprint, nonce }: { imprint: Uint8Array; nonce: Uint8Array }): Uint8Array {
  if (imprint.length !== 32) {
    throw new TspError('bad-request', `Writing a request: expected an imprint of 32 bytes, got ${imprint.length}`);
  }
  if (nonce.length < NONCE_BYTES.least || nonce.length > NONCE_BYTES.most) {
    const range = `${NONCE_BYTES.least} to ${NONCE_BYTES.most} bytes`;
    throw new TspError('bad-request', `Writing a request: expected a nonce of ${range}, got ${nonce.length}`);
  }
  // The absent parameters of SHA-256 are written as NULL, as every authority has read them since RFC 3161.
  const algorithm = writeSequence(writeOid(SHA256_OID), writeDer(TAG.null));
  return writeSequence(
    writeInteger(Uint8Array.of(1)),
    writeSequence(algorithm, writeDer(TAG.octetString, imprint)),
    writeInteger(nonce),
    writeDer(TAG.boolean, Uint8Array.of(0xff)),
  );
}
