import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type pg from 'pg';
import { GatheredReads } from './gathered-reads.js';
import { READ_POOL } from './pool.js';

/** A change of status that is in the log. */
export interface SealedEvent {
  /** Ordinal of its own entry. */
  ordinal: number;
  /** Number of its batch, and index of its entry there. */
  batch: number;
  index: number;
  /** The ordinals that it is about: `count` of them from `first`. */
  first: number;
  count: number;
  state: number;
  effectiveAt: Date;
  /** Ordinal of the event before it about the same record; null when there was none. */
  previous: number | null;
  /** Canonical JSON. */
  statement: string;
}

/** Events remembered; they never change. About a kilobyte each. */
const CACHE_EVENTS = 20_000;

/** The batch of an entry follows from its ordinal, its chunk from its place in the batch: three short reads of indexes for each, however large
 * the log. */
const EVENTS = `SELECT a."ordinal", b."number" AS "batch", (a."ordinal" - b."first")::int AS "index", e."first_ordinal" AS "first", e."count", e."state",
  e."effective_at" AS "effectiveAt", e."previous", e."statement"
FROM unnest($1::bigint[]) AS a("ordinal")
CROSS JOIN LATERAL (SELECT coalesce(max("size"), 0) AS "number", coalesce(max("records"), 0) AS "first" FROM (
    SELECT "size", "records" FROM "checkpoint" WHERE "records" <= a."ordinal" ORDER BY "records" DESC LIMIT 1) AS before) AS b
CROSS JOIN LATERAL (SELECT "id", "batch_offset" FROM "chunk" WHERE "batch_number" = b."number" AND "batch_offset" <= a."ordinal" - b."first"
  ORDER BY "batch_offset" DESC LIMIT 1) AS c
JOIN "status_event" e ON e."chunk_id" = c."id" AND e."position" = a."ordinal" - b."first" - c."batch_offset"`;

/** Events in the order of their ordinals, from one ordinal up to another: along an index of the chunks that hold any. */
const RANGE = `SELECT coalesce(p."records", 0) + c."batch_offset" + e."position" AS "ordinal", c."batch_number" AS "batch", c."batch_offset" + e."position" AS "index",
  e."first_ordinal" AS "first", e."count", e."state", e."effective_at" AS "effectiveAt", e."previous", e."statement"
FROM "chunk" c LEFT JOIN "checkpoint" p ON p."size" = c."batch_number" JOIN "status_event" e ON e."chunk_id" = c."id"
WHERE c."event_count" > 0
  AND c."batch_number" >= (SELECT coalesce(max("size"), 0) FROM (SELECT "size" FROM "checkpoint" WHERE "records" <= $1 ORDER BY "records" DESC LIMIT 1) AS b)
  AND coalesce(p."records", 0) + c."batch_offset" + e."position" BETWEEN $1 AND $2::bigint - 1
ORDER BY c."batch_number", c."batch_offset", e."position" LIMIT $3`;

type Row = Omit<SealedEvent, 'ordinal' | 'batch' | 'first' | 'previous'> &
  Record<'ordinal' | 'batch' | 'first', string> & { previous: string | null };

/** Reads changes of status that are in the log; written only by intake and sealing. */
@Injectable()
export class StatusEventRepository {
  readonly #events = new LRUCache<number, SealedEvent>({ max: CACHE_EVENTS });

  readonly #reads = new GatheredReads<SealedEvent>((ordinals) => this.#read(ordinals));

  constructor(@Inject(READ_POOL) private readonly pool: Pick<pg.Pool, 'query'>) {}

  /** The event whose entry has this ordinal; null when there is none, or it is not sealed. */
  async find(ordinal: number): Promise<SealedEvent | null> {
    return this.#events.get(ordinal) ?? (await this.#reads.find(String(ordinal)));
  }

  /** The chain of events about one record from the one of ordinal `newest` back to the first, newest first. One read each: a record has few.
   * @throws Error when one of them is not there */
  async history(newest: number): Promise<SealedEvent[]> {
    const events: SealedEvent[] = [];
    for (let next: number | null = newest; next !== null;) {
      const event: SealedEvent | null = await this.find(next);
      if (event === null) throw new Error(`Reading the history of a record: there is no event ${next}`);
      events.push(event);
      next = event.previous;
    }
    return events;
  }

  /** The events with ordinals `from` up to, not including, `to`, ascending; at most `limit`. */
  async range(from: number, to: number, limit: number): Promise<SealedEvent[]> {
    const { rows } = await this.pool.query<Row>({ name: 'status-event-range', text: RANGE, values: [from, to, limit] });
    return rows.map(toEvent);
  }

  async #read(ordinals: string[]): Promise<Map<string, SealedEvent>> {
    const { rows } = await this.pool.query<Row>({ name: 'status-events', text: EVENTS, values: [ordinals] });
    const events = rows.map(toEvent);
    for (const event of events) this.#events.set(event.ordinal, event);
    return new Map(events.map((event) => [String(event.ordinal), event]));
  }
}

function toEvent({ ordinal, batch, first, previous, ...rest }: Row): SealedEvent {
  return {
    ...rest,
    ordinal: Number(ordinal),
    batch: Number(batch),
    first: Number(first),
    previous: previous === null ? null : Number(previous),
  };
}
