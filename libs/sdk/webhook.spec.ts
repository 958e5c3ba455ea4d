import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { formatReceiverKey, signWebhook, type WebhookSecret } from '#events/webhook-signature.js';
import { verifyWebhook } from './webhook.js';

const at = new Date('2026-03-02T09:30:00.000Z');
const body = JSON.stringify({ type: 'endpoint.test', timestamp: at.toISOString(), data: { endpoint: 'we_1' } });
const secrets: WebhookSecret[] = [
  { scheme: 'v1a', secret: randomBytes(32) },
  { scheme: 'v1', secret: randomBytes(32) },
];
const signed = signWebhook(secrets, 'evt_1_0123456789ab', at, body);
const [ed25519, hmac] = secrets.map(formatReceiverKey) as [string, string];
const check = (headers: Record<string, string | undefined>, keys: string[], text = body, now = at) =>
  verifyWebhook({ headers, body: text }, { keys, now });
const bad = expect.objectContaining({ code: 'bad-webhook' });

describe('a webhook of the service', () => {
  it.each([
    ['Ed25519', ed25519],
    ['HMAC', hmac],
  ])('is read by %s, alone or beside another key', (_, key) => {
    const event = check(signed, [key]);
    expect(event).toEqual({ ...JSON.parse(body), id: 'evt_1_0123456789ab' });
    expect(check(signed, [formatReceiverKey({ scheme: 'v1a', secret: randomBytes(32) }), key])).toEqual(event);
    expect(verifyWebhook({ headers: new Headers(signed), body: Buffer.from(body) }, { keys: [key], now: at })).toEqual(
      event,
    );
  });

  it('is what the reference library signs', () => {
    const headers = {
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(at.getTime() / 1000),
      'webhook-signature': new Webhook(hmac.slice('whsec_'.length)).sign('msg_1', at, body),
    };
    expect(check(headers, [hmac])).toMatchObject({ id: 'msg_1', type: 'endpoint.test' });
  });

  it('is refused with another body, id, time, key, kind of signature, or without a header', () => {
    expect(() => check(signed, [ed25519], `${body} `)).toThrow(bad);
    expect(() => check({ ...signed, 'webhook-id': 'evt_2_0123456789ab' }, [ed25519])).toThrow(bad);
    expect(() => check({ ...signed, 'webhook-timestamp': String(at.getTime() / 1000 + 1) }, [hmac])).toThrow(bad);
    expect(() => check(signed, [formatReceiverKey({ scheme: 'v1', secret: randomBytes(32) })])).toThrow(bad);
    expect(() => check(signed, [])).toThrow(bad);
    const [first, second] = signed['webhook-signature']!.split(' ') as [string, string];
    expect(() => check({ ...signed, 'webhook-signature': first.replace('v1a', 'v1') }, [ed25519, hmac])).toThrow(bad);
    expect(() => check({ ...signed, 'webhook-signature': second.slice(0, -2) }, [ed25519, hmac])).toThrow(bad);
    for (const name of Object.keys(signed)) expect(() => check({ ...signed, [name]: undefined }, [hmac])).toThrow(bad);
  });

  it('is refused five minutes before and after, not within', () => {
    const moved = (seconds: number) => new Date(at.getTime() + seconds * 1000);
    for (const seconds of [-300, 300]) expect(check(signed, [hmac], body, moved(seconds))).toBeDefined();
    for (const seconds of [-301, 301]) expect(() => check(signed, [hmac], body, moved(seconds))).toThrow(bad);
  });

  it('says of a key that is none so, and does not quote it', () => {
    for (const key of ['whsec_short', 'whpk_AAAA', hmac.replace('whsec_', 'whpk_').slice(0, -4), 'secret'])
      expect(() => check(signed, [key])).toThrow(
        expect.objectContaining({ code: 'bad-input', message: expect.not.stringContaining(key) }),
      );
  });
});
