import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#database/testing.js';
import { ensureSecretFile } from '#keys/signing-key.js';
import { hasRedisServer, startRedis, type TestRedis } from '#queue/testing/redis-server.js';
import { startService, type ServiceProcess } from './process.js';
import { parseProof } from '#proof/proof.js';
import { verifyProof } from '#proof/verify.js';
import { type Acknowledged, postRecords, proveRecord } from './records.js';

/** Requests of each client, and records in each. */
const REQUESTS = 20;
const RECORDS_PER_REQUEST = 50;

/** Requests that consume one record at once, and how many are answered before a process is killed. */
const CONSUMERS = 1000;
const CONSUMERS_BEFORE_KILL = 100;

const redisFound = await hasRedisServer(Boolean(process.env['CI']));

let folder: string;
let database: TestDatabase;
let redis: TestRedis;
const env: Record<string, string> = {};
const processes: ServiceProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sealroot-replicas-'));
  database = await createTestDatabase({ migrated: false });
});

afterAll(async () => {
  await Promise.all(processes.map((process) => process.stop()));
  await redis?.kill();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

describe.skipIf(!redisFound)('two API and two worker processes on one PostgreSQL and one Redis', () => {
  let keys: [lodger: string, other: string];
  const apis = () => processes.slice(0, 2) as [ServiceProcess, ServiceProcess];

  beforeAll(async () => {
    redis = await startRedis();
    const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
    await ensureSecretFile(join(folder, 'key.pem'), pem);
    const adminToken = randomBytes(24).toString('hex');
    Object.assign(env, {
      DATABASE_URL: database.url,
      REDIS_URL: redis.url,
      SIGNING_KEY_FILE: join(folder, 'key.pem'),
      ADMIN_TOKEN: adminToken,
      LOG_ORIGIN: 'replicas.example/log',
      SEAL_INTERVAL_MS: '200',
      BATCH_MAX_RECORDS: '400',
    });
    // All four start at once on an empty database: migrations and the log are made exactly once.
    processes.push(
      ...(await Promise.all([
        startService('api', env),
        startService('api', env),
        startService('worker', env, /the worker runs/),
        startService('worker', env, /the worker runs/),
      ])),
    );
    keys = [await makeKey('a.example', adminToken), await makeKey('b.example', adminToken)];
  });

  /** An agency, made through one process, and its key, through the other. */
  async function makeKey(domain: string, adminToken: string): Promise<string> {
    const headers = { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' };
    const [first, second] = apis();
    const body = JSON.stringify({ domain, name: domain });
    await fetch(`${first.url}/v1/agencies`, { method: 'POST', headers, body });
    const made = await fetch(`${second.url}/v1/agencies/${domain}/keys`, { method: 'POST', headers, body: '{}' });
    return ((await made.json()) as { key: string }).key;
  }

  it('give each record one place, and outlive the loss of all queued jobs', async () => {
    const acknowledged: Acknowledged[] = [];
    await Promise.all(
      apis().map(async (api, i) => {
        for (let request = 0; request < REQUESTS; request += 1) {
          acknowledged.push(...(await postRecords(api.url, keys[0], RECORDS_PER_REQUEST)));
          if (i === 0 && request === REQUESTS / 2) await forgetJobs();
        }
      }),
    );
    expect(acknowledged).toHaveLength(2 * REQUESTS * RECORDS_PER_REQUEST);
    const places = new Set(await Promise.all(acknowledged.map((record, i) => proveRecord(apis()[i % 2]!.url, record))));
    expect(places.size).toBe(acknowledged.length);
    const { rows } = await database.pool.query<{ batches: string; leaves: string; sizes: string }>(
      `SELECT count(*) AS batches, sum("size") AS leaves, (SELECT count(DISTINCT "size") FROM "checkpoint") AS sizes FROM "batch"`,
    );
    expect(Number(rows[0]!.leaves)).toBe(acknowledged.length);
    expect(rows[0]!.sizes).toBe(rows[0]!.batches);
  });

  it.each([0, 1])(
    'let one of 1,000 at once consume an invoice, though process %i is killed among them',
    async (victim) => {
      const invoice = await lodgeInvoice(apis()[0].url, keys[0]);
      let answered = 0;
      let kill: Promise<void> | undefined;
      const consume = async (i: number): Promise<Consumption> => {
        const key = keys[i % 2]!;
        const requestId = `consumer-${i}`;
        for (let attempt = i; ; attempt += 1) {
          try {
            const answer = await changeStatus(apis()[attempt % 2]!.url, key, invoice, { to: 'consumed', requestId });
            if (++answered === CONSUMERS_BEFORE_KILL) kill = apis()[victim]!.kill();
            return { requestId, agency: i % 2, ...answer };
          } catch {
            // The connection broke: whether it was done, nobody knows, and the same request asks.
            await pause(20);
          }
        }
      };
      const consumptions = Promise.all(Array.from({ length: CONSUMERS }, (_, i) => consume(i)));
      while (kill === undefined) await pause(5);
      await kill;
      const { port } = new URL(apis()[victim]!.url);
      processes[victim] = await startService('api', { ...env, PORT: port });

      const answers = await consumptions;
      const winners = answers.filter(({ status }) => status === 201);
      expect(winners.map(({ requestId }) => requestId)).toHaveLength(1);
      const [winner] = winners as [Consumption];
      for (const { status, body, requestId } of answers) {
        if (requestId === winner.requestId) continue;
        expect([status, body.code], requestId).toEqual([409, expect.stringMatching(/^(not-sealed|status-conflict)$/)]);
        expect(body.standing, requestId).toMatchObject({
          status: 'consumed',
          receivedAt: winner.body.statement!.receivedAt,
          by: winner.agency === 0 ? 'lodger' : 'other-agency',
        });
      }
      await expectConsumedOnce(apis()[victim]!.url, invoice);
    },
  );

  it('end when they are told to', async () => {
    for (const process of processes) expect(await process.stop()).toBe(0);
  });
});

async function forgetJobs(): Promise<void> {
  const client = new Redis(redis.url);
  await client.flushall();
  client.disconnect();
}

interface StatusAnswer {
  status: number;
  body: {
    code?: string;
    statement?: { receivedAt: string };
    standing?: { status: string; receivedAt: string; by: string };
  };
}

interface Consumption extends StatusAnswer {
  requestId: string;
  /** Index of the key. */
  agency: number;
}

async function changeStatus(url: string, key: string, id: string, change: object): Promise<StatusAnswer> {
  const answer = await fetch(`${url}/v1/records/${id}/status`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(change),
  });
  return { status: answer.status, body: (await answer.json()) as StatusAnswer['body'] };
}

/** Lodges an invoice and waits until it is in the log. */
async function lodgeInvoice(url: string, key: string): Promise<string> {
  const answer = await fetch(`${url}/v1/records`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      digests: { sha256: randomBytes(32).toString('hex') },
      profile: 'invoice@1',
      blinded: true,
      claims: { currency: 'CNY', total: '113.00' },
    }),
  });
  const { id } = (await answer.json()) as { id: string };
  while (!(await fetch(`${url}/v1/records/${id}/proof`)).ok) await pause(100);
  return id;
}

/** The log has one event about it, as its proof shows, and the database no other that waits. */
async function expectConsumedOnce(url: string, id: string): Promise<void> {
  const proof = async () => parseProof(await (await fetch(`${url}/v1/records/${id}/proof?status=cosigned`)).text());
  while ((await proof()).status!.events.length === 0) await pause(100);
  const shown = await proof();
  expect(shown.status!.events).toHaveLength(1);
  const { still } = await verifyProof({ proof: shown, trustedKeys: [shown.log.key], now: new Date() });
  expect(still).toMatchObject({ state: 'consumed' });
  const { rows } = await database.pool.query<{ n: string }>(
    `SELECT count(*) AS n FROM "status_event" WHERE "statement"::json->>'record' = $1`,
    [id],
  );
  expect(Number(rows[0]!.n)).toBe(1);
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
