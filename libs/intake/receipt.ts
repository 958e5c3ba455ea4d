import { hash } from 'node:crypto';
import type { SigningKey } from '#keys/signing-key.js';

/** `typ` of a receipt's JWT header. */
export const RECEIPT_TYPE = 'sealroot-receipt+jwt';

/** Within this time an acknowledged event is in the log, or the receipt is evidence against the operator. */
export const INCLUDE_WITHIN_MS = 10_000;

/** What a receipt says. */
export interface ReceiptClaims {
  /** The log's origin. */
  iss: string;
  /** The agency's domain. */
  sub: string;
  /** Records that the request's answer lists as accepted. */
  count: number;
  /** Time at which the request was accepted, RFC 3339. */
  receivedAt: string;
  /** Time by which the accepted items are in the log, RFC 3339. */
  includeBy?: string;
  /** SHA-256 of those records' leaf hashes, concatenated in the order of the answer; hex. */
  leaves: string;
}

/** The service's signed promise over a request's accepted records (compact JWS, EdDSA): call it only after their commit. */
export function signReceipt(
  key: SigningKey,
  claims: Omit<ReceiptClaims, 'leaves' | 'count'>,
  leavesHex: string[],
): Promise<string> {
  const payload: ReceiptClaims = {
    iss: claims.iss,
    sub: claims.sub,
    count: leavesHex.length,
    receivedAt: claims.receivedAt,
    ...(claims.includeBy === undefined ? {} : { includeBy: claims.includeBy }),
    leaves: hash('sha256', Buffer.from(leavesHex.join(''), 'hex'), 'hex'),
  };
  return key.signJwt(RECEIPT_TYPE, { ...payload });
}
