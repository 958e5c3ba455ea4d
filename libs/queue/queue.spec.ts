import type { INestApplicationContext } from '@nestjs/common';
import { getQueueToken } from '@nestjs/bullmq';
import { Test } from '@nestjs/testing';
import { type Queue, Worker } from 'bullmq';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { loadConfig } from '#config/config.js';
import { ConfigModule } from '#config/config.module.js';
import { createTestDatabase, type TestDatabase } from '#database/testing.js';
import { closeWithin } from './close.js';
import { createQueueBackend } from './postgres-backend.js';
import { QueueClient } from './queue-client.js';
import { queueDepth } from './queue-depth.js';
import { QueueModule } from './queue.module.js';
import { CONFIRM_QUEUE, jobId, SEAL_QUEUE, WORKER_OPTIONS } from './queues.js';

describe('a queue in PostgreSQL', () => {
  let database: TestDatabase;
  let app: INestApplicationContext;
  let seal: Queue;

  beforeAll(async () => {
    database = await createTestDatabase();
    const config = loadConfig({ DATABASE_URL: database.url });
    const module = await Test.createTestingModule({ imports: [ConfigModule.forRoot(config), QueueModule] }).compile();
    app = await module.init();
    seal = app.get(getQueueToken(SEAL_QUEUE), { strict: false });
  });

  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  it('is reached again when the first connection breaks, and fetches no job in a loop while none can be', async () => {
    let breaks = 2;
    class BreakingClient extends QueueClient {
      override query(...given: unknown[]): never {
        const query = pg.Client.prototype.query as (...all: unknown[]) => unknown;
        if (breaks-- > 0) return Promise.reject(new Error('The connection broke')) as never;
        return query.apply(this, given) as never;
      }
    }
    const connection = { ...(seal.opts.connection as object), Client: BreakingClient };
    const backend = createQueueBackend(SEAL_QUEUE, { connection } as never, {});
    try {
      const began = performance.now();
      await expect(backend.moveToActive('token')).rejects.toThrow('The connection broke');
      expect(performance.now() - began).toBeGreaterThan(400);
      await expect(backend.waitUntilReady()).rejects.toThrow('The connection broke');
      await expect(backend.waitUntilReady()).resolves.toBeUndefined();
    } finally {
      await backend.close();
    }
  });

  it('holds a job once while it waits, and takes its id again after it has succeeded or failed for good', async () => {
    const id = jobId.seal(7, 0);
    await Promise.all([1, 2, 3].map(() => seal.add(SEAL_QUEUE, { number: 7 }, { jobId: id })));
    expect(await queueDepth(seal)).toEqual({ queue: 'seal', waiting: 1, active: 0, delayed: 0, failed: 0 });
    let runs = 0;
    const finished: string[] = [];
    const worker = new Worker(
      SEAL_QUEUE,
      async () => {
        runs += 1;
        if (runs === 2) throw new Error('not this time');
      },
      { ...WORKER_OPTIONS, connection: seal.opts.connection },
    );
    worker.on('completed', () => finished.push('completed'));
    worker.on('failed', () => finished.push('failed'));
    try {
      await vi.waitFor(() => expect(finished).toEqual(['completed']), 5000);
      await seal.add(SEAL_QUEUE, { number: 7 }, { jobId: id, attempts: 1 });
      await vi.waitFor(() => expect(finished).toEqual(['completed', 'failed']), 5000);
      await seal.add(SEAL_QUEUE, { number: 7 }, { jobId: id });
      await vi.waitFor(() => expect(finished).toEqual(['completed', 'failed', 'completed']), 5000);
      expect(runs).toBe(3);
      expect(await queueDepth(seal)).toEqual({ queue: 'seal', waiting: 0, active: 0, delayed: 0, failed: 1 });
    } finally {
      await worker.close();
    }
  });

  it('keeps its tables in a schema of their own', async () => {
    const { rows } = await database.pool.query(`SELECT DISTINCT "queue" FROM "queue"."job"`);
    expect(rows).toEqual([]);
    const confirm: Queue = app.get(getQueueToken(CONFIRM_QUEUE), { strict: false });
    await confirm.add(CONFIRM_QUEUE, { submissionId: '1' }, { jobId: jobId.confirm('1') });
    expect((await database.pool.query(`SELECT "queue", "id" FROM "queue"."job"`)).rows).toEqual([
      { queue: 'confirm', id: 'confirm-1' },
    ]);
  });
});

describe('QueueModule', () => {
  it('refuses to start without a store', async () => {
    const module = Test.createTestingModule({ imports: [ConfigModule.forRoot(loadConfig({})), QueueModule] });
    await expect(module.compile()).rejects.toThrow(/REDIS_URL: expected this or DATABASE_URL/);
  });
});

describe('closeWithin', () => {
  it('cuts what does not close by itself, and never rejects', async () => {
    const disconnect = vi.fn(async () => undefined);
    expect(await closeWithin({ close: async () => undefined, disconnect }, 50)).toBe(true);
    expect(disconnect).not.toHaveBeenCalled();
    expect(await closeWithin({ close: () => new Promise(() => undefined), disconnect }, 50)).toBe(false);
    expect(disconnect).toHaveBeenCalledOnce();
    expect(await closeWithin({ close: () => Promise.reject(new Error('gone')), disconnect }, 50)).toBe(false);
  });
});
