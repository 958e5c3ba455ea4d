import { describe, expect, it } from 'vitest';
import { SubmissionReaderRepository } from './submission-reader.repository.js';
import { answer, budget, terms, useSubmissionTrial } from './testing/submission-trial.js';

const trial = useSubmissionTrial();
const { seal, start, submitted, again, age, status, told } = trial;

describe('what a submission costs', () => {
  it('is stored with the answer, to the last digit, handed back to the anchor, and summed up', async () => {
    const wei = '115792089237316195423570985008687907853269984665640564039457584007913129639935';
    await seal(3);
    const { held } = await start({ anchor: 'evm:main' });
    const first = { ...answer('pending'), spent: { amount: wei, unit: 'wei' as const } };
    expect(await trial.submissions.store(held!, first, 0)).toBe(true);
    expect((await trial.submissions.hold(held!.id, 60))?.answer?.spent).toEqual({ amount: wei, unit: 'wei' });
    const next = await submitted('pending', undefined, 'evm:main');
    await trial.submissions.store((await again(next))!, { ...first, spent: { amount: '1', unit: 'wei' } }, 3600);
    expect((await status('evm:main')).cost).toMatchObject({
      unit: 'wei',
      spent: BigInt(wei) + 1n,
      spentLastDay: BigInt(wei) + 1n,
    });
    expect(await new SubmissionReaderRepository(trial.pool).newest('evm:main', 5)).toMatchObject([
      { spent: '1' },
      { spent: wei },
    ]);
  });

  it('goes up and down with each answer, and stays when an answer does not know it', async () => {
    const held = await submitted('pending', '300');
    await trial.submissions.store((await again(held))!, answer('pending', '900'), 3600);
    expect((await status()).cost?.spent).toBe(900n);
    await trial.submissions.store((await again(held))!, answer('pending'), 3600);
    expect((await status()).cost?.spent).toBe(900n);
    await trial.submissions.store((await again(held))!, answer('confirmed', '300'), 3600);
    expect((await status()).cost).toMatchObject({ spent: 300n, spentLastDay: 300n });
  });

  it('of an attempt that lost its hold is not stored, but counted by the attempt that has it', async () => {
    const held = await submitted('pending', '300');
    const slow = (await again(held))!;
    const quick = (await again(held))!;
    expect(await trial.submissions.store(quick, answer('pending', '500'), 3600)).toBe(true);
    expect(await trial.submissions.store(slow, answer('pending', '400'), 3600)).toBe(false);
    expect((await status()).cost?.spent).toBe(500n);
  });

  it('counts for the day in which it changed or was confirmed, the later of both', async () => {
    const held = await submitted('pending', '300');
    await age(held, 30);
    expect((await status()).cost).toMatchObject({ spent: 300n, spentLastDay: 0n });
    await trial.submissions.store((await again(held))!, answer('confirmed', '300'), 3600);
    expect((await status()).cost).toMatchObject({ spent: 300n, spentLastDay: 300n });
    await age(held, 30);
    await trial.submissions.store((await again(held))!, answer('final', '300'), 3600);
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
          await trial.submissions.store(held, answer(n % 2 ? 'pending' : 'confirmed', String(n * 10)), 0);
          const second = await trial.submissions.hold(held.id, 60);
          if (second) await trial.submissions.store(second, answer('final', String(n * 7)), 3600);
        }),
      ),
    );
    const { rows } = await trial.pool.query(`SELECT s.*, t."name" IS NOT NULL AS "same" FROM (
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
    await trial.submissions.store(held!, answer('confirmed', '60'), 3600);
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
    const due = await trial.submissions.dueStarts([
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
    expect(await trial.submissions.dueStarts([terms({ oneAtATime: true })])).toHaveLength(expected ? 1 : 0);
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
    await trial.pool.query('UPDATE "submission" SET "next_attempt_at" = clock_timestamp() - interval \'1 s\'');
    const due = await trial.submissions.due([
      { anchor: 'busy', limit: 8 },
      { anchor: 'idle', limit: 8 },
      { anchor: 'full', limit: 0 },
    ]);
    expect(due.filter(({ anchor }) => anchor === 'busy')).toHaveLength(8);
    expect(due.filter(({ anchor }) => anchor === 'idle')).toHaveLength(1);
  });
});
