import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#database/testing.js';
import { ensureSecretFile } from '#keys/signing-key.js';
import { hasRedisServer, startRedis, type TestRedis } from '#queue/testing/redis-server.js';
import { startService, type ServiceProcess } from './process.js';
import { type Acknowledged, postRecords, proveRecord } from './records.js';

/** Requests of each client, and records in each. */
const REQUESTS = 20;
const RECORDS_PER_REQUEST = 50;

const redisFound = await hasRedisServer(Boolean(process.env['CI']));

let folder: string;
let database: TestDatabase;
let redis: TestRedis;
const processes: ServiceProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sealroot-replicas-'));
  database = await createTestDatabase({ migrated: false });
  if (redisFound) redis = await startRedis();
});

afterAll(async () => {
  await Promise.all(processes.map((process) => process.stop()));
  await redis?.kill();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

it.skipIf(!redisFound)(
  'runs as two API and two worker processes on one PostgreSQL and one Redis, and outlives the loss of all queued jobs',
  async () => {
    const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
    await ensureSecretFile(join(folder, 'key.pem'), pem);
    const adminToken = randomBytes(24).toString('hex');
    const env = {
      DATABASE_URL: database.url,
      REDIS_URL: redis.url,
      SIGNING_KEY_FILE: join(folder, 'key.pem'),
      ADMIN_TOKEN: adminToken,
      LOG_ORIGIN: 'replicas.example/log',
      SEAL_INTERVAL_MS: '200',
      BATCH_MAX_RECORDS: '400',
    };
    // All four start at once on an empty database: migrations and the log are made exactly once.
    processes.push(
      ...(await Promise.all([
        startService('api', env),
        startService('api', env),
        startService('worker', env, /the worker runs/),
        startService('worker', env, /the worker runs/),
      ])),
    );
    const [first, second] = processes as [ServiceProcess, ServiceProcess];

    const admin = { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' };
    await fetch(`${first.url}/v1/agencies`, {
      method: 'POST',
      headers: admin,
      body: '{"domain":"a.example","name":"A"}',
    });
    const made = await fetch(`${second.url}/v1/agencies/a.example/keys`, {
      method: 'POST',
      headers: admin,
      body: '{}',
    });
    const { key } = (await made.json()) as { key: string };

    const acknowledged: Acknowledged[] = [];
    await Promise.all(
      [first, second].map(async (api, i) => {
        for (let request = 0; request < REQUESTS; request += 1) {
          acknowledged.push(...(await postRecords(api.url, key, RECORDS_PER_REQUEST)));
          if (i === 0 && request === REQUESTS / 2) await forgetJobs();
        }
      }),
    );
    expect(acknowledged).toHaveLength(2 * REQUESTS * RECORDS_PER_REQUEST);
    const places = new Set(
      await Promise.all(acknowledged.map((record, i) => proveRecord([first, second][i % 2]!.url, record))),
    );
    expect(places.size).toBe(acknowledged.length);
    const { rows } = await database.pool.query<{ batches: string; leaves: string; sizes: string }>(
      `SELECT count(*) AS batches, sum("size") AS leaves, (SELECT count(DISTINCT "size") FROM "checkpoint") AS sizes FROM "batch"`,
    );
    expect(Number(rows[0]!.leaves)).toBe(acknowledged.length);
    expect(rows[0]!.sizes).toBe(rows[0]!.batches);
    for (const process of processes) expect(await process.stop()).toBe(0);
  },
);

async function forgetJobs(): Promise<void> {
  const client = new Redis(redis.url);
  await client.flushall();
  client.disconnect();
}
