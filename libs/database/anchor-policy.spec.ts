import { createHash, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AnchorReaderRepository } from './anchor-reader.repository.js';
import { AnchorRepository, type OverdueTurn } from './anchor.repository.js';
import { migrate } from './migrate.js';
import { projectRoot } from './project-root.js';
import { SubmissionReaderRepository } from './submission-reader.repository.js';
import {
  type HeldSubmission,
  type Started,
  type StartTerms,
  type SubmissionAnswer,
  SubmissionRepository,
} from './submission.repository.js';
import { createTestDatabase, type TestDatabase } from './testing.js';

let database: TestDatabase;
let submissions: SubmissionRepository;
let told: Started[];

const terms = (change: Partial<StartTerms> = {}): StartTerms => ({
  anchor: 'bitcoin',
  intervalSeconds: 0,
  oneAtATime: false,
  budget: null,
  ...change,
});
const budget = (amount: bigint, most = 1000n) => ({ amount, most, unit: 'sats' });
const answer = (state: SubmissionAnswer['state'], amount?: string): SubmissionAnswer => ({
  state,
  attestation: new Uint8Array([1]),
  progress: {},
  detail: state,
  spent: amount === undefined ? undefined : { amount, unit: 'sats' },
});

/** Seals batches of these sizes, as far as the tables are concerned, one after the other. */
let sealing: Promise<unknown> = Promise.resolve();
async function seal(...sizes: number[]): Promise<void> {
  const turn = sealing.then(() => sealNow(sizes));
  sealing = turn.catch(() => undefined);
  return turn;
}

async function sealNow(sizes: number[]): Promise<void> {
  for (const size of sizes) {
    await database.pool.query(
      `WITH b AS (INSERT INTO "batch" SELECT coalesce(max("number"), -1) + 1, $1, '\\x', clock_timestamp(), '\\x', '\\x', '' FROM "batch" RETURNING *)
       INSERT INTO "checkpoint" ("size", "root", "note", "records")
       SELECT b."number" + 1, '\\x', '', $1 + coalesce((SELECT max("records") FROM "checkpoint"), 0) FROM b`,
      [size],
    );
  }
}

async function start(change: Partial<StartTerms> = {}): Promise<Started> {
  return submissions.start(terms(change), 60, (started) => void told.push(started));
}

/** A new checkpoint's submission, taken to `state` at a cost. */
async function submitted(
  state: SubmissionAnswer['state'],
  amount?: string,
  anchor = 'bitcoin',
): Promise<HeldSubmission> {
  await seal(1);
  const { held } = await start({ anchor });
  expect(await submissions.store(held!, answer(state, amount), 3600)).toBe(true);
  return held!;
}

const again = (held: HeldSubmission) =>
  database.pool
    .query(`UPDATE "submission" SET "next_attempt_at" = clock_timestamp() WHERE "id" = $1`, [held.id])
    .then(() => submissions.hold(held.id, 60));

/** Moves what was spent into the past. */
const age = (held: HeldSubmission, hours: number) =>
  database.pool.query(`UPDATE "submission" SET "spent_at" = "spent_at" - make_interval(mins => $2) WHERE "id" = $1`, [
    held.id,
    Math.round(hours * 60),
  ]);

const status = async (anchor = 'bitcoin') => (await new AnchorReaderRepository(database.pool).status([anchor]))[0]!;

beforeEach(async () => {
  database = await createTestDatabase();
  submissions = new SubmissionRepository(database.pool);
  told = [];
});

afterEach(() => database.drop());

