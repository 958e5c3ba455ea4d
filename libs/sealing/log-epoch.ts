import { bytesToHex } from '@noble/hashes/utils.js';
import { EMPTY_ROOT } from '#merkle/hash.js';
import { PREVIOUS_LOG } from '#statement/batch-entry.js';
import { SealError } from './error.js';
import { type LogState, noteLog, readLog } from './log.js';
import type { Queryable } from './log-tree.js';
import type { SignedHead } from './signed-head.js';

/** A log that follows another. */
export interface Succession {
  /** Name and key of the log that begins. */
  origin: string;
  verifierKey: string;
  /** The newest known head of the log that ends. */
  head: SignedHead;
  /** Key that signed it, under that log's name. */
  headKey: string;
  /** Anchors that take the last checkpoint of the old log that is in this database, so that every batch of it can be proved with them. */
  anchors: readonly string[];
}

/**
 * Ends the log of this database, and lets another follow it: its tree goes on from where the old one stands here, under a new name, so that no
 * checkpoint of the new log contradicts one of the old, also where this database lacks the end of that. Nothing that was signed is touched. Runs
 * in a transaction that excludes sealing. Does nothing when that has happened already.
 * @throws SealError `foreign-log` when the head is of another log than the database's, `behind` when the database has newer ones itself
 */
export async function followLog(
  db: Queryable,
  { origin, verifierKey, head, headKey, anchors }: Succession,
): Promise<void> {
  const log = await readLog(db);
  if (log?.origin === origin) return;
  if (log !== null && log.origin !== head.origin) {
    throw new SealError(
      'foreign-log',
      `Following a log: expected a head of ${log.origin}, which is in the database, got one of ${head.origin}`,
    );
  }
  const end = log?.size ?? 0;
  if (head.size < end) {
    throw new SealError(
      'behind',
      `Following the log ${head.origin}: expected its newest head, got one of size ${head.size}, and the database has size ${end}`,
    );
  }
  await db.query(
    `INSERT INTO "ended_log" ("origin", "verifier_key", "size", "head_size", "head_root", "head", "successor") VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [head.origin, headKey, end, head.size, head.root, head.note, origin],
  );
  await noteLog(db, origin, {
    before: { log: head.origin, verifierKey: headKey, size: end, headSize: head.size },
    after: { verifierKey },
  });
  if (log === null) {
    await db.query('INSERT INTO "log" ("origin", "verifier_key", "size", "root") VALUES ($1, $2, 0, $3)', [
      origin,
      verifierKey,
      EMPTY_ROOT,
    ]);
    return;
  }
  await db.query('UPDATE "log" SET "origin" = $1, "verifier_key" = $2', [origin, verifierKey]);
  // Checkpoints of the new log do not stand for batches of the old one: its last one must reach the anchors by itself.
  await db.query(
    `INSERT INTO "submission" ("anchor", "checkpoint_size", "detail", "next_attempt_at")
     SELECT a, $2::bigint, 'waiting to be submitted: the last checkpoint of its log', clock_timestamp() FROM unnest($1::text[]) AS a
     WHERE EXISTS (SELECT FROM "checkpoint" WHERE "size" = $2::bigint) ON CONFLICT DO NOTHING`,
    [anchors, end],
  );
}

/** The beacon of the next batch: in the first batch of a log that follows another it is that one's newest known head, `previous-log <size> <root>`. */
export function nextBeacon({ size, predecessor }: LogState, beacon: string | null): string | null {
  if (predecessor === null || size !== predecessor.end) return beacon;
  return `${PREVIOUS_LOG} ${predecessor.headSize} ${bytesToHex(predecessor.headRoot)}`;
}

/** Verifier keys (C2SP) of the logs that ended. */
export async function endedLogKeys(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ key: string }>('SELECT "verifier_key" AS "key" FROM "ended_log"');
  return rows.map(({ key }) => key);
}
