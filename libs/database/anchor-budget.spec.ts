import { describe, expect, it } from 'vitest';
import { SubmissionReaderRepository } from './submission-reader.repository.js';
import { AnchorRepository } from './anchor.repository.js';
import type { Started } from './submission.repository.js';
import { budget, terms, useSubmissionTrial } from './testing/submission-trial.js';

const trial = useSubmissionTrial();
const { seal, start, submitted, age, status, told } = trial;

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
    await new AnchorRepository(trial.pool).register([{ name: 'bitcoin', mostSpent: { amount: '1000', unit: 'sats' } }]);
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
    await trial.pool.query(`UPDATE "submission" SET "state" = 'pending' WHERE "id" = $1`, [old.id]);
    expect((await start({ budget: budget(1500n) })).pause).toMatchObject({
      until: null,
      detail: expect.stringMatching(/goes on when those under way are confirmed$/),
    });
  });

  it('that is used up is noted once, looked at now and then, and forgotten when it goes on', async () => {
    await submitted('final', '900');
    await seal(1);
    expect(await trial.submissions.dueStarts([terms()])).toHaveLength(1);
    const tight = budget(1000n);
    for (let i = 0; i < 3; i++) await start({ budget: tight });
    expect(told.slice(1).map(({ pause, wasPaused }) => [pause !== null, wasPaused])).toEqual([
      [true, false],
      [true, true],
      [true, true],
    ]);
    expect((await status()).paused).toMatchObject({ detail: expect.stringContaining('900 were spent') });
    expect(await trial.submissions.dueStarts([terms()])).toHaveLength(0);
    expect(await new SubmissionReaderRepository(trial.pool).waits(['bitcoin'])).toEqual(
      new Map([['bitcoin', expect.stringMatching(/^paused: the budget is 1000 sats/)]]),
    );
    await trial.pool.query(`UPDATE "anchor" SET "budget_checked_at" = "budget_checked_at" - interval '11 s'`);
    expect(await trial.submissions.dueStarts([terms()])).toHaveLength(1);
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
    await expect(trial.submissions.start(terms({ budget: budget(1000n) }), 60, dying)).rejects.toThrow('killed');
    expect((await status()).paused).toBeNull();
    expect(await start({ budget: budget(1000n) })).toMatchObject({ wasPaused: false, pause: {} });
  });
});
