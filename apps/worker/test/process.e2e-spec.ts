import { afterEach, beforeEach, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#database/testing.js';
import { expectWholeBatches, unsealed, until } from '../testing/batches.js';
import { verifyRecord } from '../testing/public-proof.js';
import { hasRedisServer, startRedis } from '#queue/testing/redis-server.js';
import { startIntake, testSettings } from '../testing/test-worker.js';
import { startWorkerProcess, workerEntry, type WorkerProcess } from '../testing/worker-process.js';

const required = Boolean(process.env['CI']);
const entry = workerEntry(required);
const redisFound = await hasRedisServer(required);

let database: TestDatabase;
let accept: (names: string[]) => Promise<string[]>;
const processes: WorkerProcess[] = [];

async function start(env: Record<string, string> = {}): Promise<WorkerProcess> {
  const worker = await startWorkerProcess(entry!, testSettings(database, { LOG_LEVEL: 'info', ...env }));
  processes.push(worker);
  return worker;
}

beforeEach(async () => {
  database = await createTestDatabase();
  accept = await startIntake(database);
});

afterEach(async () => {
  for (const worker of processes.splice(0)) await worker.end('SIGKILL');
  await database.drop();
});

it.skipIf(!entry)(
  'seals every record exactly once although workers are killed under load, and stops when asked',
  async () => {
    const settings = { SEAL_INTERVAL_MS: '100' };
    let victim = await start(settings);
    const survivor = await start(settings);
    const ids = new Map<string, string>();
    let loading = true;
    const load = (async () => {
      for (let i = 0; loading; i += 1) {
        const names = Array.from({ length: 200 }, (_, j) => `${i} ${j}`);
        for (const [j, id] of (await accept(names)).entries()) ids.set(names[j]!, id);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    })();
    for (let round = 0; round < 4; round += 1) {
      await new Promise((resolve) => setTimeout(resolve, 300 + 137 * round));
      await victim.end('SIGKILL');
      victim = await start(settings);
    }
    loading = false;
    await load;
    const took = await until(async () => (await unsealed(database)) === 0, 'all records to be sealed');
    console.log(
      `${ids.size} records; the last was sealed ${Math.round(took)} ms after the last kill and the end of the load`,
    );
    await expectWholeBatches(database);
    for (const [name, id] of [...ids].filter((_, i) => i % 997 === 0))
      expect((await verifyRecord(database, id, name)).verdict).toBe('pending');
    expect(await survivor.end('SIGTERM')).toBe(0);
    expect(survivor.output()).not.toMatch(/"level":"error"/);
  },
);

it.skipIf(!entry || !redisFound)('starts without Redis, waits for it, and stops although Redis is gone', async () => {
  const redis = await startRedis();
  try {
    await accept(['document']);
    await redis.kill();
    const starting = start({ REDIS_URL: redis.url });
    await new Promise((resolve) => setTimeout(resolve, 3000));
    await redis.restart();
    const worker = await starting;
    await until(async () => (await unsealed(database)) === 0, 'the record to be sealed');
    await redis.kill();
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(await worker.end('SIGTERM')).toBe(0);
    expect(worker.output()).not.toMatch(/[uU]nhandled/);
  } finally {
    await redis.kill();
  }
});

it.skipIf(!entry)('names every bad setting and does not start', async () => {
  await expect(start({ SEAL_INTERVAL_MS: 'soon', OTS_QUORUM: '0' })).rejects.toThrow(/SEAL_INTERVAL_MS[^]*OTS_QUORUM/);
});

it.skipIf(!entry)('tells its own health, and that it cannot do what it is for', async () => {
  const worker = await start({ WORKER_PORT: '0' });
  const [, url] = /health of the worker at (http:\S+)\/readyz/.exec(worker.output()) ?? [];
  const get = async (path: string) => {
    const answer = await fetch(`${url}${path}`, { signal: AbortSignal.timeout(10_000) });
    return { status: answer.status, text: await answer.text() };
  };
  expect(await get('/livez')).toEqual({ status: 200, text: '{"status":"live"}' });
  const ready = await get('/readyz');
  expect(ready).toMatchObject({ status: 200 });
  expect(JSON.parse(ready.text)).toMatchObject({
    status: 'ready',
    checks: { database: { ok: true }, queue: { ok: true }, seal: { ok: true } },
  });
  const metrics = (await get('/metrics')).text;
  expect(metrics).toMatch(/^sealroot_check\{check="seal"\} 1$/m);
  expect(metrics).toMatch(/^sealroot_clock_behind_seconds 0$/m);
  expect((await get('/else')).status).toBe(404);
  const { rows } = await database.pool.query<{ name: string }>('SELECT current_database() AS name');
  await database.pool.query(`ALTER DATABASE "${rows[0]!.name}" SET default_transaction_read_only = on`);
  await database.pool.query(
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
  );
  await expect.poll(async () => (await get('/readyz')).text).toContain('the server is read-only (25006)');
  expect((await get('/readyz')).status).toBe(503);
});
