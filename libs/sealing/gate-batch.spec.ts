import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#database/testing.js';
import { tileRows } from '#merkle/tile.js';
import { sealNextBatch } from './seal.js';
import { addChunk, assertLog, sealDeps, testKey } from './testing/sealed-database.js';

const key = testKey();
let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

it('chunks for gates are sealed by themselves, up to 4,096 records a batch, and what gate packs need is stored with each', async () => {
  const gate = (count: number, until: string) => addChunk(db.pool, count, `${Math.random()}`, until);
  await addChunk(db.pool, 10);
  await gate(1000, '2026-03-01T00:00:00.000Z');
  await addChunk(db.pool, 20);
  for (const until of ['2026-05-01T00:00:00.000Z', '2026-04-01T00:00:00.000Z']) await gate(1548, until);
  await gate(1, 'infinity');
  await gate(700, '2026-03-01T00:00:00.000Z');
  await addChunk(db.pool, 30);
  const sizes: number[] = [];
  const deps = sealDeps(db.pool, key, { batchMaxRecords: 100_000 });
  for (let batch; (batch = await sealNextBatch(deps)) !== null;) sizes.push(batch.size);
  // The kind of the oldest comes first: 10, 20 and 30 together, then those for gates, of which the 1 does not fit the 4,096.
  expect(sizes).toEqual([60, 4096, 701]);
  expect(await assertLog(db.pool, key)).toBe(3);
  const { rows } = await db.pool.query<{ first: string; size: number; until: string; subtrees: Buffer; root: Buffer }>(
    `SELECT g."first", g."size", (g."gate_until" AT TIME ZONE 'UTC')::text AS "until", g."subtrees", b."root"
     FROM "gate_batch" g JOIN "batch" b USING ("number") ORDER BY "number"`,
  );
  expect(rows.map(({ first, size, until }) => [Number(first), size, until])).toEqual([
    [60, 4096, '2026-05-01 00:00:00'],
    [4156, 701, 'infinity'],
  ]);
  for (const { subtrees, root, size } of rows) {
    expect(subtrees).toHaveLength(32 * Math.ceil(size / 256));
    expect(Buffer.from(tileRows(new Uint8Array(subtrees)).at(-1)!)).toEqual(root);
  }
});