describe('what a submission costs', () => {
  it('is stored with the answer, to the last digit, handed back to the anchor, and summed up', async () => {
    const wei = '115792089237316195423570985008687907853269984665640564039457584007913129639935';
    await seal(3);
    const { held } = await start({ anchor: 'evm:main' });
    const first = { ...answer('pending'), spent: { amount: wei, unit: 'wei' as const } };
    expect(await submissions.store(held!, first, 0)).toBe(true);
    expect((await submissions.hold(held!.id, 60))?.answer?.spent).toEqual({ amount: wei, unit: 'wei' });
    const next = await submitted('pending', undefined, 'evm:main');
    await submissions.store((await again(next))!, { ...first, spent: { amount: '1', unit: 'wei' } }, 3600);
    expect((await status('evm:main')).cost).toMatchObject({
      unit: 'wei',
      spent: BigInt(wei) + 1n,
      spentLastDay: BigInt(wei) + 1n,
    });
    expect(await new SubmissionReaderRepository(database.pool).newest('evm:main', 5)).toMatchObject([
      { spent: '1' },
      { spent: wei },
    ]);
  });

  it('goes up and down with each answer, and stays when an answer does not know it', async () => {
    const held = await submitted('pending', '300');
    await submissions.store((await again(held))!, answer('pending', '900'), 3600);
    expect((await status()).cost?.spent).toBe(900n);
    await submissions.store((await again(held))!, answer('pending'), 3600);
    expect((await status()).cost?.spent).toBe(900n);
    await submissions.store((await again(held))!, answer('confirmed', '300'), 3600);
    expect((await status()).cost).toMatchObject({ spent: 300n, spentLastDay: 300n });
  });

  it('of an attempt that lost its hold is not stored, but counted by the attempt that has it', async () => {
    const held = await submitted('pending', '300');
    const slow = (await again(held))!;
    const quick = (await again(held))!;
    expect(await submissions.store(quick, answer('pending', '500'), 3600)).toBe(true);
    expect(await submissions.store(slow, answer('pending', '400'), 3600)).toBe(false);
    expect((await status()).cost?.spent).toBe(500n);
  });

  it('counts for the day in which it changed or was confirmed, the later of both', async () => {
    const held = await submitted('pending', '300');
    await age(held, 30);
    expect((await status()).cost).toMatchObject({ spent: 300n, spentLastDay: 0n });
    await submissions.store((await again(held))!, answer('confirmed', '300'), 3600);
    expect((await status()).cost).toMatchObject({ spent: 300n, spentLastDay: 300n });
    await age(held, 30);
    await submissions.store((await again(held))!, answer('final', '300'), 3600);
    expect((await status()).cost?.spentLastDay).toBe(0n);
  });

  it('has totals that equal the sums over the rows, whatever happens at once', async () => {
    await seal(...Array<number>(12).fill(5));
    const anchors = ['bitcoin', 'evm:a', 'evm:b'];
    await Promise.all(
      anchors.flatMap((anchor) =>
        [1, 2, 3, 4].map(async (n) => {
          await seal(1);
          const { held } = await start({ anchor });
          if (held === null) return;
          await submissions.store(held, answer(n % 2 ? 'pending' : 'confirmed', String(n * 10)), 0);
          const second = await submissions.hold(held.id, 60);
          if (second) await submissions.store(second, answer('final', String(n * 7)), 3600);
        }),
      ),
    );
    const { rows } = await database.pool.query(`SELECT s.*, t."name" IS NOT NULL AS "same" FROM (
        SELECT "anchor" AS "name", sum("attempts")::bigint AS "attempts", coalesce(sum("spent"), 0) AS "spent",
          count(*) FILTER (WHERE "state" = 'unsubmitted') AS "unsubmitted", count(*) FILTER (WHERE "state" = 'pending') AS "pending",
          count(*) FILTER (WHERE "state" = 'confirmed') AS "confirmed", count(*) FILTER (WHERE "state" = 'final') AS "final"
        FROM "submission" GROUP BY 1) s
      LEFT JOIN "anchor" t ON (t."name", t."attempts", t."spent", t."unsubmitted", t."pending", t."confirmed", t."final")
        = (s."name", s."attempts", s."spent", s."unsubmitted", s."pending", s."confirmed", s."final")`);
    expect(rows).toHaveLength(3);
    expect(rows).toEqual(rows.map((row: object) => ({ ...row, same: true })));
  });

  it('shows records covered up to the confirmed size', async () => {
    await seal(10, 20);
    const { held } = await start();
    await seal(40);
    expect((await status()).recordsCovered).toBe(0);
    await submissions.store(held!, answer('confirmed', '60'), 3600);
    expect(await status()).toMatchObject({
      confirmedSize: 2,
      recordsCovered: 30,
      attempts: 1,
      submissions: { confirmed: 1 },
    });
  });
});

