import type { INestApplicationContext, LoggerService } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Anchor } from '#anchors/anchor.js';
import { createTestDatabase, type TestDatabase } from '#database/testing.js';
import { until } from '../testing/batches.js';
import { verifyRecord } from '../testing/public-proof.js';
import { ScriptedAnchor } from '../testing/scripted-anchor.js';
import { startIntake, startWorker, testConfig } from '../testing/test-worker.js';

let database: TestDatabase;
let accept: (names: string[]) => Promise<string[]>;
let events: { event: string; anchor: string; [member: string]: unknown }[];
const workers: INestApplicationContext[] = [];

/** Keeps the structured lines of every worker of a test. */
class EventLogger implements LoggerService {
  log = (message: unknown) => this.#keep(message);
  warn = (message: unknown) => this.#keep(message);
  error = (message: unknown) => this.#keep(message);
  #keep(message: unknown): void {
    if (typeof message === 'object' && message !== null && 'event' in message)
      events.push(message as (typeof events)[number]);
  }
}

async function start(anchors: Anchor[], env: Record<string, string> = {}): Promise<INestApplicationContext> {
  const config = testConfig(database, { SEAL_INTERVAL_MS: '50', ANCHOR_INTERVAL_SECONDS: '1', ...env });
  // The anchors of these tests are not those of the configuration, so their own settings are put in here.
  const own = (text = '') =>
    new Map(
      text
        .split(',')
        .filter(Boolean)
        .map((part) => part.split('='))
        .map(([name, n]) => [name!, BigInt(n!)]),
    );
  config.anchorBudgets = own(env['BUDGETS']);
  config.anchorIntervals = own(env['INTERVALS']);
  const worker = await startWorker(config, anchors, new EventLogger());
  workers.push(worker);
  return worker;
}

async function count(anchor: string, state?: string): Promise<number> {
  const { rows } = await database.pool.query<{ n: number }>(
    'SELECT count(*)::int AS n FROM "submission" WHERE "anchor" = $1 AND ($2::text IS NULL OR "state" = $2)',
    [anchor, state ?? null],
  );
  return rows[0]!.n;
}

/** Keeps records coming while `done` is not so. */
async function load(done: () => Promise<boolean>, what: string): Promise<string> {
  let last = '';
  await until(async () => {
    last = `${what} ${performance.now()}`;
    await accept([last]);
    return done();
  }, what);
  return last;
}

beforeEach(async () => {
  database = await createTestDatabase();
  accept = await startIntake(database);
  events = [];
});

afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.close();
  await database.drop();
});

const paid = { mostSpent: { amount: '1000', unit: 'sats' as const } };
const costs = (amount: string) => ({ spent: { amount, unit: 'sats' as const } });

describe('a budget', () => {
  it('pauses its anchor alone, says so once, lets it confirm what is under way, and goes on when the day is over', async () => {
    const dear = new ScriptedAnchor(
      'evm:dear',
      [
        { state: 'pending', retryAfterSeconds: 1, ...costs('800') },
        { state: 'confirmed', retryAfterSeconds: 3600, ...costs('800') },
      ],
      paid,
    );
    const free = new ScriptedAnchor('free', [{ state: 'confirmed', retryAfterSeconds: 3600 }]);
    const name = await load(async () => true, 'first');
    await start([dear, free], { BUDGETS: 'evm:dear=1700' });
    await load(async () => (await count('free')) >= 4, 'the free anchor');
    expect(await count('evm:dear')).toBe(1);
    expect(await count('evm:dear', 'confirmed')).toBe(1);
    const paused = events.filter(({ event }) => event === 'anchor.paused');
    expect(paused).toMatchObject([
      { anchor: 'evm:dear', detail: expect.stringMatching(/^paused: the budget is 1700 sats/) },
    ]);

    // Another process says nothing of what was said.
    await start([dear, free], { BUDGETS: 'evm:dear=1700' });
    await load(async () => (await count('free')) >= 6, 'both processes');
    expect(events.filter(({ event }) => event === 'anchor.paused')).toHaveLength(1);
    await database.pool.query(
      `UPDATE "submission" SET "spent_at" = "spent_at" - interval '24 hours' WHERE "anchor" = 'evm:dear'`,
    );
    await load(async () => (await count('evm:dear')) === 2, 'the next day');
    expect(events.filter(({ event }) => event === 'anchor.resumed')).toMatchObject([{ anchor: 'evm:dear' }]);
    const { rows } = await database.pool.query<{ id: string }>('SELECT "id" FROM "record" LIMIT 1');
    expect((await verifyRecord(database, rows[0]!.id, name)).verdict).toBe('pending');
  });
});

describe('intervals', () => {
  it('are each anchor’s own', async () => {
    const step = [{ state: 'confirmed' as const, retryAfterSeconds: 3600 }];
    await start([new ScriptedAnchor('often', step), new ScriptedAnchor('evm:seldom', step)], {
      INTERVALS: 'evm:seldom=3600',
    });
    await load(async () => (await count('often')) >= 3, 'the quicker anchor');
    expect(await count('evm:seldom')).toBe(1);
  });

  it('do not make an anchor start that takes one at a time and has one under way', async () => {
    const single = new ScriptedAnchor(
      'evm:single',
      [...Array.from({ length: 4 }, () => ({ retryAfterSeconds: 1 })), { state: 'confirmed', retryAfterSeconds: 3600 }],
      { oneAtATime: true },
    );
    await start([single]);
    await load(async () => (await count('evm:single', 'pending')) === 1, 'the first');
    await load(async () => (await count('evm:single', 'confirmed')) >= 1, 'its confirmation');
    expect(single.calls.map(({ method }) => method).slice(0, 5)).toEqual([
      'submit',
      'confirm',
      'confirm',
      'confirm',
      'confirm',
    ]);
    await load(async () => (await count('evm:single')) >= 2, 'the second');
  });
});

describe('an overdue anchor', () => {
  it('is told of once although there are two processes and one starts again, and once when it has caught up', async () => {
    const late = { state: 'pending' as const, retryAfterSeconds: 1 };
    const anchor = new ScriptedAnchor('slow', [late]);
    const env = { ANCHOR_OVERDUE_SECONDS: '1', ANCHOR_INTERVAL_SECONDS: '3600' };
    await accept(['document']);
    const first = await start([anchor], env);
    await start([anchor], env);
    const overdue = () => events.filter(({ event }) => event === 'anchor.overdue');
    await until(async () => overdue().length > 0, 'the event');
    await first.close();
    workers.splice(workers.indexOf(first), 1);
    await start([new ScriptedAnchor('slow', [late, late, late, { state: 'final', retryAfterSeconds: 3600 }])], env);
    await until(async () => events.some(({ event }) => event === 'anchor.overdue.ended'), 'the end');
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(overdue()).toMatchObject([{ anchor: 'slow', confirmedSize: 0, waitingSince: expect.any(String) }]);
    expect(events.filter(({ event }) => event === 'anchor.overdue.ended')).toMatchObject([
      { anchor: 'slow', confirmedSize: 1, overdueSince: expect.any(String) },
    ]);
  });
});
