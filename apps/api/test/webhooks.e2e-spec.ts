import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AgencyRepository } from '#database/agency.repository.js';
import { PG_POOL } from '#database/pool.js';
import { WebhookDeliveryRepository } from '#database/webhook-delivery.repository.js';
import { deliverNext } from '#events/webhook-delivery.js';
import { type Receiver, RECEIVER_NETWORKS, startReceiver } from '#events/testing/receiver.js';
import { createGuardedPost } from '#outbound/guarded-post.js';
import { MAX_ENDPOINTS } from '../webhooks/webhooks.service.js';
import { startService, type TestService } from './service.js';

interface Endpoint {
  id: string;
  enabled: boolean;
  disabled: { why: string } | null;
  keys: { scheme: string; publicKey?: string; until: string | null }[];
  secret?: string;
}

describe('/v1/webhooks', () => {
  let service: TestService;
  let stranger: string;
  let receiver: Receiver;
  beforeAll(async () => {
    service = await startService({ WEBHOOK_NETWORKS: RECEIVER_NETWORKS.join() });
    const agencies = service.app.get(AgencyRepository, { strict: false });
    stranger = (await agencies.createKey((await agencies.create('other.example', 'Other'))!.id, '')).key;
    receiver = await startReceiver();
  });
  afterAll(async () => {
    await receiver.stop();
    await service.stop();
  });

  const call = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, payload?: object, key = service.key) =>
    service.app.inject({
      method,
      url: `/v1/webhooks${url}`,
      headers: { authorization: `Bearer ${key}` },
      ...(payload ? { payload } : {}),
    });
  const add = async (body: object = {}) => {
    const answer = await call('POST', '', { url: receiver.url, ...body });
    expect(answer.statusCode, answer.body).toBe(201);
    return answer.json<Endpoint>();
  };
  const deliver = (id: string) =>
    deliverNext(
      {
        deliveries: new WebhookDeliveryRepository(service.app.get(PG_POOL, { strict: false })),
        post: createGuardedPost({ networks: RECEIVER_NETWORKS }),
        now: () => new Date(),
        random: Math.random,
      },
      id,
    );

  it('adds an endpoint, shows a common secret once, changes, lists and removes it', async () => {
    const made = await add({ scheme: 'v1', types: ['batch.final'], description: 'back office' });
    expect(made.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const { secret: _, ...shown } = made;
    expect(shown).toMatchObject({
      types: ['batch.final'],
      enabled: true,
      disabled: null,
      keys: [{ scheme: 'v1', until: null }],
    });
    expect((await call('GET', `/${made.id}`)).json()).toEqual(shown);
    expect((await call('GET', '')).json()).toEqual({ endpoints: [shown] });
    const stopped = await call('PATCH', `/${made.id}`, { enabled: false, types: [] });
    expect(stopped.json()).toMatchObject({
      enabled: false,
      disabled: { why: 'agency' },
      types: [],
      description: 'back office',
    });
    expect((await call('POST', `/${made.id}/test`)).json()).toMatchObject({ status: 409, code: 'endpoint-disabled' });
    expect((await call('PATCH', `/${made.id}`, { enabled: true })).json()).toMatchObject({
      enabled: true,
      disabled: null,
    });
    expect((await call('DELETE', `/${made.id}`)).statusCode).toBe(204);
    expect((await call('DELETE', `/${made.id}`)).json()).toMatchObject({ status: 404, code: 'endpoint-not-found' });
  });

  it('signs by Ed25519 unless asked otherwise, and by both keys while they change over', async () => {
    const { id, keys, ...rest } = await add();
    expect(rest).not.toHaveProperty('secret');
    expect(keys).toEqual([
      { scheme: 'v1a', publicKey: expect.stringMatching(/^whpk_[A-Za-z0-9+/]{43}=$/) as string, until: null },
    ]);
    const renewed = (await call('POST', `/${id}/secret`, { scheme: 'v1' })).json<Endpoint>();
    expect(renewed.secret).toMatch(/^whsec_/);
    const inADay = new Date(Date.now() + 86_400_000).toISOString().slice(0, 13);
    expect(renewed.keys).toMatchObject([
      { scheme: 'v1', until: null },
      { scheme: 'v1a', publicKey: keys[0]!.publicKey },
    ]);
    expect(renewed.keys[1]!.until!.slice(0, 13)).toBe(inADay);
    const again = (await call('POST', `/${id}/secret`, { overlapSeconds: 0 })).json<Endpoint>();
    expect(again.keys).toMatchObject([{ scheme: 'v1a', until: null }]);
    expect((await call('POST', `/${id}/secret`)).json<Endpoint>().keys).toHaveLength(2);
  });

  it('sends a test, tells what became of it, page by page, and sends it again', async () => {
    const { id } = await add();
    const events: string[] = [];
    for (let i = 0; i < 3; i++) {
      const tested = await call('POST', `/${id}/test`);
      expect(tested.statusCode).toBe(202);
      events.unshift(tested.json<{ event: string }>().event);
      expect(await deliver(id)).toMatchObject({ delivered: true, event: events[0] });
    }
    const sent = receiver.requests.at(-1)!;
    expect([sent.headers['webhook-id'], JSON.parse(sent.body)]).toMatchObject([
      events[0],
      { type: 'endpoint.test', data: { endpoint: id } },
    ]);
    const first = await call('GET', `/${id}/deliveries?limit=2`);
    const next = /^<(.+)>; rel="next"$/.exec(first.headers['link'] as string)![1]!;
    const second = await call('GET', next.slice('/v1/webhooks'.length));
    expect(second.headers['link']).toBeUndefined();
    const seen = [first, second].flatMap((page) => page.json<{ deliveries: { event: string }[] }>().deliveries);
    expect(seen.map(({ event }) => event)).toEqual(events);
    expect(seen[0]).toMatchObject({
      type: 'endpoint.test',
      state: 'delivered',
      nextAttemptAt: null,
      attempts: [{ status: 204, problem: null }],
    });
    expect((await call('POST', `/${id}/replay`, { events: [events[0]!, 'evt_1_000000000000'] })).json()).toEqual({
      replayed: 1,
    });
    expect(await deliver(id)).toMatchObject({ event: events[0] });
    expect((await call('POST', `/${id}/replay`, { since: '2026-01-01T00:00:00Z' })).json()).toEqual({ replayed: 0 });
  });

  it('refuses what nothing could be sent to, more endpoints than there may be, and whoever is not its agency', async () => {
    for (const url of [
      'ftp://a.example/',
      'https://u:p@a.example/',
      'https://a.example/#x',
      'a.example',
      `https://a.example/${'x'.repeat(2048)}`,
    ])
      expect((await call('POST', '', { url })).json(), url).toMatchObject({ status: 422, code: 'invalid-body' });
    for (const body of [{ types: ['batch.opened'] }, { scheme: 'v2' }, { enabled: false }])
      expect((await call('POST', '', { url: receiver.url, ...body })).json()).toMatchObject({ code: 'invalid-body' });
    const { id } = await add();
    for (const [method, path, body] of [
      ['GET', ''],
      ['PATCH', '', {}],
      ['DELETE', ''],
      ['POST', '/secret'],
      ['POST', '/test'],
      ['GET', '/deliveries'],
      ['POST', '/replay', { since: '2026-01-01T00:00:00Z' }],
    ] as const) {
      const answer = await call(method, `/${id}${path}`, body, stranger);
      expect(answer.json(), `${method} ${path}`).toMatchObject({ code: 'endpoint-not-found' });
    }
    expect((await call('GET', '/we_1')).json()).toMatchObject({ code: 'bad-request' });
    expect((await call('POST', `/${id}/replay`, {})).json()).toMatchObject({ code: 'invalid-body' });
    for (let left = MAX_ENDPOINTS; left > 0; left--)
      if ((await call('POST', '', { url: receiver.url })).statusCode !== 201) break;
    expect((await call('POST', '', { url: receiver.url })).json()).toMatchObject({
      status: 409,
      code: 'too-many-endpoints',
    });
  });

  it('takes https alone where the operator names no network of its own', async () => {
    const strict = await startService();
    try {
      const post = (url: string) =>
        strict.app.inject({
          method: 'POST',
          url: '/v1/webhooks',
          headers: { authorization: `Bearer ${strict.key}` },
          payload: { url },
        });
      expect((await post('http://a.example/')).json()).toMatchObject({ code: 'invalid-body' });
      expect((await post('https://a.example/')).statusCode).toBe(201);
    } finally {
      await strict.stop();
    }
  });
});
