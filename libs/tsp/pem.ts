import { base64 } from '@scure/base';
import { TspError } from './error.js';

/** Labels of what is written as PEM here (RFC 7468). */
export type PemLabel = 'CERTIFICATE' | 'X509 CRL';

/** Longest text that is read, in characters: a system's whole store of roots has 250,000. */
const MAX_CHARACTERS = 4_194_304;
const LINE_CHARACTERS = 64;

/** The certificates in a PEM text, DER, in their order. Anything between them is skipped, as in the stores that systems have;
 * one that is no base64 is there without bytes, so that it spoils no other. @throws TspError `bad-pem` when there is none */
export function parsePemCertificates(text: string): Uint8Array[] {
  if (text.length > MAX_CHARACTERS) {
    throw new TspError('bad-pem', `Reading PEM: expected at most ${MAX_CHARACTERS} characters, got ${text.length}`);
  }
  const found = [...text.matchAll(/-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----/g)].map(
    ([, body = '']) => {
      try {
        return base64.decode(body.replace(/\s+/g, ''));
      } catch {
        // One that is no base64 stands as no bytes, so that whoever reads it as a certificate tells which it was.
        return new Uint8Array();
      }
    },
  );
  if (found.length === 0) {
    throw new TspError('bad-pem', 'Reading PEM: expected at least one "-----BEGIN CERTIFICATE-----", got none');
  }
  return found;
}

/** DER as PEM, final newline included. */
export function formatPem(label: PemLabel, der: Uint8Array): string {
  const lines = base64.encode(der).match(new RegExp(`.{1,${LINE_CHARACTERS}}`, 'g')) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}
