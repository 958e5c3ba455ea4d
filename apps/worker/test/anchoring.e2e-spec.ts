import type { INestApplicationContext } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type StartTerms, SubmissionRepository } from '#database/submission.repository.js';
import { createTestDatabase, type TestDatabase } from '#database/testing.js';
import { AnchoringService } from '../anchoring.service.js';
import { AttemptSlots } from '../attempt-slots.js';
import { sealAll, until as untilDone } from '../testing/batches.js';
import { verifyRecord } from '../testing/public-proof.js';
import { ScriptedAnchor } from '../testing/scripted-anchor.js';
import { startIntake, startWorker, testConfig } from '../testing/test-worker.js';

const TERMS: StartTerms = { anchor: 'a', intervalSeconds: 3600, oneAtATime: false, budget: null };
const ignore = () => undefined;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

interface Row {
  anchor: string;
  size: number;
  state: string;
  attestation: string | null;
  progress: { calls: number } | null;
  detail: string;
  attempts: number;
  submitted: boolean;
  confirmed: boolean;
  wait: number;
}

let database: TestDatabase;
let accept: (names: string[]) => Promise<string[]>;
const workers: INestApplicationContext[] = [];

async function rows(): Promise<Row[]> {
  const result = await database.pool.query<Row>(
    `SELECT "anchor", "checkpoint_size"::int AS size, "state", encode("attestation", 'hex') AS attestation, "progress", "detail", "attempts",
       "submitted_at" IS NOT NULL AS submitted, "confirmed_at" IS NOT NULL AS confirmed,
       extract(epoch FROM "next_attempt_at" - clock_timestamp())::float8 AS wait
     FROM "submission" ORDER BY "anchor", "checkpoint_size"`,
  );
  return result.rows;
}

async function until(done: (rows: Row[]) => boolean, what: string): Promise<Row[]> {
  let seen: Row[] = [];
  await untilDone(async () => done((seen = await rows())), what);
  return seen;
}

async function start(anchors: ScriptedAnchor[], env: Record<string, string> = {}): Promise<INestApplicationContext> {
  const worker = await startWorker(
    testConfig(database, { SEAL_INTERVAL_MS: '100', ANCHOR_INTERVAL_SECONDS: '1', ...env }),
    anchors,
  );
  workers.push(worker);
  return worker;
}

/** Lets every wait and every hold run out at once. */
async function skipWaits(): Promise<void> {
  await database.pool.query(`UPDATE "submission" SET "next_attempt_at" = clock_timestamp()`);
}

beforeEach(async () => {
  database = await createTestDatabase();
  accept = await startIntake(database);
});

afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.close();
  await database.drop();
});

describe('anchoring', () => {
  it('takes the newest checkpoint to the anchor and follows it to the end, and back after a reorganisation', async () => {
    const anchor = new ScriptedAnchor('a', [
      {},
      {},
      { state: 'confirmed' },
      { state: 'pending', detail: 'the block is gone' },
      { state: 'confirmed' },
      { state: 'final', retryAfterSeconds: 86_400 },
    ]);
    const [id] = await accept(['document']);
    await start([anchor], { ANCHOR_INTERVAL_SECONDS: '3600' });
    const confirmed = await until(([row]) => row?.state === 'final', 'the end');
    expect(confirmed).toMatchObject([
      {
        size: 1,
        attempts: 6,
        attestation: '06',
        progress: { calls: 6 },
        submitted: true,
        confirmed: true,
        detail: 'call 6',
      },
    ]);
    expect(confirmed[0]!.wait).toBeGreaterThan(86_000);
    const { rows: checkpoint } = await database.pool.query<{ root: Buffer }>('SELECT "root" FROM "checkpoint"');
    expect(anchor.calls.map(({ method }) => method)).toEqual(['submit', ...Array<string>(5).fill('confirm')]);
    expect(anchor.calls[0]!.root).toBe(checkpoint[0]!.root.toString('hex'));
    expect(anchor.calls[4]!.earlier).toMatchObject({
      state: 'pending',
      detail: 'the block is gone',
      progress: { calls: 4 },
    });
    expect((await verifyRecord(database, id!, 'document')).verdict).toBe('pending');
  });

  it('anchors at most once in the interval, and then everything that was sealed meanwhile with one submission', async () => {
    const anchor = new ScriptedAnchor('a', [{ retryAfterSeconds: 3600 }]);
    await start([anchor], { ANCHOR_INTERVAL_SECONDS: '2' });
    let made: Row[] = [];
    while (made.length < 3) {
      await accept([String(made.length)]);
      await pause(150);
      made = await rows();
    }
    const { rows: gaps } = await database.pool.query<{ seconds: number }>(
      `SELECT extract(epoch FROM "created_at" - lag("created_at") OVER (ORDER BY "id"))::float8 AS seconds FROM "submission" OFFSET 1`,
    );
    for (const { seconds } of gaps) expect(seconds).toBeGreaterThanOrEqual(2);
    // The checkpoints in between went with the next.
    expect(made.at(-1)!.size).toBeGreaterThan(made.length);
  });

  it('makes no submission when nothing new was sealed', async () => {
    const anchor = new ScriptedAnchor('a', [{ retryAfterSeconds: 3600 }]);
    await accept(['only one']);
    await start([anchor]);
    await until((all) => all.length === 1, 'the submission');
    await pause(2500);
    expect(await rows()).toHaveLength(1);
  });

  it('is not held up by another anchor that throws or never answers, nor is sealing, and says so', async () => {
    const broken = new ScriptedAnchor('broken', [new Error('wires cut: secret detail')]);
    const stuck = new ScriptedAnchor('stuck', ['hang']);
    const good = new ScriptedAnchor('good', [{ state: 'confirmed', retryAfterSeconds: 3600 }]);
    await accept(['first']);
    const worker = await start([broken, stuck, good]);
    await until(
      (all) => all.filter(({ anchor, state }) => anchor === 'good' && state === 'confirmed').length === 1,
      'the first',
    );
    await accept(['second']);
    const all = await until(
      (now) => now.filter(({ anchor, state }) => anchor === 'good' && state === 'confirmed').length === 2,
      'the second',
    );
    expect(all.find(({ anchor }) => anchor === 'broken')).toMatchObject({
      state: 'unsubmitted',
      submitted: false,
      attempts: 1,
    });
    expect(all.find(({ anchor }) => anchor === 'broken')!.detail).toMatch(
      /^the last attempt failed in this service, next try at 20/,
    );
    expect(all.find(({ anchor }) => anchor === 'stuck')).toMatchObject({ state: 'unsubmitted', attempts: 1 });
    // Neither piles up submissions that it cannot make.
    expect(all.filter(({ anchor }) => anchor !== 'good')).toHaveLength(2);
    workers.splice(workers.indexOf(worker), 1);
    void worker.close().catch(() => undefined);
  });

  it('retries what was not taken, keeps what was, and goes on to newer checkpoints once one place has it', async () => {
    const anchor = new ScriptedAnchor('a', [
      { state: 'unsubmitted', attestation: null, detail: 'no calendar reachable', retryAfterSeconds: 3600 },
      { state: 'unsubmitted', detail: 'submitted to 1 of 2', retryAfterSeconds: 3600 },
      { state: 'pending', detail: 'the newer one', retryAfterSeconds: 3600 },
    ]);
    await accept(['one']);
    await start([anchor]);
    await until(([row]) => row?.detail === 'no calendar reachable', 'the first attempt');
    await accept(['two']);
    await pause(1500);
    expect(await rows()).toHaveLength(1);
    await skipWaits();
    const all = await until((now) => now.length === 2 && now[1]!.state === 'pending', 'the newer checkpoint');
    expect(all).toMatchObject([
      { size: 1, state: 'unsubmitted', attestation: '02', submitted: false },
      { size: 2, state: 'pending', attestation: '03', submitted: true },
    ]);
    expect(anchor.calls[1]!.earlier).toMatchObject({ state: 'unsubmitted', attestation: null });
  });
});

