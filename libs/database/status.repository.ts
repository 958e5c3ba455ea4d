import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { PG_POOL } from './pool.js';
import { inTransaction } from './transaction.js';

/** The newest event about a record. */
export interface LatestEvent {
  chunkId: string;
  position: number;
  state: number;
  /** Canonical JSON. */
  statement: string;
  agencyId: number;
  requestId: string | null;
  /** Ordinal of the event before it; null when there was none. */
  previous: number | null;
  /** Its own ordinal; null before it is sealed. */
  ordinal: number | null;
}

/** A record whose status is asked for or to be changed. */
export interface StatusSubject {
  id: string;
  agencyId: number;
  /** Canonical JSON. */
  statement: string;
  /** Null before the record is sealed. */
  ordinal: number | null;
  /** Null while nothing was logged about it. */
  latest: LatestEvent | null;
}

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
  seen: Pick<LatestEvent, 'chunkId' | 'position'> | null;
  /** Canonical JSON. */
  statement: string;
  requestId: string | null;
  /** Hash of its entry, 64 characters of hex. */
  leafHex: string;
}

/** What a range of ordinals holds. */
export interface RangeSummary {
  /** Records among its entries. */
  records: number;
  /** Of which this agency has lodged. */
  own: number;
  profiles: string[];
  /** Those of its ordinals about which there is an event, ascending. */
  touched: number[];
}

/** Ordinal of the entry at `position` of chunk `c`, of which `p` is the checkpoint before its batch. */
const ordinalOf = (position: string) =>
  `CASE WHEN c."batch_number" IS NOT NULL THEN coalesce(p."records", 0) + c."batch_offset" + ${position} END`;

const LATEST = `SELECT s."ordinal" AS "about", s."state", s."chunk_id" AS "chunkId", s."position", e."statement", e."agency_id" AS "agencyId",
  e."request_id" AS "requestId", e."previous", ${ordinalOf('s."position"')} AS "ordinal"
FROM "record_status" s JOIN "status_event" e ON e."chunk_id" = s."chunk_id" AND e."position" = s."position"
JOIN "chunk" c ON c."id" = s."chunk_id" LEFT JOIN "checkpoint" p ON p."size" = c."batch_number" WHERE s."ordinal" = ANY($1::bigint[])`;

/** Status of records: what is stored of it, and the one place where it is decided who changes it. */
@Injectable()
export class StatusRepository {
  constructor(@Inject(PG_POOL) private readonly pool: pg.Pool) {}

  /** The records with these ids (lower-case UUIDs), by id; those that are not there are left out. */
  async subjects(ids: readonly string[]): Promise<Map<string, StatusSubject>> {
    const { rows } = await this.pool.query<{ id: string; agencyId: number; statement: string; ordinal: string | null }>(
      {
        name: 'status-subjects',
        text: `SELECT r."id", r."agency_id" AS "agencyId", r."statement", ${ordinalOf('r."position"')} AS "ordinal"
        FROM "record" r JOIN "chunk" c ON c."id" = r."chunk_id" LEFT JOIN "checkpoint" p ON p."size" = c."batch_number"
        WHERE r."id" = ANY($1::uuid[])`,
        values: [ids],
      },
    );
    const subjects = rows.map((row) => ({ ...row, ordinal: row.ordinal === null ? null : Number(row.ordinal) }));
    const latest = await this.latest(subjects.flatMap(({ ordinal }) => (ordinal === null ? [] : [ordinal])));
    return new Map(
      subjects.map((row) => [
        row.id,
        { ...row, latest: row.ordinal === null ? null : (latest.get(row.ordinal) ?? null) },
      ]),
    );
  }

  /** The newest event about each of these ordinals that was ever touched. */
  async latest(ordinals: readonly number[]): Promise<Map<number, LatestEvent>> {
    if (ordinals.length === 0) return new Map();
    const { rows } = await this.pool.query<
      Omit<LatestEvent, 'ordinal' | 'previous'> & { about: string; ordinal: string | null; previous: string | null }
    >({ name: 'status-latest', text: LATEST, values: [ordinals] });
    return new Map(
      rows.map(({ about, ...row }) => [
        Number(about),
        {
          ...row,
          ordinal: row.ordinal === null ? null : Number(row.ordinal),
          previous: row.previous === null ? null : Number(row.previous),
        },
      ]),
    );
  }

