import type pg from 'pg';
import { appendFeedEvents, type NewFeedEvent } from '#database/feed-event.repository.js';
import { inTransaction } from '#database/transaction.js';
import { newConfirmations, newlyOverdue } from './anchor-news.js';
import { newBatches } from './batch-news.js';
import { keysExpiringSoon } from './key-news.js';

/** Advisory lock of whoever announces: one process at a time. */
const ANNOUNCE_LOCK = 728_374_616;

/** Batches announced in one transaction. */
const BITE_BATCHES = 32;

/** An announcer that stops answering loses its transaction, and with it the locks, after this time. */
const SETTINGS = ['idle_in_transaction_session_timeout = 60000'];

/** What a look for news came to. */
export interface Announced {
  events: number;
  /** Whether there is more to announce now. */
  more: boolean;
}

/**
 * Tells agencies what has become true since the last look, as far as one transaction should reach: batches that were sealed with the changes of
 * status in them, what anchors have confirmed, which became overdue, which keys end soon. All of it follows from the tables, and how far it was told is stored with
 * the events; so a crash at any point loses none and doubles none, and neither intake nor sealing waits for it. Null when another process is at it.
 */
export async function announceNews(pool: Pick<pg.Pool, 'connect'>): Promise<Announced | null> {
  return inTransaction(pool, SETTINGS, async (client) => {
    const lock = await client.query<{ held: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS "held"', [
      ANNOUNCE_LOCK,
    ]);
    if (!lock.rows[0]!.held) return null;
    const { rows } = await client.query<{ from: string; size: string | null }>(
      'SELECT "announced_size" AS "from", (SELECT "size" FROM "log") AS "size" FROM "feed_progress"',
    );
    const from = Number(rows[0]!.from);
    const size = Number(rows[0]!.size ?? from);
    const to = Math.min(size, from + BITE_BATCHES);
    const events: NewFeedEvent[] = [];
    if (to > from) {
      events.push(...(await newBatches(client, from, to)));
      await client.query('UPDATE "feed_progress" SET "announced_size" = $1', [to]);
    }
    // What anchors confirm is told of batches that were told before.
    events.push(...(await newConfirmations(client, to)), ...(await newlyOverdue(client, to)));
    events.push(...(await keysExpiringSoon(client)));
    await appendFeedEvents(client, events);
    return { events: events.length, more: to < size };
  });
}
