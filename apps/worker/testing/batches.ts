import type { INestApplicationContext } from '@nestjs/common';
import { expect } from 'vitest';
import type { TestDatabase } from '#database/testing.js';
import { SealingService } from '#sealing/sealing.service.js';

/** Pause between two looks, in milliseconds. */
const LOOK_MS = 20;

/** Longest wait, in milliseconds: only for what never comes, and longer than a killed worker holds a submission (two minutes). How fast
 * something is, is the bench's to say. */
const LIMIT_MS = 150_000;

/** Resolves, to the milliseconds that it took, once `done` says so. */
export async function until(done: () => Promise<boolean>, what: string): Promise<number> {
  const start = performance.now();
  while (!(await done())) {
    if (performance.now() - start > LIMIT_MS) throw new Error(`Waiting for ${what}: expected it within ${LIMIT_MS} ms`);
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

/** Seals all that waits. The worker may be at it too, and then there is nothing to do but to wait for it. */
export async function sealAll(worker: INestApplicationContext, database: TestDatabase): Promise<void> {
  while ((await unsealed(database)) > 0) {
    if ((await worker.get(SealingService, { strict: false }).seal()) !== null) continue;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
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
