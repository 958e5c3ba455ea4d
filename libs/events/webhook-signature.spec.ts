import { createPublicKey, randomBytes, verify } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { formatReceiverKey, signWebhook, type WebhookSecret } from './webhook-signature.js';

const BODY = '{"type":"batch.sealed","timestamp":"2026-03-02T09:30:00.123Z","data":{"batch":17}}';
const ID = 'evt_1204_9f86d081884c';
const random = (scheme: WebhookSecret['scheme']): WebhookSecret => ({ scheme, secret: randomBytes(32) });

/** What a receiver does that holds `whpk_…`, by Standard Webhooks. */
function isSignedBy(publicKey: string, headers: Record<string, string>, body: string): boolean {
  const spki = Buffer.concat([
    Buffer.from('302a300506032b6570032100', 'hex'),
    Buffer.from(publicKey.slice(5), 'base64'),
  ]);
  const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
  const signed = Buffer.from(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`);
  return headers['webhook-signature']!.split(' ').some((part) => {
    const [version, signature] = part.split(',');
    return version === 'v1a' && verify(null, signed, key, Buffer.from(signature!, 'base64'));
  });
}

describe('the signature of a webhook', () => {
  it('is the one that the documentation of Svix, whose format Standard Webhooks is, shows for its example', () => {
    const secret = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64');
    const at = new Date(1_614_265_330_000);
    expect(signWebhook([{ scheme: 'v1', secret }], 'msg_p5jXN8AQM9LWM0D4loKWxJek', at, '{"test": 2432232314}')).toEqual(
      {
        'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
        'webhook-timestamp': '1614265330',
        'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
      },
    );
  });

  it('by HMAC is read by the reference library, and not with another body, id or secret, or five minutes later', () => {
    const secret = random('v1');
    const reader = new Webhook(formatReceiverKey(secret));
    const headers = signWebhook([secret], ID, new Date(), BODY);
    expect(reader.verify(BODY, headers)).toEqual(JSON.parse(BODY));
    expect(() => reader.verify(BODY.replace('17', '18'), headers)).toThrow('No matching signature');
    expect(() => reader.verify(BODY, { ...headers, 'webhook-id': 'evt_1205_9f86d081884c' })).toThrow('No matching');
    expect(() => new Webhook(formatReceiverKey(random('v1'))).verify(BODY, headers)).toThrow('No matching signature');
    const old = signWebhook([secret], ID, new Date(Date.now() - 301_000), BODY);
    expect(() => reader.verify(BODY, old)).toThrow('too old');
  });

  it('by Ed25519 is checked with the public key alone', () => {
    const secret = random('v1a');
    const publicKey = formatReceiverKey(secret);
    expect(publicKey).toMatch(/^whpk_[A-Za-z0-9+/]{43}=$/);
    const headers = signWebhook([secret], ID, new Date(), BODY);
    expect(isSignedBy(publicKey, headers, BODY)).toBe(true);
    expect(isSignedBy(publicKey, headers, `${BODY} `)).toBe(false);
    expect(isSignedBy(formatReceiverKey(random('v1a')), headers, BODY)).toBe(false);
  });

  it('comes once by each secret while they change over, for receivers of either', () => {
    const [old, next] = [random('v1'), random('v1a')];
    const headers = signWebhook([next, old], ID, new Date(), BODY);
    expect(headers['webhook-signature']).toMatch(/^v1a,\S+ v1,\S+$/);
    expect(new Webhook(formatReceiverKey(old)).verify(BODY, headers)).toEqual(JSON.parse(BODY));
    expect(isSignedBy(formatReceiverKey(next), headers, BODY)).toBe(true);
  });
});
