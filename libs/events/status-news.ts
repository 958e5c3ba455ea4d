import type pg from 'pg';
import type { NewFeedEvent } from '#database/feed-event.repository.js';
import { findProfile } from '#statement/profile.js';
import type { StatusStatement } from '#statement/status-statement.js';
import { newEvent } from './new-event.js';
import { reliedRecords } from './relied-records.js';

/** Records named in one event: their ids stay well below the limit of its data. */
const RECORDS_PER_EVENT = 200;

/** A change of status in a sealed batch. */
interface SealedChange {
  ordinal: string;
  batch: string;
  sealedAt: Date;
  statement: string;
  /** Who has changed it, and whose record it is. */
  agencyId: number;
  owner: number;
  /** Profile of the record; null for a range. */
  profile: string | null;
}

const CHANGES = `
SELECT coalesce(p."records", 0) + c."batch_offset" + e."position" AS "ordinal", c."batch_number" AS "batch", b."sealed_at" AS "sealedAt",
  e."statement", e."agency_id" AS "agencyId", coalesce(r."agency_id", e."agency_id") AS "owner", r."statement"::json ->> 'profile' AS "profile"
FROM "chunk" c JOIN "batch" b ON b."number" = c."batch_number" LEFT JOIN "checkpoint" p ON p."size" = c."batch_number"
JOIN "status_event" e ON e."chunk_id" = c."id"
LEFT JOIN "record" r ON r."id" = (e."statement"::json ->> 'record')::uuid
WHERE c."event_count" > 0 AND c."batch_number" >= $1 AND c."batch_number" < $2
ORDER BY c."batch_number", c."batch_offset", e."position"`;

/** What agencies are told of the changes of status in the batches from number `from` to just before `to`, by batch: one event for whoever has
 * lodged the records, however many the change is about, and one for each agency that relies on some of them. */
export async function statusNews(
  client: pg.ClientBase,
  from: number,
  to: number,
): Promise<Map<number, NewFeedEvent[]>> {
  const { rows } = await client.query<SealedChange>(CHANGES, [from, to]);
  const news = new Map<number, NewFeedEvent[]>();
  if (rows.length === 0) return news;
  const changes = rows.map((row) => ({ ...row, statement: JSON.parse(row.statement) as StatusStatement }));
  const relied = await reliedRecords(
    client,
    changes.map(({ statement: { record, range } }) => ({ record, range })),
  );
  for (const [i, change] of changes.entries()) {
    const { statement, sealedAt, owner, profile } = change;
    const { agency, record, range, to: status, effectiveAt, receivedAt, reason, by } = statement;
    const batch = Number(change.batch);
    const place = { agency, ordinal: Number(change.ordinal), batch };
    const events = news.get(batch) ?? [];
    news.set(batch, events);
    events.push(
      newEvent(owner, 'record.status_changed', sealedAt, {
        ...(record === undefined ? {} : { record }),
        ...(range === undefined ? {} : { range }),
        status,
        effectiveAt,
        receivedAt,
        ...(reason === undefined ? {} : { reason }),
        ...(by === undefined ? {} : { by }),
        ...place,
      }),
    );
    for (const { agencyId, records, profiles } of relied[i]!) {
      const isPublic = [profile ?? profiles].flat().every((id) => findProfile(id)?.statusPublic === true);
      for (let at = 0; at < records.length; at += RECORDS_PER_EVENT) {
        events.push(
          newEvent(agencyId, 'relied_record.status_changed', sealedAt, {
            records: records.slice(at, at + RECORDS_PER_EVENT),
            ...(isPublic ? { status, effectiveAt } : {}),
            ...place,
          }),
        );
      }
    }
  }
  return news;
}
