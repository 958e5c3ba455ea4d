import { GATE_BATCH_MAX_ENTRIES } from '#statement/profile.js';
import type { Queryable } from './log-tree.js';

/** Chunks that are to become a batch. */
export interface UnsealedChunks {
  ids: string[];
  /** Where each begins in the batch. */
  offsets: number[];
  /** Their leaf hashes, concatenated. */
  leaves: Uint8Array;
  /** Those that hold events. */
  withEvents: { id: string; offset: number }[];
  /** Until when the last of their records is checked at gates, as the database writes it; null where none is. */
  gateUntil: string | null;
}

/**
 * The oldest unsealed chunks of one kind, for gates or not, as the very oldest is: at least one and then whole ones up to `maxRecords` records, of those for
 * gates up to {@link GATE_BATCH_MAX_ENTRIES}.
 */
export async function unsealedChunks(client: Queryable, maxRecords: number): Promise<UnsealedChunks> {
  // The row limit bounds the sort: a chunk has at least one record.
  const { rows } = await client.query<{
    id: string;
    offset: string;
    events: number;
    leaves: Buffer;
    gateUntil: string | null;
  }>(
    `SELECT "id", "upto" - "record_count" AS "offset", "event_count" AS "events", "leaves", (max("gate_until") OVER ())::text AS "gateUntil" FROM (
       SELECT *, CASE WHEN "gate_until" IS NULL THEN $1::int ELSE LEAST($1::int, $2::int) END AS "most", sum("record_count") OVER (ORDER BY "id") AS "upto"
       FROM (SELECT "id", "record_count", "event_count", "leaves", "gate_until",
               first_value("gate_until" IS NULL) OVER (ORDER BY "id") = ("gate_until" IS NULL) AS "is_of_kind"
             FROM "chunk" WHERE "batch_number" IS NULL ORDER BY "id" LIMIT $1) AS oldest WHERE "is_of_kind"
     ) AS counted WHERE "upto" <= "most" OR "upto" = "record_count" ORDER BY "id"`,
    [maxRecords, GATE_BATCH_MAX_ENTRIES],
  );
  return {
    ids: rows.map(({ id }) => id),
    offsets: rows.map(({ offset }) => Number(offset)),
    leaves: Buffer.concat(rows.map(({ leaves }) => leaves)),
    withEvents: rows.filter(({ events }) => events > 0).map(({ id, offset }) => ({ id, offset: Number(offset) })),
    gateUntil: rows[0]?.gateUntil ?? null,
  };
}
