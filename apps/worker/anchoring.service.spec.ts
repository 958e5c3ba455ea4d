import { afterAll, beforeAll, expect, it } from 'vitest';
import { SubmissionRepository } from '#database/submission.repository.js';
import { createTestDatabase, type TestDatabase } from '#database/testing.js';
import { sealNextBatch } from '#sealing/seal.js';
import { addChunk, sealDeps, testKey } from '#sealing/testing/sealed-database.js';
import { AnchoringService } from './anchoring.service.js';
import { AttemptSlots } from './attempt-slots.js';
import { ScriptedAnchor } from './testing/scripted-anchor.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

it('waits longer after each failure in a row, however often a submission was looked at before', async () => {
  const { pool } = database;
  await addChunk(pool, 1);
  await sealNextBatch(sealDeps(pool, testKey()));
  const fault = new Error('out of order');
  const anchor = new ScriptedAnchor('a', [...Array.from({ length: 12 }, () => ({})), fault, fault, {}, fault]);
  const policy = { anchorIntervalSeconds: 1, anchorIntervals: new Map(), anchorBudgets: new Map() };
  const anchors = new Map([['a', anchor]]);
  const service = new AnchoringService(anchors, new SubmissionRepository(pool), policy, new AttemptSlots());
  await service.start('a');
  const { rows } = await pool.query<{ id: string }>('SELECT "id" FROM "submission"');
  const again = () => service.goOn('a', rows[0]!.id);
  /** The pause before the next attempt, in seconds; it is taken as over. */
  const pause = async () => {
    const { rows: due } = await pool.query<{ seconds: number }>(
      `SELECT extract(epoch FROM "next_attempt_at" - "updated_at")::float8 AS "seconds" FROM "submission"`,
    );
    await pool.query('UPDATE "submission" SET "next_attempt_at" = clock_timestamp()');
    return Math.round(due[0]!.seconds);
  };
  for (let i = 1; i < 12; i++) expect(await again()).toMatchObject({ state: 'pending' });
  for (const seconds of [15, 30]) {
    await expect(again()).rejects.toThrow('out of order');
    expect(await pause()).toBe(seconds);
  }
  expect(await again()).toMatchObject({ state: 'pending' });
  await expect(again()).rejects.toThrow('out of order');
  expect(await pause()).toBe(15);
});
