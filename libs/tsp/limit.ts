import { TspError } from './error.js';

/** @throws TspError `too-large` for more than `most` bytes */
export function checkLength({ length }: Uint8Array, most: number, what: string): void {
  if (length <= most) return;
  throw new TspError('too-large', `Reading ${what}: expected at most ${most} bytes, got ${length}`);
}

/** Longest token that is read, in bytes; those with a chain of three certificates have five thousand. */
export const MAX_TOKEN_BYTES = 65_536;
/** Longest answer of an authority that is read, in bytes: a token and a status. */
export const MAX_RESPONSE_BYTES = MAX_TOKEN_BYTES + 1024;
/** Longest certificate that is read, in bytes. Those of authorities have one or two thousand. */
export const MAX_CERTIFICATE_BYTES = 16_384;
/** Most signatures that are verified for one token, those of its chain, lists and answers included; five are usual. */
export const MAX_SIGNATURES = 128;
/** Most certificates beside a token. */
export const MAX_CERTIFICATES = 8;
/** Most certificates in a token. */
export const MAX_CERTIFICATES_INSIDE = 12;
/** Most certificates that are given as trusted at once: system stores have some 150. */
export const MAX_ROOTS = 1000;
/** Longest revocation list or OCSP answer that is read, in bytes. It travels in every proof of its checkpoint. */
export const MAX_REVOCATION_BYTES = 262_144;
/** Most revocation lists and OCSP answers beside a token. */
export const MAX_REVOCATIONS = 8;