describe('a new submission', () => {
  it('waits for the interval of its own anchor', async () => {
    await submitted('pending', undefined, 'slow');
    await submitted('pending', undefined, 'quick');
    await seal(1);
    const due = await submissions.dueStarts([
      terms({ anchor: 'slow', intervalSeconds: 3600 }),
      terms({ anchor: 'quick', intervalSeconds: 0 }),
      terms({ anchor: 'new', intervalSeconds: 3600 }),
    ]);
    expect(due).toEqual([
      { anchor: 'quick', checkpointSize: 3 },
      { anchor: 'new', checkpointSize: 3 },
    ]);
    expect((await start({ anchor: 'slow', intervalSeconds: 3600 })).held).toBeNull();
    expect((await start({ anchor: 'quick', intervalSeconds: 0 })).held).toMatchObject({ checkpointSize: 3 });
  });

  it.each([
    ['unsubmitted', false],
    ['pending', false],
    ['confirmed', true],
    ['final', true],
  ] as const)('of an anchor that takes one at a time, after one that is %s: %s', async (state, expected) => {
    await submitted(state);
    await seal(1);
    expect(await submissions.dueStarts([terms({ oneAtATime: true })])).toHaveLength(expected ? 1 : 0);
    expect((await start({ oneAtATime: true })).held !== null).toBe(expected);
  });

  it('is made once, however many processes want it', async () => {
    await seal(1);
    const all = await Promise.all(Array.from({ length: 8 }, () => start({ budget: budget(1000n) })));
    expect(all.filter(({ held }) => held !== null)).toHaveLength(1);
    expect(told.filter(({ pause }) => pause !== null)).toHaveLength(0);
  });

  it('of one anchor is not among the due work of another, however much of that there is', async () => {
    for (let i = 0; i < 30; i++) await submitted('pending', undefined, 'busy');
    await submitted('pending', undefined, 'idle');
    await database.pool.query('UPDATE "submission" SET "next_attempt_at" = clock_timestamp() - interval \'1 s\'');
    const due = await submissions.due([
      { anchor: 'busy', limit: 8 },
      { anchor: 'idle', limit: 8 },
      { anchor: 'full', limit: 0 },
    ]);
    expect(due.filter(({ anchor }) => anchor === 'busy')).toHaveLength(8);
    expect(due.filter(({ anchor }) => anchor === 'idle')).toHaveLength(1);
  });
});

