import { appendAct, type NewAct, SERVICE, type Statement } from '#database/audit-log.repository.js';
import { EMPTY_ROOT } from '#merkle/hash.js';
import { SealError } from './error.js';
import type { Queryable } from './log-tree.js';

/** The state of the batch log. */
export interface LogState {
  /** Batches in it, those of the logs before it included: the tree goes on. */
  size: number;
  /** Root at that size, 32 bytes. */
  root: Uint8Array;
  /** The log that ended when this one began; null for the first. */
  predecessor: Predecessor | null;
}

/** What is known of the log before. */
export interface Predecessor {
  /** Batches of it in this database: the number of the first batch of the log that followed. */
  end: number;
  /** Its newest head that anybody knew: size, and root of 32 bytes. */
  headSize: number;
  headRoot: Uint8Array;
}

/**
 * Reads the one log of this database, making it (empty) when there is none; inside a transaction it sees that transaction's state.
 * @throws SealError `foreign-log` when the database's log has another origin or key
 */
export async function openLog(db: Queryable, origin: string, verifierKey: string): Promise<LogState> {
  let log = await readLog(db);
  if (log === null) {
    const { rowCount } = await db.query(
      'INSERT INTO "log" ("origin", "verifier_key", "size", "root") VALUES ($1, $2, 0, $3) ON CONFLICT DO NOTHING',
      [origin, verifierKey, EMPTY_ROOT],
    );
    if (rowCount === 1) await noteLog(db, origin, { before: null, after: { verifierKey } });
    log = await readLog(db);
  }
  if (log === null || log.origin !== origin || log.verifierKey !== verifierKey) {
    throw new SealError(
      'foreign-log',
      `Opening the batch log: expected ${origin} with key ${verifierKey}, got ${log?.origin} with key ${log?.verifierKey}. ` +
        'A log keeps its origin and its key for ever: configure those, use an empty database, or let a new log follow it (docker/runbook/backup.md).',
    );
  }
  return log;
}

/** Stores in the audit log that a log begins, in the transaction in which it does. */
export async function noteLog(db: Queryable, log: string, change: Pick<NewAct, 'before' | 'after'>): Promise<void> {
  const run: Statement = async (sql, values) => (await db.query<Record<string, unknown>>(sql, values)).rows;
  await appendAct(run, SERVICE, { act: 'log.begun', agencyId: null, subject: { log }, ...change });
}

/** The row of the log and what went before it; null when there is none. */
export async function readLog(db: Queryable): Promise<(LogState & { origin: string; verifierKey: string }) | null> {
  const { rows } = await db.query<{
    origin: string;
    verifierKey: string;
    size: string;
    root: Buffer;
    end: string | null;
    headSize: string;
    headRoot: Buffer;
  }>(
    `SELECT l."origin", l."verifier_key" AS "verifierKey", l."size", l."root", e."size" AS "end", e."head_size" AS "headSize", e."head_root" AS "headRoot"
     FROM "log" l LEFT JOIN "ended_log" e ON e."successor" = l."origin"`,
  );
  const [row] = rows;
  if (row === undefined) return null;
  const { origin, verifierKey, size, root, end, headSize, headRoot } = row;
  const predecessor = end === null ? null : { end: Number(end), headSize: Number(headSize), headRoot };
  return { origin, verifierKey, size: Number(size), root, predecessor };
}
