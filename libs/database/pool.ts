import type pg from 'pg';
import { BusyPool, type PoolLimits } from './busy-pool.js';
import { DURABLE_SESSION } from './durability.js';

/** Nest injection token of the process's PostgreSQL connection pool (`pg.Pool`). */
export const PG_POOL = Symbol('PG_POOL');

/** Nest injection token of the pool for what anybody may ask: whoever reads too much waits for others who read, and never holds up intake or
 * sealing. */
export const READ_POOL = Symbol('READ_POOL');

/** Limits of the pool that intake, sealing and administration share: a wait longer than this is an outage. */
const LIMITS: PoolLimits = { maxWaiting: 5000, waitMs: 10_000 };

/** Limits of the pool for readers: they get a short answer soon rather than a long one late. */
export const READ_LIMITS: PoolLimits = { maxWaiting: 200, waitMs: 2000 };

/** How a reader's connection is set up: what takes too long is given up; and a page of an index is read in its order, for a bitmap of all
 * that matches costs as much as somebody wants it to. */
export const READ_SESSION = `SET statement_timeout = '5s'; SET enable_bitmapscan = off`;

/** A pool on `url`. Broken connections are replaced by the pool itself, and whoever uses one sees its query fail; `onError` only gets to log them. */
export function createPool(
  url: string,
  size: number,
  onError: (error: Error) => void,
  options: { limits?: PoolLimits; session?: string } = {},
): pg.Pool {
  const { limits = LIMITS, session = DURABLE_SESSION } = options;
  const pool = new BusyPool(
    {
      connectionString: url,
      max: size,
      application_name: 'sealroot',
      keepAlive: true,
      // A connection on which this fails is not handed out.
      onConnect: (client) => client.query(session),
    },
    limits,
  );
  pool.on('error', onError);
  // A connection that breaks while it is checked out tells its own listeners, and with none of them the process would end.
  pool.on('connect', (client) => client.on('error', onError));
  return pool;
}
