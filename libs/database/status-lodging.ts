import type pg from 'pg';
import type { NewRecord } from './record-insert.js';

/** A status event that is ready to be committed. */
export interface NewStatusEvent {
  agencyId: number;
  first: number;
  count: number;
  state: number;
  effectiveAt: Date;
  /** Ordinal of the event that it follows; null when there is none. */
  previous: number | null;
  /** The event that it follows, as it was seen; null where nothing was touched. */
  seen: { chunkId: string; position: number } | null;
  /** Canonical JSON. */
  statement: string;
  requestId: string | null;
  /** Hash of its entry, 64 characters of hex. */
  leafHex: string;
}

/** Takes the record's reference, if it has one. Resolves to false when another record has it. */
export async function claimReference(client: pg.PoolClient, { agencyId, reference, id }: NewRecord): Promise<boolean> {
  if (reference === null) return true;
  const { rowCount } = await client.query(
    'INSERT INTO "record_reference" ("agency_id", "reference", "record_id") VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
    [agencyId, reference, id],
  );
  return rowCount === 1;
}

/** Stores a record as the first of a chunk. */
export async function insertRecord(client: pg.PoolClient, chunkId: string, record: NewRecord): Promise<void> {
  await client.query(
    `INSERT INTO "record" ("id", "agency_id", "chunk_id", "position", "digest", "other_digests", "statement")
     VALUES ($1, $2, $3, 0, $4, $5, $6)`,
    [
      record.id,
      record.agencyId,
      chunkId,
      Buffer.from(record.digestHex, 'hex'),
      record.otherDigestsHex?.map((hex) => Buffer.from(hex, 'hex')) ?? null,
      record.statement,
    ],
  );
}

/** Takes the records that nothing was logged about; `before` leaves of the chunk are not events'. Resolves to false when somebody else has one of them. */
export async function claimUntouched(
  client: pg.PoolClient,
  chunkId: string,
  before: number,
  all: readonly NewStatusEvent[],
): Promise<boolean> {
  const events = all.flatMap((event, position) =>
    event.seen === null ? [{ ...event, position: before + position }] : [],
  );
  if (events.length === 0) return true;
  const { rowCount } = await client.query(
    `INSERT INTO "record_status" ("ordinal", "state", "chunk_id", "position")
     SELECT f + i, s, $1, n FROM unnest($2::bigint[], $3::int[], $4::smallint[], $5::int[]) AS x(f, k, s, n), generate_series(0, k - 1) AS i
     ORDER BY 1 ON CONFLICT DO NOTHING`,
    [
      chunkId,
      events.map(({ first }) => first),
      events.map(({ count }) => count),
      events.map(({ state }) => state),
      events.map(({ position }) => position),
    ],
  );
  return rowCount === events.reduce((sum, { count }) => sum + count, 0);
}

/** Takes the records that are still as they were seen. Resolves to false when one is not. */
export async function claimTouched(
  client: pg.PoolClient,
  chunkId: string,
  before: number,
  all: readonly NewStatusEvent[],
): Promise<boolean> {
  const events = all.flatMap(({ first, state, seen }, position) =>
    seen === null ? [] : [{ first, state, seen, position: before + position }],
  );
  if (events.length === 0) return true;
  await client.query('SELECT FROM "record_status" WHERE "ordinal" = ANY($1::bigint[]) ORDER BY "ordinal" FOR UPDATE', [
    events.map(({ first }) => first),
  ]);
  const { rowCount } = await client.query(
    `UPDATE "record_status" r SET "state" = x.s, "chunk_id" = $1, "position" = x.n, "events" = r."events" + 1
     FROM unnest($2::bigint[], $3::smallint[], $4::int[], $5::bigint[], $6::int[]) AS x(o, s, n, c, p)
     WHERE r."ordinal" = x.o AND r."chunk_id" = x.c AND r."position" = x.p`,
    [
      chunkId,
      events.map(({ first }) => first),
      events.map(({ state }) => state),
      events.map(({ position }) => position),
      events.map(({ seen }) => seen.chunkId),
      events.map(({ seen }) => seen.position),
    ],
  );
  return rowCount === events.length;
}
