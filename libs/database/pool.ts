import pg from 'pg';

/** Nest injection token of the process's PostgreSQL connection pool (`pg.Pool`). */
export const PG_POOL = Symbol('PG_POOL');

/** Time after which a connection attempt is an outage. */
const CONNECT_TIMEOUT_MS = 10_000;

/** A pool on `url`. Broken connections are replaced by the pool itself, and whoever uses one sees its query fail; `onError` only gets to log them. */
export function createPool(url: string, size: number, onError: (error: Error) => void): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: size,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'sealroot',
    keepAlive: true,
  });
  pool.on('error', onError);
  // A connection that breaks while it is checked out tells its own listeners, and with none of them the process would end.
  pool.on('connect', (client) => client.on('error', onError));
  return pool;
}
