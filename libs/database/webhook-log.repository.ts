import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { DURABLY } from './durability.js';
import type { FeedPlace } from './feed-event.repository.js';
import { PG_POOL, READ_POOL } from './pool.js';

/** How an event gets to an endpoint. */
export interface DeliveryLog extends FeedPlace {
  type: string;
  state: 'pending' | 'delivered' | 'failed';
  /** Null when nothing more will be attempted. */
  nextAttemptAt: Date | null;
  /** Oldest first. */
  attempts: { at: string; tookMs: number; status: number | null; problem: string | null }[];
}

/** Events sent again by one request. */
export const MAX_REPLAYED = 1000;

/** Makes deliveries of the events in `picked` begin again, or for the first time. */
const REPLAY = `INSERT INTO "webhook_delivery" AS d ("event_number", "endpoint_id") SELECT "number", $1 FROM picked WHERE ${DURABLY}
  ON CONFLICT ("event_number", "endpoint_id") DO UPDATE SET "state" = 'pending', "step" = 0, "next_attempt_at" = clock_timestamp()`;

/** What became of deliveries, and how they are asked for again. */
@Injectable()
export class WebhookLogRepository {
  constructor(
    @Inject(PG_POOL) private readonly pool: pg.Pool,
    @Inject(READ_POOL) private readonly readPool: pg.Pool,
  ) {}

  /** At most `limit` deliveries of an endpoint of events before the one numbered `before` (null: from the newest), newest first. */
  async list(endpointId: string, before: string | null, limit: number): Promise<DeliveryLog[]> {
    const { rows } = await this.readPool.query<DeliveryLog>({
      name: 'webhook-log',
      text: `SELECT e."number", encode(e."tag", 'hex') AS "tag", e."type", d."state", d."next_attempt_at" AS "nextAttemptAt", coalesce(l."attempts", '[]') AS "attempts"
        FROM (SELECT * FROM "webhook_delivery" WHERE "endpoint_id" = $1 AND ($2::bigint IS NULL OR "event_number" < $2)
          ORDER BY "event_number" DESC LIMIT $3) d
        JOIN "feed_event" e ON e."number" = d."event_number"
        LEFT JOIN LATERAL (SELECT json_agg(json_build_object('at', to_char(a."at" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'tookMs', a."took_ms",
            'status', a."status", 'problem', a."problem") ORDER BY a."attempt") AS "attempts"
          FROM "webhook_attempt" a WHERE a."event_number" = d."event_number" AND a."endpoint_id" = $1) l ON true
        ORDER BY d."event_number" DESC`,
      values: [endpointId, before, limit],
    });
    return rows;
  }

  /** Sends these events of the agency's feed again; resolves to how many of them there are. */
  async replay(endpointId: string, agencyId: number, places: readonly FeedPlace[]): Promise<number> {
    const { rowCount } = await this.pool.query(
      `WITH picked AS (SELECT e."number" FROM unnest($3::bigint[], $4::text[]) AS p("number", "tag")
         JOIN "feed_event" e ON e."number" = p."number" AND e."tag" = decode(p."tag", 'hex') WHERE e."agency_id" = $2 GROUP BY 1) ${REPLAY}`,
      [endpointId, agencyId, places.map(({ number }) => number), places.map(({ tag }) => tag)],
    );
    return rowCount ?? 0;
  }

  /** Sends what has not reached the endpoint of the events since `since` that it wants, the oldest first, at most {@link MAX_REPLAYED} of them;
   * resolves to how many. What is under way stays so. */
  async replayMissed(endpointId: string, since: Date): Promise<number> {
    const { rowCount } = await this.pool.query(
      `WITH picked AS (
         SELECT e."number" FROM "webhook_endpoint" w JOIN "feed_event" e ON e."agency_id" = w."agency_id"
         LEFT JOIN "webhook_delivery" d ON d."event_number" = e."number" AND d."endpoint_id" = w."id"
         WHERE w."id" = $1 AND e."created_at" >= $2 AND (cardinality(w."types") = 0 OR e."type" = ANY(w."types"))
           AND (d."state" IS NULL OR d."state" = 'failed') AND NOT (d."state" IS NULL AND e."type" = 'endpoint.test')
         ORDER BY e."number" LIMIT ${MAX_REPLAYED}) ${REPLAY}`,
      [endpointId, since],
    );
    return rowCount ?? 0;
  }
}