describe('a crash', () => {
  it('between the row and the submission, or between the submission and its storing, repeats the attempt later and never at once', async () => {
    const dying = new ScriptedAnchor('a', ['hang']);
    const settings = testConfig(database, { SEAL_INTERVAL_MS: '100', ANCHOR_INTERVAL_SECONDS: '3600' });
    await accept(['document']);
    const worker = await startWorker(settings, []);
    workers.push(worker);
    await sealAll(worker, database);

    // A process that made the row and died before it asked anybody.
    const submissions = new SubmissionRepository(database.pool);
    expect(await submissions.start(TERMS, 60, ignore)).toMatchObject({
      held: { checkpointSize: 1, answer: null, attempts: 1 },
    });
    expect(await submissions.start(TERMS, 60, ignore)).toEqual({ held: null, pause: null, wasPaused: false });
    const [{ id }] = (await database.pool.query<{ id: string }>('SELECT "id" FROM "submission"')).rows as [
      { id: string },
    ];
    const anchoring = new AnchoringService(new Map([['a', dying]]), submissions, settings, new AttemptSlots());
    expect(await anchoring.goOn('a', id)).toBeNull();
    await skipWaits();

    // A process that asked and died before it stored: it never returns from the anchor, and is given up when this database is gone.
    anchoring.goOn('a', id).catch(() => undefined);
    await dying.called(1);
    expect(await anchoring.goOn('a', id)).toBeNull();
    expect((await rows())[0]).toMatchObject({ state: 'unsubmitted', attempts: 2, attestation: null });
    await skipWaits();

    // The next process starts over and gets through.
    const alive = new ScriptedAnchor('a', [{}]);
    const next = new AnchoringService(new Map([['a', alive]]), submissions, settings, new AttemptSlots());
    expect(await next.goOn('a', id)).toMatchObject({ state: 'pending', checkpointSize: 1 });
    expect((await rows())[0]).toMatchObject({ state: 'pending', attempts: 3, attestation: '01' });
  });

  it('does not let an attempt that was thought dead overwrite what was stored since', async () => {
    await accept(['document']);
    const worker = await startWorker(testConfig(database), []);
    workers.push(worker);
    await sealAll(worker, database);
    const submissions = new SubmissionRepository(database.pool);
    const slow = (await submissions.start(TERMS, 0, ignore)).held!;
    const quick = (await submissions.hold(slow.id, 60))!;
    const answer = {
      state: 'pending' as const,
      attestation: new Uint8Array([1]),
      progress: { calls: 1 },
      detail: 'quick',
    };
    expect(await submissions.store(quick, answer, 60)).toBe(true);
    expect(await submissions.store(slow, { ...answer, detail: 'slow' }, 60)).toBe(false);
    expect(await submissions.postpone(slow, 'slow', 60)).toBe(false);
    expect((await rows())[0]!.detail).toBe('quick');
  });
});
