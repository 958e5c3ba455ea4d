import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { Exclusively } from '#anchors/evm/evm.js';

/** First half of the advisory locks of accounts; the second is the hash of the account's name. */
const ACCOUNT_LOCK = 728_374_616;

/** How long another process may keep an account, and how often it is asked for meanwhile, in milliseconds. */
const PATIENCE_MS = 30_000;
const RETRY_MS = 100;

/** Makes accounts on chains belong to one piece of work at a time, in all processes at one database. The locks of a process live in one connection,
 * which is taken from the pool while there is any: however many chains hang, they keep one connection. A lock that is lost with its connection does
 * no harm that the nonces themselves do not prevent.
 *
 * The function it returns rejects with what the work or the database throws, and when another process keeps the account for 30 s. */
export function createAccountLock(pool: Pick<pg.Pool, 'connect'>): Exclusively {
  const turns = new Map<string, Promise<void>>();
  const session = createSession(pool);

  return async (name, work) => {
    const before = turns.get(name);
    let pass: () => void = () => undefined;
    const turn = new Promise<void>((resolve) => (pass = resolve));
    turns.set(name, turn);
    try {
      // Locks of one connection do not exclude each other, so that within the process one waits for the other here.
      await before;
      const client = await session.enter();
      try {
        await take(client, name);
        try {
          return await work();
        } finally {
          await client.query('SELECT pg_advisory_unlock($1, hashtext($2))', [ACCOUNT_LOCK, name]).catch(session.lose);
        }
      } finally {
        session.leave();
      }
    } finally {
      if (turns.get(name) === turn) turns.delete(name);
      pass();
    }
  };
}

async function take(client: pg.PoolClient, name: string): Promise<void> {
  for (let waited = 0; waited < PATIENCE_MS; waited += RETRY_MS) {
    const { rows } = await client.query<{ held: boolean }>('SELECT pg_try_advisory_lock($1, hashtext($2)) AS "held"', [
      ACCOUNT_LOCK,
      name,
    ]);
    if (rows[0]?.held) return;
    await sleep(RETRY_MS);
  }
  throw new Error(`Locking account ${name}: expected it within ${PATIENCE_MS} ms, another process has it`);
}

/** One connection for as long as anybody is in. After a failure it is thrown away, and with it all its locks. */
function createSession(pool: Pick<pg.Pool, 'connect'>) {
  let client: Promise<pg.PoolClient> | null = null;
  let users = 0;
  let broken: Error | undefined;
  const lose = (error: unknown) => {
    broken = error instanceof Error ? error : new Error(String(error));
  };

  return {
    lose,
    async enter(): Promise<pg.PoolClient> {
      users++;
      try {
        client ??= pool.connect().then((connected) => {
          broken = undefined;
          // Without a listener, a connection that breaks while no query runs would end the process.
          connected.on('error', lose);
          return connected;
        });
        return await client;
      } catch (error) {
        client = null;
        users--;
        throw error;
      }
    },
    leave(): void {
      if (--users > 0) return;
      const last = client;
      client = null;
      void last?.then((connected) => {
        connected.off('error', lose);
        connected.release(broken);
      });
    },
  };
}
