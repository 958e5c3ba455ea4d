import { createServer, type RequestListener } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { appendFeedEvents } from '#database/feed-event.repository.js';
import { PrismaService } from '#database/prisma.service.js';
import { inTransaction } from '#database/transaction.js';
import { WebhookDeliveryRepository } from '#database/webhook-delivery.repository.js';
import { newWebhookSecret, WebhookEndpointRepository } from '#database/webhook-endpoint.repository.js';
import { WebhookLogRepository } from '#database/webhook-log.repository.js';
import { createGuardedPost } from '#outbound/guarded-post.js';
import { formatEventId } from './event.js';
import { useFeedTrial } from './testing/feed-trial.js';
import { type Receiver, RECEIVER_ADDRESS, RECEIVER_NETWORKS, startReceiver } from './testing/receiver.js';
import { type Attempted, deliverNext, type DeliveryDeps } from './webhook-delivery.js';
import { formatReceiverKey } from './webhook-signature.js';

const trial = useFeedTrial();
let agencyId: number;
let receiver: Receiver;
let prisma: PrismaService;
let endpoints: WebhookEndpointRepository;
let deliveries: WebhookDeliveryRepository;
let log: WebhookLogRepository;
let names: Record<string, () => string[]>;

beforeAll(() => {
  prisma = new PrismaService(trial.pool);
  endpoints = new WebhookEndpointRepository(prisma);
  deliveries = new WebhookDeliveryRepository(trial.pool);
  log = new WebhookLogRepository(trial.pool, trial.pool);
});
afterAll(() => prisma.$disconnect());
beforeEach(async () => {
  const domain = `${Math.random()}.example`;
  agencyId = (
    await trial.pool.query('INSERT INTO "agency" ("domain", "name") VALUES ($1, $1) RETURNING "id"', [domain])
  ).rows[0].id;
  receiver = await startReceiver();
  names = {};
});
afterEach(() => receiver.stop());

const secret = { scheme: 'v1' as const, secret: newWebhookSecret() };
const add = async (url = receiver.url, types: string[] = []) =>
  (await endpoints.create(agencyId, { url, types, description: '' }, secret, 20))!.id;
const happen = (...types: string[]) =>
  inTransaction(trial.pool, [], (client) =>
    appendFeedEvents(
      client,
      types.map((type) => ({ agencyId, type, happenedAt: new Date('2026-03-02T09:30:00.123Z'), data: '{"n":1}' })),
    ),
  );
const deliver = (id: string, change: Partial<DeliveryDeps> = {}) => {
  const resolve = async (name: string) => names[name]?.() ?? [];
  const post = createGuardedPost({ networks: RECEIVER_NETWORKS, resolve });
  return deliverNext({ deliveries, post, now: () => new Date(), random: () => 0.5, ...change }, id);
};
/** Lets every wait run out. */
const skipWaits = () =>
  trial.pool.query(`UPDATE "webhook_delivery" SET "next_attempt_at" = clock_timestamp() WHERE "state" = 'pending'`);
const waits = async () =>
  (
    await trial.pool.query(
      `SELECT round(extract(epoch FROM "next_attempt_at" - clock_timestamp()))::int AS wait FROM "webhook_delivery" WHERE "state" = 'pending'`,
    )
  ).rows.map((row) => row.wait as number);
const answering =
  (status: number, headers: Record<string, string> = {}): RequestListener =>
  (_, response) =>
    response.writeHead(status, headers).end();

