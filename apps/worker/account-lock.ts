import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Exclusively } from '#anchors/anchor-kind.js';

/** First half of the advisory locks of accounts; the second is the hash of the account's name. */
const ACCOUNT_LOCK = 728_374_616;

/** How long another process may keep an account, and how often it is asked for meanwhile, in milliseconds. */
const PATIENCE_MS = 30_000;
const RETRY_MS = 100;

/** Time for one question to the database: a connection that has gone silent must not keep every chain waiting. */
const QUESTION_TIMEOUT_MS = 5000;

/** Makes accounts on chains belong to one piece of work at a time, in all processes at one database. The locks of a process live in one connection
 * of their own, open while there is any: however many chains hang, they take none from `pool`, and do not keep it from closing. A lock that is
 * lost with its connection does no harm that the nonces themselves do not prevent.
 *
 * The function it returns rejects with what the work or the database throws, and when another process keeps the account for 30 s. */
export function createAccountLock(pool: Pick<pg.Pool, 'options'>): Exclusively {
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
  const end = Date.now() + PATIENCE_MS;
  while (Date.now() < end) {
    if (await session.ask('SELECT pg_try_advisory_lock($1, hashtext($2)) AS "yes"', name)) return;
    await sleep(RETRY_MS);
  }
  throw new Error(`Locking account ${name}: expected it within ${PATIENCE_MS} ms, another process has it`);
}

type Session = ReturnType<typeof createSession>;

/** One connection for as long as anybody is in. One that fails is closed, with all its locks, and whoever comes next gets another. */
function createSession({ options }: Pick<pg.Pool, 'options'>) {
  let connection: Promise<pg.Client> | null = null;
  let users = 0;
  let asking: Promise<unknown> = Promise.resolve();

  async function connect(): Promise<pg.Client> {
    const client = new pg.Client({
      ...options,
      connectionTimeoutMillis: QUESTION_TIMEOUT_MS,
      query_timeout: QUESTION_TIMEOUT_MS,
    });
    // Without a listener, a connection that breaks while no query runs would end the process.
    client.on('error', () => close(client));
    await client.connect();
    return client;
  }

  /** Closes the connection, if it is this one. */
  function close(only?: pg.Client): void {
    const last = connection;
    void last?.then(
      async (client) => {
        if (only !== undefined && only !== client) return;
        if (connection === last) connection = null;
        // One that is broken cannot say goodbye.
        await client.end().catch(() => undefined);
      },
      // There never was one, which whoever asked for it has been told.
      () => undefined,
    );
  }

  return {
    async enter(): Promise<void> {
      users++;
      const mine = (connection ??= connect());
      try {
        await mine;
      } catch (error) {
        if (connection === mine) connection = null;
        users--;
        throw error;
      }
    },
    /** Asks about the lock with this name; one question after the other, as a connection must be asked. */
    ask(sql: string, name: string): Promise<boolean> {
      const answer = asking.then(async () => {
        const client = await connection;
        if (client === null) throw new Error(`Locking account ${name}: expected a database connection, got none`);
        try {
          const { rows } = await client.query<{ yes: boolean }>(sql, [ACCOUNT_LOCK, name]);
          return rows[0]?.yes ?? false;
        } catch (error) {
          close(client);
          throw error;
        }
      });
      asking = answer.catch(() => undefined);
      return answer;
    },
    leave(): void {
      if (--users > 0) return;
      close();
      connection = null;
    },
  };
}
