import { expect } from 'vitest';
import type { TestDatabase } from '#database/testing.js';

/** Pause between two looks, in milliseconds. */
const LOOK_MS = 20;

/** Resolves, to the milliseconds that it took, when `done` does; fails after `limitMs`. */
export async function until(done: () => Promise<boolean>, limitMs: number, what: string): Promise<number> {
  const start = performance.now();
  while (!(await done())) {
    if (performance.now() - start > limitMs) throw new Error(`Waiting for ${what}: expected it within ${limitMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  return performance.now() - start;
}

/** Records that wait for sealing. */
export async function unsealed(database: TestDatabase): Promise<number> {
  const { rows } = await database.pool.query<{ count: number }>(
    'SELECT coalesce(sum("record_count"), 0)::int AS count FROM "chunk" WHERE "batch_number" IS NULL',
  );
  return rows[0]!.count;
}

/** Expects batches numbered without gaps that hold every sealed chunk exactly once, and one checkpoint for each. */
export async function expectWholeBatches(database: TestDatabase): Promise<void> {
  const { rows } = await database.pool.query<{ number: string; size: number; records: number; last: number }>(
    `SELECT b."number", b."size", sum(c."record_count")::int AS records, max(c."batch_offset" + c."record_count") AS last
     FROM "batch" b JOIN "chunk" c ON c."batch_number" = b."number" GROUP BY b."number" ORDER BY b."number"`,
  );
  expect(rows.map((row) => Number(row.number))).toEqual(rows.map((_, i) => i));
  for (const row of rows) expect([row.records, row.last]).toEqual([row.size, row.size]);
  const log = await database.pool.query<{ size: string; checkpoints: string }>(
    'SELECT "size", (SELECT count(*) FROM "checkpoint") AS checkpoints FROM "log"',
  );
  expect(log.rows).toEqual([{ size: String(rows.length), checkpoints: String(rows.length) }]);
}
