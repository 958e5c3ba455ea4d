import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { PG_POOL, READ_POOL } from './pool.js';

/** An event that an agency is to be told. */
export interface NewFeedEvent {
  agencyId: number;
  type: string;
  happenedAt: Date;
  /** JSON, less than 19,000 bytes: with what goes around it a webhook stays below 20 kB. */
  data: string;
}

/** An event of an agency's feed. */
export interface FeedEvent {
  /** Its place in the feed: events become visible in this order. */
  number: string;
  /** 6 random bytes, hex: part of its id. */
  tag: string;
  type: string;
  happenedAt: Date;
  /** JSON. */
  data: string;
}

/** Which event a reader has read last. */
export type FeedPlace = Pick<FeedEvent, 'number' | 'tag'>;

/** Events in one statement. */
const GROUP_EVENTS = 2000;

/** Events deleted in one statement. */
const PURGE_EVENTS = 10_000;

/** Stores events in their order, with their deliveries to the webhooks that want them, in the transaction of `client`; it then holds the feed's lock
 * until its commit. */
export async function appendFeedEvents(client: pg.ClientBase, events: readonly NewFeedEvent[]): Promise<void> {
  for (let at = 0; at < events.length; at += GROUP_EVENTS) {
    const group = events.slice(at, at + GROUP_EVENTS);
    await client.query(
      `WITH e AS (
         INSERT INTO "feed_event" ("agency_id", "type", "happened_at", "data")
         SELECT a, t, h, d FROM unnest($1::int[], $2::text[], $3::timestamptz[], $4::text[]) WITH ORDINALITY AS e(a, t, h, d, n) ORDER BY n
         RETURNING "number", "agency_id", "type"
       )
       INSERT INTO "webhook_delivery" ("event_number", "endpoint_id")
       SELECT e."number", w."id" FROM e JOIN "webhook_endpoint" w ON w."agency_id" = e."agency_id" AND w."disabled_at" IS NULL
         AND (cardinality(w."types") = 0 OR e."type" = ANY(w."types"))`,
      [
        group.map(({ agencyId }) => agencyId),
        group.map(({ type }) => type),
        group.map(({ happenedAt }) => happenedAt),
        group.map(({ data }) => data),
      ],
    );
  }
}

/** What agencies were told, as they read it. */
@Injectable()
export class FeedEventRepository {
  constructor(
    @Inject(PG_POOL) private readonly pool: pg.Pool,
    @Inject(READ_POOL) private readonly readPool: pg.Pool,
  ) {}

  /** At most `limit` events of an agency after the one at `after`, or from the oldest that is kept. */
  async after(agencyId: number, after: FeedPlace | null, limit: number): Promise<FeedEvent[]> {
    const { rows } = await this.readPool.query<FeedEvent>({
      name: 'feed-after',
      text: `SELECT "number", encode("tag", 'hex') AS "tag", "type", "happened_at" AS "happenedAt", "data" FROM "feed_event"
        WHERE "agency_id" = $1 AND "number" > $2 ORDER BY "number" LIMIT $3`,
      values: [agencyId, after?.number ?? '0', limit],
    });
    return rows;
  }

  /** Whether the agency's feed has this event: not when it is no longer kept, or was lost with a database that was restored. */
  async has(agencyId: number, { number, tag }: FeedPlace): Promise<boolean> {
    const { rowCount } = await this.readPool.query({
      name: 'feed-has',
      text: `SELECT FROM "feed_event" WHERE "number" = $2 AND "agency_id" = $1 AND "tag" = decode($3, 'hex')`,
      values: [agencyId, number, tag],
    });
    return rowCount === 1;
  }

  /** Deletes events that are older than `keepDays`, a bounded number of them; resolves to how many. The newest of each agency stays, so that
   * whoever has read everything can go on from there. */
  async purge(keepDays: number): Promise<number> {
    const { rowCount } = await this.pool.query(
      `DELETE FROM "feed_event" WHERE "number" IN (
         SELECT "number" FROM "feed_event" e WHERE "created_at" < now() - make_interval(days => $1)
           AND EXISTS (SELECT FROM "feed_event" n WHERE n."agency_id" = e."agency_id" AND n."number" > e."number")
         LIMIT ${PURGE_EVENTS})`,
      [keepDays],
    );
    return rowCount ?? 0;
  }
}