  /** What the `count` ordinals from `first` hold, as far as agency `agencyId` is concerned. */
  async range(first: number, count: number, agencyId: number): Promise<RangeSummary> {
    const { rows } = await this.pool.query<{ records: string; own: string; profiles: string[] | null }>(
      `WITH chunks AS MATERIALIZED (
         SELECT c."id", coalesce(p."records", 0) + c."batch_offset" AS "from" FROM "chunk" c LEFT JOIN "checkpoint" p ON p."size" = c."batch_number"
         WHERE c."batch_number" BETWEEN (SELECT max("size") FROM (SELECT 0 AS "size" UNION ALL SELECT "size" FROM "checkpoint" WHERE "records" <= $1) AS b)
             AND (SELECT min("size") FROM "checkpoint" WHERE "records" >= $1::bigint + $2::bigint) - 1
           AND coalesce(p."records", 0) + c."batch_offset" < $1::bigint + $2::bigint
           AND coalesce(p."records", 0) + c."batch_offset" + c."record_count" > $1)
       SELECT count(*) AS "records", count(*) FILTER (WHERE r."agency_id" = $3) AS "own",
         array_agg(DISTINCT r."statement"::json ->> 'profile') AS "profiles"
       FROM chunks JOIN "record" r ON r."chunk_id" = chunks."id" AND chunks."from" + r."position" BETWEEN $1 AND $1::bigint + $2::bigint - 1`,
      [first, count, agencyId],
    );
    const { rows: touched } = await this.pool.query<{ ordinal: string }>(
      'SELECT "ordinal" FROM "record_status" WHERE "ordinal" >= $1 AND "ordinal" < $1::bigint + $2::bigint ORDER BY "ordinal"',
      [first, count],
    );
    return {
      records: Number(rows[0]!.records),
      own: Number(rows[0]!.own),
      profiles: rows[0]!.profiles ?? [],
      touched: touched.map(({ ordinal }) => Number(ordinal)),
    };
  }

  /**
   * Stores events, all or none of them, as one chunk; at most one is about any record. Resolves to false, with nothing stored, when one of
   * the records is no longer as it was seen. A crash before the commit leaves nothing, after it everything.
   */
  async lodge(events: readonly NewStatusEvent[]): Promise<boolean> {
    const MOVED = Symbol('moved');
    try {
      await inTransaction(this.pool, [], async (client) => {
        const { rows } = await client.query<{ id: string }>(
          `SELECT nextval(pg_get_serial_sequence('"chunk"', 'id')) AS "id"`,
        );
        const chunkId = rows[0]!.id;
        // Who moves a record holds its row until the commit; others wait here and then find it moved. In one order, so that none waits in a ring.
        if (!(await claimUntouched(client, chunkId, events)) || !(await claimTouched(client, chunkId, events)))
          throw MOVED;
        await client.query(
          'INSERT INTO "chunk" ("id", "record_count", "event_count", "leaves") OVERRIDING SYSTEM VALUE VALUES ($1, $2, $2, $3)',
          [chunkId, events.length, Buffer.from(events.map(({ leafHex }) => leafHex).join(''), 'hex')],
        );
        await client.query(
          `INSERT INTO "status_event" ("chunk_id", "position", "agency_id", "first_ordinal", "count", "state", "effective_at", "previous", "statement", "request_id")
           SELECT $1, n - 1, a, f, k, s, e, p, t, q FROM unnest($2::int[], $3::bigint[], $4::int[], $5::smallint[], $6::timestamptz[], $7::bigint[], $8::text[], $9::text[])
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
          ],
        );
      });
      return true;
    } catch (error) {
      if (error === MOVED) return false;
      throw error;
    }
  }
}

/** Takes the records that nothing was logged about. Resolves to false when somebody else has one of them. */
async function claimUntouched(
  client: pg.PoolClient,
  chunkId: string,
  all: readonly NewStatusEvent[],
): Promise<boolean> {
  const events = all.flatMap((event, position) => (event.seen === null ? [{ ...event, position }] : []));
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
async function claimTouched(client: pg.PoolClient, chunkId: string, all: readonly NewStatusEvent[]): Promise<boolean> {
  const events = all.flatMap(({ first, state, seen }, position) =>
    seen === null ? [] : [{ first, state, seen, position }],
  );
  if (events.length === 0) return true;
  await client.query('SELECT FROM "record_status" WHERE "ordinal" = ANY($1::bigint[]) ORDER BY "ordinal" FOR UPDATE', [
    events.map(({ first }) => first),
  ]);
  const { rowCount } = await client.query(
    `UPDATE "record_status" r SET "state" = x.s, "chunk_id" = $1, "position" = x.n
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
