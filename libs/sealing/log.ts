import { EMPTY_ROOT } from '#merkle/hash.js';
import { SealError } from './error.js';
import type { Queryable } from './log-tree.js';

/** The state of the batch log. */
export interface LogState {
  /** Batches in it. */
  size: number;
  /** Root at that size, 32 bytes. */
  root: Uint8Array;
}

/**
 * Reads the one log of this database, making it (empty) when there is none; inside a transaction it sees that transaction's state.
 * @throws SealError `foreign-log` when the database's log has another origin or key
 */
export async function openLog(db: Queryable, origin: string, verifierKey: string): Promise<LogState> {
  const read = () =>
    db.query<{ origin: string; verifierKey: string; size: string; root: Buffer }>(
      'SELECT "origin", "verifier_key" AS "verifierKey", "size", "root" FROM "log"',
    );
  let [log] = (await read()).rows;
  if (log === undefined) {
    await db.query(
      'INSERT INTO "log" ("origin", "verifier_key", "size", "root") VALUES ($1, $2, 0, $3) ON CONFLICT DO NOTHING',
      [origin, verifierKey, EMPTY_ROOT],
    );
    [log] = (await read()).rows;
  }
  if (log === undefined || log.origin !== origin || log.verifierKey !== verifierKey) {
    throw new SealError(
      'foreign-log',
      `Opening the batch log: expected ${origin} with key ${verifierKey}, got ${log?.origin} with key ${log?.verifierKey}. ` +
        'A log keeps its origin and its key for ever: configure those, or use an empty database.',
    );
  }
  return { size: Number(log.size), root: log.root };
}
