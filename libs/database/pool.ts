import pg from 'pg';

/** Nest injection token of the process's PostgreSQL connection pool (`pg.Pool`). */
export const PG_POOL = Symbol('PG_POOL');

/** Time after which a connection attempt is an outage. */
const CONNECT_TIMEOUT_MS = 10_000;

/** A pool on `url`. Broken idle connections are replaced by the pool itself; `onError` only gets to log them. */
export function createPool(url: string, size: number, onError: (error: Error) => void): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: size,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'sealroot',
    keepAlive: true,
  });
  pool.on('error', onError);
  return pool;
}
