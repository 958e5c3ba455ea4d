import type pg from 'pg';
import type { NewFeedEvent } from '#database/feed-event.repository.js';
import { newEvent } from './new-event.js';
import { statusNews } from './status-news.js';

/** Whose entries batches hold, and what these add to each agency's usage. Chunks of earlier versions do not say it: theirs are counted. A chunk with events or
 * reliances is one agency's. */
const NOTE_AGENCIES = `
WITH c AS MATERIALIZED (
  SELECT "id", "batch_number", "agency_ids", "agency_entries", "event_count", "reliance_count" FROM "chunk" WHERE "batch_number" >= $1 AND "batch_number" < $2
), old AS (SELECT "id", "batch_number" FROM c WHERE cardinality("agency_ids") = 0), part("batch_number", "id", "entries", "events", "reliances") AS (
  SELECT c."batch_number", a."id", a."entries", c."event_count", c."reliance_count" FROM c CROSS JOIN LATERAL unnest(c."agency_ids", c."agency_entries") AS a("id", "entries")
  UNION ALL SELECT old."batch_number", r."agency_id", 1, 0, 0 FROM old JOIN "record" r ON r."chunk_id" = old."id"
  UNION ALL SELECT old."batch_number", e."agency_id", 1, 1, 0 FROM old JOIN "status_event" e ON e."chunk_id" = old."id"
  UNION ALL SELECT old."batch_number", l."agency_id", 1, 0, 1 FROM old JOIN "reliance" l ON l."chunk_id" = old."id"
), noted AS (
  INSERT INTO "batch_agency" ("batch_number", "agency_id", "entries")
  SELECT "batch_number", "id", sum("entries") FROM part GROUP BY 1, 2 RETURNING *
), used AS (
  INSERT INTO "usage_month" AS u ("agency_id", "month", "records", "status_changes", "reliances")
  SELECT p."id", date_trunc('month', b."sealed_at" AT TIME ZONE 'UTC')::date, sum(p."entries" - p."events" - p."reliances"), sum(p."events"), sum(p."reliances")
  FROM part p JOIN "batch" b ON b."number" = p."batch_number" GROUP BY 1, 2 ORDER BY 1, 2
  ON CONFLICT ("agency_id", "month") DO UPDATE SET "records" = u."records" + excluded."records",
    "status_changes" = u."status_changes" + excluded."status_changes", "reliances" = u."reliances" + excluded."reliances"
)
SELECT n."batch_number" AS "batch", n."agency_id" AS "agencyId", n."entries", b."sealed_at" AS "sealedAt"
FROM noted n JOIN "batch" b ON b."number" = n."batch_number" ORDER BY 1, 2`;

/** Notes whose entries the batches from number `from` to just before `to` hold, and resolves to what agencies are told of them, batch by batch. */
export async function newBatches(client: pg.ClientBase, from: number, to: number): Promise<NewFeedEvent[]> {
  const { rows } = await client.query<{ batch: string; agencyId: number; entries: number; sealedAt: Date }>(
    NOTE_AGENCIES,
    [from, to],
  );
  const changes = await statusNews(client, from, to);
  const events: NewFeedEvent[] = [];
  for (let batch = from; batch < to; batch++) {
    for (const { agencyId, entries, sealedAt } of rows.filter((row) => Number(row.batch) === batch)) {
      const data = { batch, entries, sealedAt: sealedAt.toISOString() };
      events.push(newEvent(agencyId, 'batch.sealed', sealedAt, data));
    }
    events.push(...(changes.get(batch) ?? []));
  }
  return events;
}