describe('a budget', () => {
  it('counts what was spent in 24 hours, the most of those under way, and the most of the new one', async () => {
    const spent = await submitted('final', '700');
    await submitted('pending', '200');
    await seal(1);
    // 700 + 1000 + 1000
    expect((await start({ budget: budget(2699n) })).pause).toMatchObject({
      until: expect.any(Date),
      detail: expect.stringMatching(
        /^paused: the budget is 2699 sats in 24 hours; 700 were spent, 1 under way may cost 1000, and one more checkpoint may cost 1000; goes on at 20/,
      ),
    });
    expect((await status()).cost?.committed).toBe(900n); // not registered yet: nothing known of the most
    await new AnchorRepository(database.pool).register([
      { name: 'bitcoin', mostSpent: { amount: '1000', unit: 'sats' } },
    ]);
    expect((await status()).cost?.committed).toBe(1700n);
    await age(spent, 24);
    expect((await start({ budget: budget(2699n) })).held).not.toBeNull();
  });

  it('lets a submission start that just fits, and none that is one too dear', async () => {
    await submitted('final', '500');
    await seal(1);
    expect((await start({ budget: budget(1499n) })).pause).not.toBeNull();
    expect((await start({ budget: budget(1500n) })).held).not.toBeNull();
  });

  it('counts one under way with what it costs already when that is more than the most', async () => {
    await submitted('pending', '5000');
    await seal(1);
    expect((await start({ budget: budget(5999n) })).pause).not.toBeNull();
    expect((await start({ budget: budget(6000n) })).held).not.toBeNull();
  });

  it('says from when enough of it is free again, and that this depends on those under way when it does', async () => {
    const old = await submitted('final', '600');
    await age(old, 20);
    const middle = await submitted('final', '400');
    await age(middle, 10);
    await submitted('final', '100');
    await seal(1);
    const hoursUntil = (pause: Started['pause']) => (pause!.until!.getTime() - Date.now()) / 3_600_000;
    expect(hoursUntil((await start({ budget: budget(1500n) })).pause)).toBeCloseTo(4, 1);
    expect(hoursUntil((await start({ budget: budget(1200n) })).pause)).toBeCloseTo(14, 1);
    expect(hoursUntil((await start({ budget: budget(1050n) })).pause)).toBeCloseTo(24, 1);
    expect((await start({ budget: budget(999n) })).pause).toEqual({
      until: null,
      detail:
        'paused: the budget is 999 sats in 24 hours, and one checkpoint may cost 1000 sats; raise ANCHOR_BUDGETS or lower the limit of fees',
    });
    await database.pool.query(`UPDATE "submission" SET "state" = 'pending' WHERE "id" = $1`, [old.id]);
    expect((await start({ budget: budget(1500n) })).pause).toMatchObject({
      until: null,
      detail: expect.stringMatching(/goes on when those under way are confirmed$/),
    });
  });

  it('that is used up is noted once, looked at now and then, and forgotten when it goes on', async () => {
    await submitted('final', '900');
    await seal(1);
    expect(await submissions.dueStarts([terms()])).toHaveLength(1);
    const tight = budget(1000n);
    for (let i = 0; i < 3; i++) await start({ budget: tight });
    expect(told.slice(1).map(({ pause, wasPaused }) => [pause !== null, wasPaused])).toEqual([
      [true, false],
      [true, true],
      [true, true],
    ]);
    expect((await status()).paused).toMatchObject({ detail: expect.stringContaining('900 were spent') });
    expect(await submissions.dueStarts([terms()])).toHaveLength(0);
    expect(await new SubmissionReaderRepository(database.pool).waits(['bitcoin'])).toEqual(
      new Map([['bitcoin', expect.stringMatching(/^paused: the budget is 1000 sats/)]]),
    );
    await database.pool.query(`UPDATE "anchor" SET "budget_checked_at" = "budget_checked_at" - interval '11 s'`);
    expect(await submissions.dueStarts([terms()])).toHaveLength(1);
    expect(await start({ budget: budget(5000n) })).toMatchObject({
      pause: null,
      wasPaused: true,
      held: { checkpointSize: 2 },
    });
    expect((await status()).paused).toBeNull();
  });

  it('pauses an anchor that was never used', async () => {
    await seal(1);
    expect((await start({ anchor: 'fresh', budget: budget(10n) })).pause).not.toBeNull();
    expect((await status('fresh')).paused).not.toBeNull();
  });

  it('is noted again when the process dies before it was told', async () => {
    await submitted('final', '900');
    await seal(1);
    const dying = () => {
      throw new Error('killed');
    };
    await expect(submissions.start(terms({ budget: budget(1000n) }), 60, dying)).rejects.toThrow('killed');
    expect((await status()).paused).toBeNull();
    expect(await start({ budget: budget(1000n) })).toMatchObject({ wasPaused: false, pause: {} });
  });
});

describe('an overdue anchor', () => {
  const turns: OverdueTurn[] = [];
  const look = (seconds: number, ofB = seconds) => {
    const anchors = [
      { name: 'a', seconds },
      { name: 'b', seconds: ofB },
    ];
    return new AnchorRepository(database.pool).turnOverdue(anchors, (turn) => void turns.push(turn));
  };

  beforeEach(async () => {
    turns.length = 0;
    const names = ['a', 'b'].map((name) => ({ name, mostSpent: null }));
    await new AnchorRepository(database.pool).register(names);
  });

  it('is told of once when it begins and once when it ends, by one of all processes', async () => {
    await look(0);
    expect(turns).toEqual([]);
    await seal(1);
    const many = () => Promise.all(Array.from({ length: 6 }, () => look(0)));
    await many();
    expect(turns.map(({ anchor, overdue }) => `${anchor} ${overdue}`).sort()).toEqual(['a true', 'b true']);
    await submitted('confirmed', undefined, 'a');
    await many();
    expect(turns.slice(2)).toMatchObject([
      { anchor: 'a', overdue: false, confirmedSize: 2, waitingSince: null, since: expect.any(Date) },
    ]);
    await look(3600);
    expect(turns.slice(3)).toMatchObject([{ anchor: 'b', overdue: false, confirmedSize: 0 }]);
  });

  it('is late by its own measure', async () => {
    await seal(1);
    await look(0, 3600);
    expect(turns).toMatchObject([{ anchor: 'a', overdue: true }]);
    await look(3600, 0);
    expect(
      turns
        .slice(1)
        .map(({ anchor, overdue }) => `${anchor} ${overdue}`)
        .sort(),
    ).toEqual(['a false', 'b true']);
  });

  it('is told of again when the process dies before it was', async () => {
    await seal(1);
    const dying = new AnchorRepository(database.pool).turnOverdue([{ name: 'a', seconds: 0 }], () => {
      throw new Error('killed');
    });
    await expect(dying).rejects.toThrow('killed');
    await look(0);
    expect(turns).toHaveLength(2);
  });

  it('is not late with what was sealed before it was set up', async () => {
    await seal(1);
    await database.pool.query(`UPDATE "batch" SET "sealed_at" = "sealed_at" - interval '1 year'`);
    await look(60);
    expect(turns).toEqual([]);
    await database.pool.query(`UPDATE "anchor" SET "since" = "since" - interval '2 minutes' WHERE "name" = 'a'`);
    await look(60);
    expect(turns).toMatchObject([{ anchor: 'a', overdue: true }]);
  });
});

