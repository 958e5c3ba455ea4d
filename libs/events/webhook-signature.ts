import { createHmac, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';

/** How a webhook is signed (Standard Webhooks): `v1a`, Ed25519, of which the receiver holds the public key; or `v1`, HMAC-SHA256, of which it holds the
 * same key. */
export type WebhookScheme = 'v1a' | 'v1';

/** What stands before the seed in a PKCS #8 file of an Ed25519 key (RFC 8410). */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The raw public key is the end of its SPKI file. */
const PUBLIC_KEY_BYTES = 32;

/** One of an endpoint's secrets. */
export interface WebhookSecret {
  scheme: WebhookScheme;
  /** 32 random bytes: the seed of an Ed25519 key, or the key of an HMAC, which may have 24 to 64. */
  secret: Uint8Array;
}

/** What the receiver needs to check signatures: `whpk_` and the public key, or `whsec_` and the common one, in base64. */
export function formatReceiverKey({ scheme, secret }: WebhookSecret): string {
  if (scheme === 'v1') return `whsec_${Buffer.from(secret).toString('base64')}`;
  const spki = createPublicKey(privateKey(secret)).export({ type: 'spki', format: 'der' });
  return `whpk_${spki.subarray(-PUBLIC_KEY_BYTES).toString('base64')}`;
}

/** The headers of one attempt: `id` is the event's, the same on every attempt; the time is the attempt's; one signature by each secret. */
export function signWebhook(
  secrets: readonly WebhookSecret[],
  id: string,
  at: Date,
  body: string,
): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const signed = Buffer.from(`${id}.${timestamp}.${body}`);
  const signatures = secrets.map(({ scheme, secret }) => {
    const signature =
      scheme === 'v1' ? createHmac('sha256', secret).update(signed).digest() : sign(null, signed, privateKey(secret));
    return `${scheme},${signature.toString('base64')}`;
  });
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}

function privateKey(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, seed]), format: 'der', type: 'pkcs8' });
}
