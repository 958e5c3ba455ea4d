import { SealError } from './error.js';
import type { Queryable } from './log-tree.js';

/**
 * Refuses to give batch `number` the time `now` when the batch before it was sealed later: times in the log would run backwards without a word,
 * and one of the two is wrong. The batch before it may be named as the wrong one (`wrongBatch`, its number): its time counts for nothing then.
 * @throws SealError `clock-behind`
 */
export async function assertClock(
  db: Queryable,
  number: number,
  now: Date,
  wrongBatch: number | undefined,
): Promise<void> {
  if (number === 0 || number - 1 === wrongBatch) return;
  const { rows } = await db.query<{ sealedAt: Date }>(
    'SELECT "sealed_at" AS "sealedAt" FROM "batch" WHERE "number" = $1',
    [number - 1],
  );
  const last = rows[0]?.sealedAt;
  if (last === undefined || last <= now) return;
  throw new SealError(
    'clock-behind',
    `Sealing batch ${number}: this machine's clock is behind the time at which batch ${number - 1} was sealed, ${last.toISOString()}, and sealing waits ` +
      `for it. If that time was wrong and the clock is right now, set WRONG_TIME_BATCH=${number - 1}: the log then shows both times`,
  );
}

/** How far a clock that shows `now` is behind the time at which the newest batch was sealed (null: there is none), in milliseconds; 0 when it is not. */
export function clockBehindMs(lastSealedAt: Date | null, now: Date): number {
  return lastSealedAt === null ? 0 : Math.max(0, lastSealedAt.getTime() - now.getTime());
}
