import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { ensurePartitionsOf, isMissingPartition } from './partitions.js';
import { PG_POOL } from './pool.js';
import { type NewStatusEvent, nextChunkId, storeEvents } from './status-lodging.js';
import { type NewSuccessor, storeSuccessors } from './successor-lodging.js';
import { inTransaction } from './transaction.js';

/** The newest event about a record. */
export interface LatestEvent {
  chunkId: string;
  position: number;
  state: number;
  /** How many events there are about the record, this one included. */
  events: number;
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

const LATEST = `SELECT s."ordinal" AS "about", s."state", s."events", s."chunk_id" AS "chunkId", s."position", e."statement", e."agency_id" AS "agencyId",
  e."request_id" AS "requestId", e."previous", ${ordinalOf('s."position"')} AS "ordinal"
FROM "record_status" s JOIN "status_event" e ON e."chunk_id" = s."chunk_id" AND e."position" = s."position"
JOIN "chunk" c ON c."id" = s."chunk_id" LEFT JOIN "checkpoint" p ON p."size" = c."batch_number" WHERE s."ordinal" = ANY($1::bigint[])`;

/** Nest injection token of a {@link StatusRepository} on the pool for what anybody may ask: it only reads. */
export const STATUS_READER = Symbol('STATUS_READER');

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
    const stored = await this.#transaction(async (client) =>
      (await storeEvents(client, await nextChunkId(client), [], events)) ? true : null,
    );
    return stored !== null;
  }

  /**
   * Stores records with the events by which others give their places to them, both of each or neither, as one chunk. Resolves to the ids of the records that
   * were not stored because their references are taken; to null, with nothing stored, when one of those others is no longer as it was seen. References are unique
   * among the records, and so are those others.
   */
  async lodgeSuccessors(successors: readonly NewSuccessor[]): Promise<Set<string> | null> {
    const store = () => this.#transaction((client) => storeSuccessors(client, successors));
    try {
      return await store();
    } catch (error) {
      if (!isMissingPartition(error)) throw error;
      await ensurePartitionsOf(
        this.pool,
        successors.map(({ record }) => record.id),
      );
      return store();
    }
  }

  /** Commits `work`, unless it comes to null. */
  async #transaction<T>(work: (client: pg.PoolClient) => Promise<T | null>): Promise<T | null> {
    const MOVED = Symbol('moved');
    try {
      return await inTransaction(this.pool, [], async (client) => {
        const done = await work(client);
        if (done === null) throw MOVED;
        return done;
      });
    } catch (error) {
      if (error === MOVED) return null;
      throw error;
    }
  }
}
