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
      await session.enter();
      try {
        await take(session, name);
        try {
          return await work();
        } finally {
          // A connection that cannot give it back loses it.
          await session.ask('SELECT pg_advisory_unlock($1, hashtext($2)) AS "yes"', name).catch(() => undefined);
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

async function take(session: Session, name: string): Promise<void> {
  for (let waited = 0; waited < PATIENCE_MS; waited += RETRY_MS) {
    if (await session.ask('SELECT pg_try_advisory_lock($1, hashtext($2)) AS "yes"', name)) return;
    await sleep(RETRY_MS);
  }
  throw new Error(`Locking account ${name}: expected it within ${PATIENCE_MS} ms, another process has it`);
}

type Session = ReturnType<typeof createSession>;

/** One connection for as long as anybody is in. One that fails is thrown away, with all its locks, and whoever comes next gets another. */
function createSession(pool: Pick<pg.Pool, 'connect'>) {
  let connection: Promise<pg.PoolClient> | null = null;
  let users = 0;
  let asking: Promise<unknown> = Promise.resolve();

  async function connect(): Promise<pg.PoolClient> {
    const client = await pool.connect();
    // Without a listener, a connection that breaks while no query runs would end the process.
    client.on('error', lose);
    return client;
  }

  function giveBack(error?: Error): void {
    const last = connection;
    connection = null;
    void last?.then(
      (client) => {
        client.off('error', lose);
        client.release(error);
      },
      // There never was one, which whoever asked for it has been told.
      () => undefined,
    );
  }

  function lose(error: unknown): void {
    giveBack(error instanceof Error ? error : new Error(String(error)));
  }

  return {
    async enter(): Promise<void> {
      users++;
      try {
        connection ??= connect();
        await connection;
      } catch (error) {
        connection = null;
        users--;
        throw error;
      }
    },
    /** Asks about the lock with this name; one question after the other, as a connection must be asked. */
    ask(sql: string, name: string): Promise<boolean> {
      const answer = asking.then(async () => {
        if (connection === null) throw new Error(`Locking account ${name}: expected a database connection, got none`);
        const { rows } = await (await connection).query<{ yes: boolean }>(sql, [ACCOUNT_LOCK, name]);
        return rows[0]?.yes ?? false;
      });
      asking = answer.catch(lose);
      return answer;
    },
    leave(): void {
      if (--users === 0) giveBack();
    },
  };
}
