import { SealError } from './error.js';
import type { Queryable } from './log-tree.js';
import { parseSignedHead, type SignedHead } from './signed-head.js';

/** A head of the log, and where it was seen. */
export interface SeenHead {
  head: SignedHead;
  where: string;
}

const UNKNOWN = `"unknown_head" h WHERE h."origin" = $1
  AND NOT EXISTS (SELECT FROM "checkpoint" c WHERE c."size" = h."size" AND c."root" = h."root")`;

/** Heads of the log `origin` that were shown to the service and are not in the database. */
export async function unknownHeads(db: Queryable, origin: string, keys: readonly string[]): Promise<SeenHead[]> {
  const { rows } = await db.query<{ note: string; seenAt: Date }>(
    `SELECT h."note", h."seen_at" AS "seenAt" FROM ${UNKNOWN}`,
    [origin],
  );
  return rows.map(({ note, seenAt }) => ({
    head: parseSignedHead(note, keys),
    where: `shown by a client at ${seenAt.toISOString()}`,
  }));
}

/** Refuses to go on with a log of which others have a head that the database has not.
 * @throws SealError `behind` */
export async function assertNoUnknownHead(db: Queryable, origin: string): Promise<void> {
  const { rows } = await db.query<{ size: string }>(`SELECT h."size" FROM ${UNKNOWN} ORDER BY h."size" DESC LIMIT 1`, [
    origin,
  ]);
  if (rows[0] === undefined) return;
  throw new SealError(
    'behind',
    `Sealing: a checkpoint of size ${rows[0].size} was shown, which this service signed and the database does not have: it is not the newest. ` +
      'Nothing is sealed; restore a newer one, or let a new log follow (docker/runbook/backup.md)',
  );
}