describe('a webhook', () => {
  it('is the event, signed, with its id of the feed; the types that nobody wants are not sent', async () => {
    const id = await add(receiver.url, ['batch.sealed']);
    await happen('batch.sealed', 'batch.final');
    expect(await deliver(id)).toMatchObject({ delivered: true, detail: 'status 204' });
    expect(await deliver(id)).toBeNull();
    const [{ headers, body }] = receiver.requests as [Receiver['requests'][0]];
    const [event] = await trial.feed.after(agencyId, null, 1);
    expect(headers).toMatchObject({ 'webhook-id': formatEventId(event!), 'content-type': 'application/json' });
    expect(new Webhook(formatReceiverKey(secret)).verify(body, headers as Record<string, string>)).toEqual({
      type: 'batch.sealed',
      timestamp: '2026-03-02T09:30:00.123Z',
      data: { n: 1 },
    });
    expect(await log.list(id, null, 10)).toMatchObject([
      { state: 'delivered', attempts: [{ status: 204, problem: null }] },
    ]);
  });

  it('has the same id and body at every attempt, another time, and a signature by each secret that is live', async () => {
    const id = await add();
    await happen('batch.sealed');
    receiver.answer = answering(500);
    const start = Date.now();
    await deliver(id, { now: () => new Date(start) });
    await endpoints.rotate(agencyId, id, { scheme: 'v1a', secret: newWebhookSecret() }, new Date(Date.now() + 60_000));
    await skipWaits();
    receiver.answer = answering(200);
    await deliver(id, { now: () => new Date(start + 5000) });
    const [first, second] = receiver.requests as [Receiver['requests'][0], Receiver['requests'][0]];
    expect([second.body, second.headers['webhook-id']]).toEqual([first.body, first.headers['webhook-id']]);
    expect(Number(second.headers['webhook-timestamp']) - Number(first.headers['webhook-timestamp'])).toBe(5);
    expect(second.headers['webhook-signature']).toMatch(/^v1a,\S+ v1,\S+$/);
    new Webhook(formatReceiverKey(secret)).verify(second.body, second.headers as Record<string, string>);
    await endpoints.rotate(agencyId, id, secret, new Date());
    await happen('batch.sealed');
    await deliver(id);
    expect(receiver.requests[2]!.headers['webhook-signature']).toMatch(/^v1,\S+$/);
  });

  it.each([
    ['fails', answering(500), 'status 500'],
    ['redirects', answering(302, { location: '/elsewhere' }), 'status 302'],
    ['hangs', () => undefined, 'No answer within 300 ms'],
    ['hangs up', (request) => request.socket.destroy(), 'The connection failed: UND_ERR_SOCKET'],
  ] satisfies [string, RequestListener, string][])(
    'to a receiver that %s is tried again five seconds later',
    async (_, answer, detail) => {
      const id = await add();
      await happen('batch.sealed');
      receiver.answer = answer;
      expect(await deliver(id, { timeoutMs: 300 })).toMatchObject({ delivered: false, detail });
      expect(await deliver(id)).toBeNull();
      expect((await waits())[0]).toBeGreaterThan(3);
      await skipWaits();
      receiver.answer = answering(200);
      expect(await deliver(id)).toMatchObject({ delivered: true });
      expect(await endpoints.find(agencyId, id)).toMatchObject({ failingSince: null, disabled: null });
    },
  );

  it('arrives at a receiver whose answer has no end', async () => {
    const id = await add();
    await happen('batch.sealed');
    receiver.answer = (_, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('x'.repeat(65_536)), 1);
      response.on('close', () => clearInterval(timer));
    };
    expect(await deliver(id)).toMatchObject({ delivered: true });
  });

  it('goes nowhere when its name is bound to an address inside, not even after it was bound outside', async () => {
    let inside = 0;
    const inner = createServer((_, response) => response.writeHead(200).end(String(++inside)));
    inner.listen(0, '127.0.0.1');
    await once(inner, 'listening');
    try {
      const port = new URL(receiver.url).port;
      for (const [name, url] of [
        ['rebound.example', `http://rebound.example:${port}/`],
        ['inward.example', `http://inward.example:${(inner.address() as AddressInfo).port}/`],
      ] as const) {
        const answers = name === 'rebound.example' ? [RECEIVER_ADDRESS, '127.0.0.1'] : ['127.0.0.1'];
        names[name] = () => [answers.length > 1 ? answers.shift()! : answers[0]!];
        const id = await add(url);
        await happen('batch.sealed');
        if (name === 'rebound.example') {
          expect(await deliver(id)).toMatchObject({ delivered: true });
          await happen('batch.sealed');
        }
        const refused = { delivered: false, detail: `${name} leads to no address, or to one that is not public` };
        expect(await deliver(id)).toMatchObject(refused);
      }
      const location = `http://127.0.0.1:${(inner.address() as AddressInfo).port}/`;
      receiver.answer = answering(307, { location });
      const id = await add();
      await happen('batch.sealed');
      expect(await deliver(id)).toMatchObject({ delivered: false, detail: 'status 307' });
      expect(inside).toBe(0);
    } finally {
      inner.close();
    }
  });

  it('slows down for a receiver that asks for it: nothing is sent to the endpoint until then', async () => {
    const id = await add();
    await happen('batch.sealed', 'batch.sealed');
    receiver.answer = answering(429, { 'retry-after': '120' });
    await deliver(id);
    expect(await deliver(id)).toBeNull();
    expect(await deliveries.due()).not.toContainEqual(expect.objectContaining({ endpointId: id }));
    const { pausedUntil } = (await endpoints.find(agencyId, id))!;
    expect((pausedUntil!.getTime() - Date.now()) / 1000).toBeCloseTo(120, -1);
    expect(Math.max(...(await waits()))).toBeGreaterThan(110);
  });
});

