import type pg from 'pg';
import type { NewFeedEvent } from '#database/feed-event.repository.js';
import { newEvent } from './new-event.js';

/** An agency is told of a key's end this long before, in days. */
const AHEAD_DAYS = 14;

/** What agencies are told of API keys that end soon; it is noted as told, and told again of another end. */
export async function keysExpiringSoon(client: pg.ClientBase): Promise<NewFeedEvent[]> {
  const { rows } = await client.query<{ agencyId: number; key: string; label: string; expiresAt: Date; at: Date }>(
    `UPDATE "api_key" SET "expiring_announced" = "expires_at"
     WHERE "revoked_at" IS NULL AND "expires_at" > now() AND "expires_at" <= now() + make_interval(days => $1)
       AND "expiring_announced" IS DISTINCT FROM "expires_at"
     RETURNING "agency_id" AS "agencyId", "prefix" AS "key", "label", "expires_at" AS "expiresAt", now() AS "at"`,
    [AHEAD_DAYS],
  );
  return rows.map(({ agencyId, key, label, expiresAt, at }) =>
    newEvent(agencyId, 'key.expiring', at, { key, label, expiresAt: expiresAt.toISOString() }),
  );
}
