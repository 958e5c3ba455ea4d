import { beforeEach, describe, expect, it } from 'vitest';
import { AnchorRepository, type OverdueTurn } from './anchor.repository.js';
import { useSubmissionTrial } from './testing/submission-trial.js';

const trial = useSubmissionTrial();
const { seal, submitted } = trial;

describe('an overdue anchor', () => {
  const turns: OverdueTurn[] = [];
  const look = (seconds: number, ofB = seconds) => {
    const anchors = [
      { name: 'a', seconds },
      { name: 'b', seconds: ofB },
    ];
    return new AnchorRepository(trial.pool).turnOverdue(anchors, (turn) => void turns.push(turn));
  };

  beforeEach(async () => {
    turns.length = 0;
    const names = ['a', 'b'].map((name) => ({ name, mostSpent: null }));
    await new AnchorRepository(trial.pool).register(names);
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
    const dying = new AnchorRepository(trial.pool).turnOverdue([{ name: 'a', seconds: 0 }], () => {
      throw new Error('killed');
    });
    await expect(dying).rejects.toThrow('killed');
    await look(0);
    expect(turns).toHaveLength(2);
  });

  it('is not late with what was sealed before it was set up', async () => {
    await seal(1);
    await trial.pool.query(`UPDATE "batch" SET "sealed_at" = "sealed_at" - interval '1 year'`);
    await look(60);
    expect(turns).toEqual([]);
    await trial.pool.query(`UPDATE "anchor" SET "since" = "since" - interval '2 minutes' WHERE "name" = 'a'`);
    await look(60);
    expect(turns).toMatchObject([{ anchor: 'a', overdue: true }]);
  });
});
