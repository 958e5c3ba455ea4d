import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { DURABLY } from './durability.js';
import { appendFeedEvents, type FeedEvent, type NewFeedEvent } from './feed-event.repository.js';
import { PG_POOL } from './pool.js';
import { inTransaction } from './transaction.js';
import type { DisabledWhy, StoredSecret } from './webhook-endpoint.repository.js';

/** A delivery that this process holds: nobody else attempts it until the hold ends. */
export interface HeldDelivery {
  event: FeedEvent;
  endpointId: string;
  agencyId: number;
  url: string;
  secrets: Pick<StoredSecret, 'scheme' | 'secret'>[];
  /** Attempts so far, this one included. Only the newest may store. */
  attempt: number;
  /** Those of them since the delivery began, or was asked to begin again. */
  step: number;
  /** When the first of those was made. */
  beganAt: Date;
  /** When this one is made. */
  at: Date;
}

/** What came of an attempt. */
export interface DeliveryOutcome {
  delivered: boolean;
  /** Status of the answer; null when there was none, and `problem` says why. */
  status: number | null;
  problem: string | null;
  tookMs: number;
  /** Until the next attempt, in seconds; null when there is none. */
  waitSeconds: number | null;
  /** Nothing is sent to the endpoint for so long; null to go on. */
  pauseSeconds: number | null;
  /** The receiver said that it is gone. */
  gone: boolean;
}

/** How an endpoint ended that got no more. */
export interface DisabledEndpoint {
  endpointId: string;
  agencyId: number;
  url: string;
  why: DisabledWhy;
  failingSince: Date;
  at: Date;
}

/** Deliveries of one endpoint at once, and when its last attempt failed. */
const DELIVERIES_AT_ONCE = 4;
const DELIVERIES_AT_ONCE_FAILING = 1;

/** Times are stored to the millisecond, rounded: what is due now may stand half of one later. */
const DUE = `d."next_attempt_at" <= statement_timestamp() + interval '1 millisecond'`;
const OPEN = `w."disabled_at" IS NULL AND (w."paused_until" IS NULL OR w."paused_until" <= statement_timestamp())`;

/** Writes how events get to endpoints. */
@Injectable()
export class WebhookDeliveryRepository {
  constructor(@Inject(PG_POOL) private readonly pool: pg.Pool) {}

  /** Endpoints for which something is due, and how much, up to what may be attempted at once. */
  async due(): Promise<{ endpointId: string; agencyId: number; deliveries: number }[]> {
    const { rows } = await this.pool.query<{ endpointId: string; agencyId: number; deliveries: number }>({
      name: 'webhook-due',
      text: `SELECT w."id" AS "endpointId", w."agency_id" AS "agencyId", n."deliveries" FROM "webhook_endpoint" w CROSS JOIN LATERAL (
          SELECT count(*)::int AS "deliveries" FROM (SELECT FROM "webhook_delivery" d WHERE d."endpoint_id" = w."id" AND ${DUE}
            LIMIT CASE WHEN w."failing_since" IS NULL THEN ${DELIVERIES_AT_ONCE} ELSE ${DELIVERIES_AT_ONCE_FAILING} END) l) n
        WHERE ${OPEN} AND n."deliveries" > 0 ORDER BY 1`,
    });
    return rows;
  }

  /** Holds the delivery of an endpoint that is due longest; null when none is. */
  async hold(endpointId: string, holdSeconds: number): Promise<HeldDelivery | null> {
    const { rows } = await this.pool.query<
      Omit<HeldDelivery, 'event' | 'secrets'> & FeedEvent & { schemes: StoredSecret['scheme'][]; keys: Buffer[] }
    >({
      name: 'webhook-hold',
      text: `WITH held AS (
          UPDATE "webhook_delivery" h SET "attempts" = h."attempts" + 1, "step" = h."step" + 1,
            "began_at" = CASE WHEN h."step" = 0 THEN statement_timestamp() ELSE h."began_at" END,
            "next_attempt_at" = clock_timestamp() + make_interval(secs => $2)
          FROM (SELECT d."event_number", d."endpoint_id" FROM "webhook_delivery" d JOIN "webhook_endpoint" w ON w."id" = d."endpoint_id"
            WHERE d."endpoint_id" = $1 AND ${DUE} AND ${OPEN} ORDER BY d."next_attempt_at", d."event_number" LIMIT 1 FOR UPDATE OF d SKIP LOCKED) n
          WHERE h."event_number" = n."event_number" AND h."endpoint_id" = n."endpoint_id" RETURNING h.*
        )
        SELECT h."attempts" AS "attempt", h."step", h."began_at" AS "beganAt", statement_timestamp() AS "at", w."id" AS "endpointId", w."agency_id" AS "agencyId",
          w."url", e."number", encode(e."tag", 'hex') AS "tag", e."type", e."happened_at" AS "happenedAt", e."data", s."schemes", s."keys"
        FROM held h JOIN "webhook_endpoint" w ON w."id" = h."endpoint_id" JOIN "feed_event" e ON e."number" = h."event_number"
        CROSS JOIN LATERAL (SELECT coalesce(array_agg("scheme" ORDER BY "id" DESC), '{}') AS "schemes", coalesce(array_agg("secret" ORDER BY "id" DESC), '{}') AS "keys"
          FROM "webhook_secret" WHERE "endpoint_id" = w."id" AND ("expires_at" IS NULL OR "expires_at" > statement_timestamp())) s`,
      values: [endpointId, holdSeconds],
    });
    const [row] = rows;
    if (row === undefined) return null;
    const { number, tag, type, happenedAt, data, schemes, keys, ...held } = row;
    const secrets = schemes.map((scheme, i) => ({ scheme, secret: new Uint8Array(keys[i]!) }));
    return { ...held, event: { number, tag, type, happenedAt, data }, secrets };
  }

