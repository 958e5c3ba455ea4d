import type pg from 'pg';
import { laterEnd, type NewRecord } from './record-insert.js';

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

/** The id of a chunk that is going to be stored. */
export async function nextChunkId(client: pg.PoolClient): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    `SELECT nextval(pg_get_serial_sequence('"chunk"', 'id')) AS "id"`,
  );
  return rows[0]!.id;
}

/** Takes the references of those records that have one, unique among them. Resolves to the ids of those whose reference another record has. */
export async function claimReferences(client: pg.PoolClient, records: readonly NewRecord[]): Promise<Set<string>> {
  const referenced = records.filter(({ reference }) => reference !== null);
  if (referenced.length === 0) return new Set();
  const { rows } = await client.query<{ id: string }>(
    `INSERT INTO "record_reference" ("agency_id", "reference", "record_id")
     SELECT a, r, i FROM unnest($1::int[], $2::text[], $3::uuid[]) AS x(a, r, i) ORDER BY a, r ON CONFLICT DO NOTHING RETURNING "record_id" AS "id"`,
    [
      referenced.map(({ agencyId }) => agencyId),
      referenced.map(({ reference }) => reference),
      referenced.map(({ id }) => id),
    ],
  );
  const claimed = new Set(rows.map(({ id }) => id));
  return new Set(referenced.map(({ id }) => id).filter((id) => !claimed.has(id)));
}

/** Stores records as the first of a chunk. */
export async function insertRecords(
  client: pg.PoolClient,
  chunkId: string,
  records: readonly NewRecord[],
): Promise<void> {
  await client.query(
    `INSERT INTO "record" ("id", "agency_id", "chunk_id", "position", "digest", "other_digests", "statement")
     SELECT i, a, $1, n - 1, decode(d, 'hex'),
       (SELECT array_agg(decode(h, 'hex') ORDER BY k) FROM unnest(string_to_array(o, ',')) WITH ORDINALITY AS t(h, k)), s
     FROM unnest($2::uuid[], $3::int[], $4::text[], $5::text[], $6::text[]) WITH ORDINALITY AS x(i, a, d, o, s, n)`,
    [
      chunkId,
      records.map(({ id }) => id),
      records.map(({ agencyId }) => agencyId),
      records.map(({ digestHex }) => digestHex),
      records.map(({ otherDigestsHex }) => otherDigestsHex?.join(',') ?? null),
      records.map(({ statement }) => statement),
    ],
  );
}

/** Stores events as a chunk of one agency, behind the leaves of `records`, which are stored by somebody else. Resolves to false when one of the records that
 * they are about is no longer as it was seen. */
export async function storeEvents(
  client: pg.PoolClient,
  chunkId: string,
  records: readonly NewRecord[],
  events: readonly NewStatusEvent[],
): Promise<boolean> {
  const before = records.length;
  // Who moves a record holds its row until the commit; others wait here and then find it moved. In one order, so that none waits in a ring.
  if (
    !(await claimUntouched(client, chunkId, before, events)) ||
    !(await claimTouched(client, chunkId, before, events))
  )
    return false;
  await client.query(
    `INSERT INTO "chunk" ("id", "record_count", "event_count", "leaves", "agency_ids", "agency_entries", "gate_until") OVERRIDING SYSTEM VALUE
     VALUES ($1, $2, $3, $4, ARRAY[$5::int], ARRAY[$2::int], $6)`,
    [
      chunkId,
      before + events.length,
      events.length,
      Buffer.from([...records, ...events].map(({ leafHex }) => leafHex).join(''), 'hex'),
      // One agency's request: what it lodges and what it changes.
      events[0]!.agencyId,
      records.map(({ gateUntil }) => gateUntil).reduce(laterEnd, null),
    ],
  );
  await client.query(
    `INSERT INTO "status_event" ("chunk_id", "position", "agency_id", "first_ordinal", "count", "state", "effective_at", "previous", "statement", "request_id")
     SELECT $1, n - 1 + $10::int, a, f, k, s, e, p, t, q FROM unnest($2::int[], $3::bigint[], $4::int[], $5::smallint[], $6::timestamptz[], $7::bigint[], $8::text[], $9::text[])
       WITH ORDINALITY AS x(a, f, k, s, e, p, t, q, n)`,
    [
      chunkId,
      events.map(({ agencyId }) => agencyId),
      events.map(({ first }) => first),
      events.map(({ count }) => count),
      events.map(({ state }) => state),
      events.map(({ effectiveAt }) => effectiveAt),
      events.map(({ previous }) => previous),
      events.map(({ statement }) => statement),
      events.map(({ requestId }) => requestId),
      before,
    ],
  );
  return true;
}

/** Takes the records that nothing was logged about; `before` leaves of the chunk are not events'. Resolves to false when somebody else has one of them. */
async function claimUntouched(
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
async function claimTouched(
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
