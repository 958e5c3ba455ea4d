import type { INestApplicationContext } from '@nestjs/common';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#database/testing.js';
import { PrismaService } from '#database/prisma.service.js';
import { newWebhookSecret, WebhookEndpointRepository } from '#database/webhook-endpoint.repository.js';
import { type Receiver, RECEIVER_NETWORKS, startReceiver } from '#events/testing/receiver.js';
import { formatReceiverKey } from '#events/webhook-signature.js';
import { until } from '../testing/batches.js';
import { startIntake, startWorker, testConfig } from '../testing/test-worker.js';

const secret = { scheme: 'v1' as const, secret: newWebhookSecret() };

describe('webhooks', () => {
  let database: TestDatabase;
  let endpoints: WebhookEndpointRepository;
  let prisma: PrismaService;
  let accept: (names: string[]) => Promise<string[]>;
  const workers: INestApplicationContext[] = [];
  const receivers: Receiver[] = [];

  beforeEach(async () => {
    database = await createTestDatabase();
    accept = await startIntake(database);
    prisma = new PrismaService(database.pool);
    endpoints = new WebhookEndpointRepository(prisma);
  });
  afterEach(async () => {
    for (const worker of workers.splice(0)) await worker.close();
    for (const receiver of receivers.splice(0)) await receiver.stop();
    await prisma.$disconnect();
    await database.drop();
  });

  const start = async () => {
    const env = { SEAL_INTERVAL_MS: '100', WEBHOOK_NETWORKS: RECEIVER_NETWORKS.join() };
    workers.push(await startWorker(testConfig(database, env)));
  };
  const receive = async (...answer: Parameters<typeof startReceiver>) => {
    const receiver = await startReceiver(...answer);
    receivers.push(receiver);
    const { rows } = await database.pool.query<{ id: number }>('SELECT "id" FROM "agency"');
    const terms = { url: receiver.url, types: ['batch.sealed'], description: '' };
    const endpoint = (await endpoints.create(rows[0]!.id, terms, secret, 20))!;
    return { receiver, id: endpoint.id };
  };
  const sealedRecords = (receiver: Receiver) =>
    receiver.requests.reduce(
      (sum, { body }) => sum + (JSON.parse(body) as { data: { entries: number } }).data.entries,
      0,
    );

  it('tell of every sealed record, whatever becomes of the worker, and of none in two events', async () => {
    const { receiver } = await receive();
    let lodged = 0;
    for (let round = 0; round < 3; round++) {
      await start();
      for (let i = 0; i < 4; i++) lodged += (await accept([`${round}.${i}`])).length;
      // The first goes before it has told everything; the next one goes on.
      if (round < 2) await workers.shift()!.close();
    }
    await until(async () => sealedRecords(receiver) === lodged, 'every record to be told of');
    const ids = receiver.requests.map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { headers, body } of receiver.requests)
      new Webhook(formatReceiverKey(secret)).verify(body, headers as Record<string, string>);
  });

  it('reach one endpoint while another does not answer', async () => {
    const silent = await Promise.all(Array.from({ length: 6 }, () => receive(() => undefined)));
    const { receiver } = await receive();
    await start();
    for (let i = 0; i < 12; i++) {
      await accept([`record ${i}`]);
      await until(async () => sealedRecords(receiver) === i + 1, `record ${i} to be told of`);
    }
    // Each of them had at most as many attempts as it may have at once.
    for (const { receiver: one } of silent) expect(one.requests.length).toBeLessThanOrEqual(4);
    expect(silent.some(({ receiver: one }) => one.requests.length > 0)).toBe(true);
  });
});
