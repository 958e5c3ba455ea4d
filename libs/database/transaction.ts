import type pg from 'pg';
import { DURABLY } from './durability.js';

/**
 * Runs `work` in a transaction that begins with `SET LOCAL` of each of `settings`, and commits: once it resolves, what was written is on the
 * disk, whatever the server's default. Throws what `work` or the database throws, after rolling back; when the commit itself throws, whether
 * it happened is open. A connection that breaks is thrown away.
 */
export async function inTransaction<T>(
  pool: Pick<pg.Pool, 'connect'>,
  settings: readonly string[],
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  // A connection that breaks while no query runs emits an event, and without a listener that would end the process.
  const onError = (error: Error) => {
    broken = error;
  };
  client.on('error', onError);
  try {
    await client.query(['BEGIN', `SELECT ${DURABLY}`, ...settings.map((setting) => `SET LOCAL ${setting}`)].join('; '));
    const result = await work(client);
    const { command } = await client.query('COMMIT');
    // PostgreSQL answers COMMIT of a failed transaction with ROLLBACK, not with an error.
    if (command !== 'COMMIT') throw new Error(`expected the answer COMMIT, got ${command}`);
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch(onError);
    throw error;
  } finally {
    client.release(broken);
    client.off('error', onError);
  }
}