it('the second migration keeps and adds up what a database of the first holds', async () => {
  const old = await createTestDatabase({ migrated: false });
  try {
    const sql = await readFile(join(projectRoot(), 'prisma', 'migrations', '0001_init', 'migration.sql'), 'utf8');
    await old.pool
      .query(`CREATE TABLE "_prisma_migrations" ("id" varchar(36) PRIMARY KEY, "checksum" varchar(64) NOT NULL, "finished_at" timestamptz,
      "migration_name" varchar(255) NOT NULL, "logs" text, "rolled_back_at" timestamptz, "started_at" timestamptz NOT NULL DEFAULT now(),
      "applied_steps_count" integer NOT NULL DEFAULT 0)`);
    await old.pool.query(sql);
    await old.pool.query(
      `INSERT INTO "_prisma_migrations" ("id", "checksum", "migration_name", "finished_at") VALUES ($1, $2, '0001_init', now())`,
      [randomUUID(), createHash('sha256').update(sql).digest('hex')],
    );
    await old.pool.query(
      `INSERT INTO "batch" SELECT i, i + 1, '\\x', now(), '\\x', '\\x', '' FROM generate_series(0, 4) AS i`,
    );
    await old.pool.query(
      `INSERT INTO "checkpoint" ("size", "root", "note") SELECT i, '\\x', 'note' FROM generate_series(1, 5) AS i`,
    );
    await old.pool
      .query(`INSERT INTO "submission" ("anchor", "checkpoint_size", "state", "attestation", "progress", "detail", "attempts", "next_attempt_at", "created_at")
      VALUES ('opentimestamps', 2, 'final', '\\x01', '{}', 'd', 7, now(), '2026-01-02T00:00:00Z'), ('opentimestamps', 5, 'pending', '\\x02', '{"a":1}', 'e', 2, now(), now()),
        ('bitcoin', 5, 'unsubmitted', NULL, NULL, '', 1, now(), now())`);
    expect(await migrate(old.pool)).toContain('0002_anchor_policy');
    const checkpoints = await old.pool.query<{ records: string }>('SELECT "records" FROM "checkpoint" ORDER BY "size"');
    expect(checkpoints.rows.map(({ records }) => Number(records))).toEqual([1, 3, 6, 10, 15]);
    const reader = new AnchorReaderRepository(old.pool);
    expect(await reader.status(['opentimestamps', 'bitcoin'])).toMatchObject([
      {
        since: new Date('2026-01-02T00:00:00Z'),
        confirmedSize: 2,
        recordsCovered: 3,
        attempts: 9,
        submissions: { unsubmitted: 0, pending: 1, confirmed: 0, final: 1 },
        cost: null,
        paused: null,
      },
      { confirmedSize: 0, recordsCovered: 0, attempts: 1, submissions: { unsubmitted: 1 } },
    ]);
    // Work goes on where it stopped.
    const repository = new SubmissionRepository(old.pool);
    const [due] = await repository.due([{ anchor: 'opentimestamps', limit: 1 }]);
    const held = (await repository.hold(due!.id, 60))!;
    expect(held.answer).toMatchObject({ state: 'final' });
    expect(await repository.store(held, { ...answer('final'), spent: undefined }, 60)).toBe(true);
    expect((await reader.status(['opentimestamps']))[0]).toMatchObject({ attempts: 10 });
  } finally {
    await old.drop();
  }
});