  /** Stores an outcome and ends the hold, all in one transaction with what it makes of the endpoint: after the last failure, when nothing else has
   * reached it since the first, and when it is gone, it is disabled, and `tell` gives the event that says so. False when the hold was lost to another
   * attempt. */
  async store(
    held: HeldDelivery,
    outcome: DeliveryOutcome,
    tell: (disabled: DisabledEndpoint) => NewFeedEvent,
  ): Promise<boolean> {
    return inTransaction(this.pool, [], async (client) => {
      const { delivered, status, problem, tookMs, waitSeconds } = outcome;
      const key = [held.event.number, held.endpointId, held.attempt];
      const state = delivered ? 'delivered' : waitSeconds === null || outcome.gone ? 'failed' : 'pending';
      const { rowCount } = await client.query(
        `UPDATE "webhook_delivery" SET "state" = $4::text,
           "next_attempt_at" = CASE WHEN $4 = 'pending' THEN clock_timestamp() + make_interval(secs => greatest($5::float8, $6)) END
         WHERE "event_number" = $1 AND "endpoint_id" = $2 AND "attempts" = $3 AND "state" = 'pending'`,
        [...key, state, waitSeconds, outcome.pauseSeconds],
      );
      if (rowCount !== 1) return false;
      await client.query(
        `INSERT INTO "webhook_attempt" ("event_number", "endpoint_id", "attempt", "at", "took_ms", "status", "problem") VALUES ($1, $2, $3, $4, $5, $6, $7)`,
        [...key, held.at, tookMs, status, problem],
      );
      if (delivered) await noteSuccess(client, held);
      else await noteFailure(client, held, outcome, state === 'failed', tell);
      return true;
    });
  }

  /** Gives an endpoint an event of its own: stored in the feed, and sent to it alone. Resolves to its place. */
  async send(endpointId: string, { agencyId, type, happenedAt, data }: NewFeedEvent): Promise<FeedEvent> {
    const { rows } = await this.pool.query<FeedEvent>(
      `WITH e AS (
         INSERT INTO "feed_event" ("agency_id", "type", "happened_at", "data") SELECT $2, $3, $4, $5 WHERE ${DURABLY} RETURNING *
       ), d AS (INSERT INTO "webhook_delivery" ("event_number", "endpoint_id") SELECT "number", $1 FROM e)
       SELECT "number", encode("tag", 'hex') AS "tag", "type", "happened_at" AS "happenedAt", "data" FROM e`,
      [endpointId, agencyId, type, happenedAt, data],
    );
    return rows[0]!;
  }
}

async function noteSuccess(client: pg.ClientBase, { endpointId }: HeldDelivery): Promise<void> {
  await client.query(
    `UPDATE "webhook_endpoint" SET "failing_since" = NULL, "paused_until" = NULL
     WHERE "id" = $1 AND ("failing_since" IS NOT NULL OR "paused_until" IS NOT NULL)`,
    [endpointId],
  );
}

async function noteFailure(
  client: pg.ClientBase,
  held: HeldDelivery,
  { pauseSeconds, gone }: DeliveryOutcome,
  last: boolean,
  tell: (disabled: DisabledEndpoint) => NewFeedEvent,
): Promise<void> {
  const { rows } = await client.query<{ failingSince: Date }>(
    `UPDATE "webhook_endpoint" SET "failing_since" = coalesce("failing_since", $2),
       "paused_until" = greatest("paused_until", clock_timestamp() + make_interval(secs => $3))
     WHERE "id" = $1 RETURNING "failing_since" AS "failingSince"`,
    [held.endpointId, held.at, pauseSeconds],
  );
  const failingSince = rows[0]!.failingSince;
  const why = gone ? 'gone' : last && failingSince <= held.beganAt ? 'failed' : null;
  if (why === null) return;
  const { rows: disabled } = await client.query<{ at: Date }>(
    `UPDATE "webhook_endpoint" SET "disabled_at" = clock_timestamp(), "disabled_why" = $2 WHERE "id" = $1 AND "disabled_at" IS NULL
     RETURNING "disabled_at" AS "at"`,
    [held.endpointId, why],
  );
  const { endpointId, agencyId, url } = held;
  for (const { at } of disabled)
    await appendFeedEvents(client, [tell({ endpointId, agencyId, url, why, failingSince, at })]);
}