describe('an endpoint', () => {
  const disabledEvents = async () =>
    (await trial.told(agencyId)).filter(({ type }) => type === 'endpoint.disabled').map(({ data }) => data);

  it('is disabled after the last of ten failures, which an event says, here and to others', async () => {
    const id = await add();
    const other = await startReceiver();
    try {
      await happen('batch.sealed');
      const otherId = await add(other.url);
      receiver.answer = answering(503);
      const seen: number[] = [];
      for (let attempt = 1; attempt <= 10; attempt++) {
        expect((await endpoints.find(agencyId, id))!.disabled, `before attempt ${attempt}`).toBeNull();
        expect(await deliver(id), `attempt ${attempt}`).toMatchObject({ delivered: false });
        seen.push(...(await waits()));
        await skipWaits();
      }
      expect(await deliver(id)).toBeNull();
      expect((await endpoints.find(agencyId, id))!.disabled).toMatchObject({ why: 'failed' });
      expect(await disabledEvents()).toEqual([
        { endpoint: id, url: receiver.url, why: 'failed', failingSince: expect.any(String) as string },
      ]);
      expect(await deliver(otherId)).toMatchObject({ delivered: true });
      expect(JSON.parse(other.requests[0]!.body)).toMatchObject({ type: 'endpoint.disabled' });
      expect((await log.list(id, null, 5))[0]).toMatchObject({ state: 'failed', nextAttemptAt: null });
      expect((await log.list(id, null, 5))[0]!.attempts).toHaveLength(10);
      expect(receiver.requests).toHaveLength(10);
    } finally {
      await other.stop();
    }
  });

  it('stays when one event fails at every attempt and others arrive', async () => {
    const id = await add();
    await happen('batch.sealed');
    receiver.answer = answering(400);
    for (let attempt = 1; attempt <= 10; attempt++) {
      if (attempt === 6) {
        receiver.answer = answering(200);
        const { event } = (await deliverOther(id))!;
        expect(event).toBeDefined();
        receiver.answer = answering(400);
      }
      await skipWaits();
      expect(await deliver(id)).toMatchObject({ delivered: false });
    }
    expect((await log.list(id, null, 5)).map(({ state }) => state)).toEqual(['delivered', 'failed']);
    expect(await endpoints.find(agencyId, id)).toMatchObject({ disabled: null });
  });

  /** Delivers a new event before the one that fails. */
  async function deliverOther(id: string): Promise<Attempted | null> {
    await trial.pool.query(
      `UPDATE "webhook_delivery" SET "next_attempt_at" = 'infinity' WHERE "endpoint_id" = $1 AND "state" = 'pending'`,
      [id],
    );
    await happen('batch.final');
    return deliver(id);
  }

  it('that answers 410 is disabled at once, and gets again what it missed when it is enabled', async () => {
    const id = await add();
    await happen('batch.sealed', 'batch.anchored');
    receiver.answer = answering(410);
    expect(await deliver(id)).toMatchObject({ delivered: false, detail: 'status 410' });
    expect(await deliver(id)).toBeNull();
    expect(await disabledEvents()).toMatchObject([{ endpoint: id, why: 'gone' }]);
    await happen('batch.final');
    receiver.answer = answering(200);
    await endpoints.change(agencyId, id, { enabled: true });
    expect(await deliver(id)).toMatchObject({ delivered: true });
    expect(await deliver(id)).toBeNull();
    // What failed, and what happened meanwhile, its own end included.
    expect(await log.replayMissed(id, new Date(Date.now() - 60_000))).toBe(3);
    for (let i = 0; i < 3; i++) expect(await deliver(id)).toMatchObject({ delivered: true });
    expect(await log.replayMissed(id, new Date(Date.now() - 60_000))).toBe(0);
    const types = receiver.requests.slice(1).map(({ body }) => (JSON.parse(body) as { type: string }).type);
    expect(types.toSorted()).toEqual(['batch.anchored', 'batch.final', 'batch.sealed', 'endpoint.disabled']);
  });

  it('gets an event again that it asks for by its id, none of another agency, and a test that nobody else gets', async () => {
    const [id, other] = [await add(), await add()];
    await happen('batch.sealed');
    await deliver(id);
    const places = await trial.feed.after(agencyId, null, 10);
    expect(await log.replay(id, agencyId, places)).toBe(1);
    expect(await log.replay(id, agencyId + 1, places)).toBe(0);
    expect(await deliver(id)).toMatchObject({ delivered: true });
    expect(new Set(receiver.requests.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect((await log.list(id, null, 5))[0]!.attempts).toHaveLength(2);
    await deliver(other);
    await deliveries.send(id, { agencyId, type: 'endpoint.test', happenedAt: new Date(), data: '{}' });
    expect(await deliver(other)).toBeNull();
    expect(await deliver(id)).toMatchObject({ delivered: true });
  });

  it('is sent to by one process at a time for each event, and again when that process has died', async () => {
    const id = await add();
    await happen('batch.sealed');
    const held = await Promise.all([1, 2, 3].map(() => deliveries.hold(id, 60)));
    expect(held.filter((delivery) => delivery !== null)).toHaveLength(1);
    await skipWaits();
    expect(await deliver(id)).toMatchObject({ delivered: true });
    const late = {
      delivered: false,
      status: 500,
      problem: null,
      tookMs: 1,
      waitSeconds: 5,
      pauseSeconds: null,
      gone: false,
    };
    const store = deliveries.store(
      held.find((delivery) => delivery !== null)!,
      late,
      () => {
        throw new Error('told');
      },
    );
    expect(await store).toBe(false);
    expect(await log.list(id, null, 5)).toMatchObject([{ state: 'delivered', attempts: [{ status: 204 }] }]);
  });
});
