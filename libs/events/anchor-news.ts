import type pg from 'pg';
import type { NewFeedEvent } from '#database/feed-event.repository.js';
import { newEvent } from './new-event.js';

/** What an anchor has come to in one log since it was told last. */
interface Confirmation {
  anchor: string;
  logStart: string;
  /** Sizes told before. */
  confirmedFrom: string;
  finalFrom: string;
  /** The newest checkpoints, with their times; null where nothing is new. */
  confirmed: string | null;
  confirmedAt: Date | null;
  final: string | null;
  finalAt: Date | null;
}

/** A checkpoint covers the batches of its own log: each log of this database, from its first batch to its last, is looked at by itself. */
const CONFIRMATIONS = `
WITH starts AS (SELECT 0::bigint AS "start" UNION SELECT "size" FROM "ended_log"),
  logs AS (SELECT "start", least(lead("start", 1, $1::bigint) OVER (ORDER BY "start"), $1::bigint) AS "end" FROM starts)
SELECT k."name" AS "anchor", g."start" AS "logStart", t."confirmed" AS "confirmedFrom", t."final" AS "finalFrom",
  c."size" AS "confirmed", c."at" AS "confirmedAt", f."size" AS "final", f."at" AS "finalAt"
FROM "anchor" k CROSS JOIN logs g
LEFT JOIN "feed_anchor" a ON a."anchor" = k."name" AND a."log_start" = g."start"
CROSS JOIN LATERAL (SELECT coalesce(a."confirmed_size", g."start") AS "confirmed", coalesce(a."final_size", g."start") AS "final") t
LEFT JOIN LATERAL (SELECT "checkpoint_size" AS "size", "confirmed_at" AS "at" FROM "submission" WHERE "anchor" = k."name"
  AND "state" IN ('confirmed', 'final') AND "checkpoint_size" > t."confirmed" AND "checkpoint_size" <= g."end" ORDER BY "checkpoint_size" DESC LIMIT 1) c ON true
LEFT JOIN LATERAL (SELECT "checkpoint_size" AS "size", "updated_at" AS "at" FROM "submission" WHERE "anchor" = k."name"
  AND "state" = 'final' AND "checkpoint_size" > t."final" AND "checkpoint_size" <= g."end" ORDER BY "checkpoint_size" DESC LIMIT 1) f ON true
WHERE c."size" IS NOT NULL OR f."size" IS NOT NULL ORDER BY 1, g."start"`;

/** What agencies are told of newly confirmed and final checkpoints of at most size `announced`; it is noted as told. */
export async function newConfirmations(client: pg.ClientBase, announced: number): Promise<NewFeedEvent[]> {
  const { rows } = await client.query<Confirmation>(CONFIRMATIONS, [announced]);
  const events: NewFeedEvent[] = [];
  for (const { anchor, logStart, confirmedFrom, finalFrom, confirmed, confirmedAt, final, finalAt } of rows) {
    if (confirmed !== null && confirmedAt !== null)
      events.push(...(await anchorings(client, 'batch.anchored', anchor, confirmedFrom, confirmed, confirmedAt)));
    if (final !== null && finalAt !== null)
      events.push(...(await anchorings(client, 'batch.final', anchor, finalFrom, final, finalAt)));
    await client.query(
      `INSERT INTO "feed_anchor" ("anchor", "log_start", "confirmed_size", "final_size") VALUES ($1, $2, $3, $4)
       ON CONFLICT ("anchor", "log_start") DO UPDATE SET "confirmed_size" = $3, "final_size" = $4`,
      [anchor, logStart, confirmed ?? confirmedFrom, final ?? finalFrom],
    );
  }
  return events;
}

/** One event for each agency with entries in the batches from `from` to the checkpoint of size `size`. */
async function anchorings(
  client: pg.ClientBase,
  type: 'batch.anchored' | 'batch.final',
  anchor: string,
  from: string,
  size: string,
  happenedAt: Date,
): Promise<NewFeedEvent[]> {
  const { rows } = await client.query<{ agencyId: number; first: string; last: string; entries: string }>(
    `SELECT "agency_id" AS "agencyId", min("batch_number") AS "first", max("batch_number") AS "last", sum("entries") AS "entries"
     FROM "batch_agency" WHERE "batch_number" >= $1 AND "batch_number" < $2 GROUP BY 1 ORDER BY 1`,
    [from, size],
  );
  return rows.map(({ agencyId, first, last, entries }) =>
    newEvent(agencyId, type, happenedAt, {
      anchor,
      checkpointSize: Number(size),
      firstBatch: Number(first),
      lastBatch: Number(last),
      entries: Number(entries),
    }),
  );
}

/** What agencies are told of anchors that became overdue while entries of theirs wait; it is noted as told. */
export async function newlyOverdue(client: pg.ClientBase, announced: number): Promise<NewFeedEvent[]> {
  const { rows } = await client.query<{ anchor: string; since: Date; agencyId: number | null; first: string }>(
    `WITH turned AS (
       UPDATE "anchor" SET "overdue_announced" = "overdue_since"
       WHERE "overdue_since" IS NOT NULL AND "overdue_announced" IS DISTINCT FROM "overdue_since" RETURNING "name", "overdue_since"
     )
     SELECT t."name" AS "anchor", t."overdue_since" AS "since", b."agency_id" AS "agencyId", min(b."batch_number") AS "first"
     FROM turned t CROSS JOIN LATERAL (SELECT coalesce(max("checkpoint_size"), 0) AS "size" FROM "submission"
         WHERE "anchor" = t."name" AND "state" IN ('confirmed', 'final')) s
     JOIN "batch_agency" b ON b."batch_number" >= s."size" AND b."batch_number" < $1
     GROUP BY 1, 2, 3 ORDER BY 1, 3`,
    [announced],
  );
  return rows.map(({ anchor, since, agencyId, first }) =>
    newEvent(agencyId!, 'anchor.overdue', since, {
      anchor,
      overdueSince: since.toISOString(),
      firstBatch: Number(first),
    }),
  );
}
