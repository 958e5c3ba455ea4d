import { getQueueToken } from '@nestjs/bullmq';
import type { INestApplicationContext } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { type Queue, Worker } from 'bullmq';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ConfigModule } from '#config/config.module.js';
import { createTestDatabase, type TestDatabase } from '#database/testing.js';
import { QueueModule } from '#queue/queue.module.js';
import { JOB_OPTIONS, jobId, SEAL_QUEUE, WORKER_OPTIONS } from '#queue/queues.js';
import { expectWholeBatches, unsealed, until } from '../testing/batches.js';
import { verifyRecord } from '../testing/public-proof.js';
import { hasRedisServer, startRedis, type TestRedis } from '#queue/testing/redis-server.js';
import { startIntake, startWorker, testConfig } from '../testing/test-worker.js';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const redisFound = await hasRedisServer(Boolean(process.env['CI']));

describe.each([{ backend: 'PostgreSQL' }, { backend: 'Redis', skip: !redisFound }])(
  'sealing with the queue in $backend',
  ({ backend, skip }) => {
    let database: TestDatabase;
    let redis: TestRedis | undefined;
    let env: Record<string, string> = {};
    const workers: INestApplicationContext[] = [];

    async function start(more: Record<string, string> = {}): Promise<INestApplicationContext> {
      const worker = await startWorker(testConfig(database, { ...env, ...more }));
      workers.push(worker);
      return worker;
    }

    beforeAll(async () => {
      if (skip || backend !== 'Redis') return;
      redis = await startRedis();
      env = { REDIS_URL: redis.url };
      return () => redis!.kill();
    });

    afterEach(async () => {
      for (const worker of workers.splice(0)) await worker.close();
      await database?.drop();
    });

    it.skipIf(skip)('seals every record while others arrive, and each can be proved', async () => {
      database = await createTestDatabase();
      const accept = await startIntake(database);
      await start();
      const ids = new Map<string, string>();
      for (let i = 0; i < 60; i += 1) {
        const name = `document ${i}`;
        void accept([name]).then(([id]) => ids.set(name, id!));
        await pause(73);
      }
      await until(async () => ids.size === 60 && (await unsealed(database)) === 0, 'all records to be sealed');
      const { rows } = await database.pool.query<{ ms: number }>(
        `SELECT extract(epoch FROM k."created_at" - c."created_at")::float8 * 1000 AS ms
       FROM "chunk" c JOIN "checkpoint" k ON k."size" = c."batch_number" + 1 ORDER BY ms`,
      );
      const [worst] = rows.slice(-1);
      console.log(
        `accepted to sealed, ${backend}: worst ${Math.round(worst!.ms)} ms, median ${Math.round(rows[rows.length >> 1]!.ms)} ms`,
      );
      for (const [name, id] of ids) {
        expect((await verifyRecord(database, id, name)).verdict).toBe('pending');
        expect((await verifyRecord(database, id, `${name}, changed`)).verdict).toBe('mismatch');
      }
      await expectWholeBatches(database);
    });

    it.skipIf(skip)('seals nothing twice when three workers race, and fills batches to their limit', async () => {
      database = await createTestDatabase();
      const accept = await startIntake(database);
      const settings = { SEAL_INTERVAL_MS: '100', BATCH_MAX_RECORDS: '200' };
      await Promise.all([start(settings), start(settings), start(settings)]);
      for (let i = 0; i < 40; i += 1) {
        await accept(Array.from({ length: 50 }, (_, j) => `${i} ${j}`));
        await pause(10);
      }
      await until(async () => (await unsealed(database)) === 0, 'all records to be sealed');
      const { rows } = await database.pool.query('SELECT max("size") FROM "batch"');
      expect(rows).toEqual([{ max: 200 }]);
      await expectWholeBatches(database);
    });

    it.skipIf(skip)('does not wait for the job of a process that was killed while it sealed', async () => {
      database = await createTestDatabase();
      const accept = await startIntake(database);
      const settings = { SEAL_INTERVAL_MS: '2000' };
      await accept(['document']);
      const module = await Test.createTestingModule({
        imports: [ConfigModule.forRoot(testConfig(database, { ...env, ...settings })), QueueModule],
      }).compile();
      const queues = await module.init();
      const queue = queues.get<Queue>(getQueueToken(SEAL_QUEUE), { strict: false });
      // Taken and never finished, as by a killed process, but locked for longer than the test may last.
      const dead = new Worker(SEAL_QUEUE, null, {
        ...WORKER_OPTIONS,
        lockDuration: 600_000,
        autorun: false,
        connection: queue.opts.connection,
      });
      dead.on('error', () => undefined);
      try {
        await queue.add(SEAL_QUEUE, { number: 0 }, { ...JOB_OPTIONS, jobId: jobId.seal(0, 0) });
        expect((await dead.getNextJob('token of the dead'))?.id).toBe(jobId.seal(0, 0));
        await start(settings);
        await until(async () => (await unsealed(database)) === 0, 'the record to be sealed');
        expect(await (await queue.getJob(jobId.seal(0, 0)))?.isActive()).toBe(true);
      } finally {
        await dead.close(true);
        await queues.close();
      }
    });

    it.skipIf(skip)('goes on when the queue was lost, with all that it held', async () => {
      database = await createTestDatabase();
      const accept = await startIntake(database);
      await start({ SEAL_INTERVAL_MS: '200' });
      await accept(['before']);
      await until(async () => (await unsealed(database)) === 0, 'the first record to be sealed');
      if (redis) {
        await redis.kill();
        await accept(['meanwhile']);
        await pause(3000);
        expect(await unsealed(database)).toBe(1);
        await redis.restart();
      } else {
        // Every connection of the worker, for good measure while a job runs: the queue's, those that listen, and the service's own.
        for (let i = 0; i < 5; i += 1) {
          await accept([`meanwhile ${i}`]).catch(() => undefined);
          await database.pool.query(
            `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name <> ''`,
          );
          await pause(150);
        }
        await database.pool.query('DELETE FROM "queue"."job"');
      }
      const [id] = await accept(['after']);
      const took = await until(async () => (await unsealed(database)) === 0, 'sealing to resume');
      console.log(`sealing resumed ${Math.round(took)} ms after the queue, ${backend}, was back`);
      expect((await verifyRecord(database, id!, 'after')).verdict).toBe('pending');
      await expectWholeBatches(database);
    });
  },
);
