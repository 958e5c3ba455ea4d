import { setTimeout as pause } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { appendFeedEvents, type FeedPlace } from '#database/feed-event.repository.js';
import { inTransaction } from '#database/transaction.js';
import { formatEventId, parseEventId } from './event.js';
import { useFeedTrial } from './testing/feed-trial.js';

const trial = useFeedTrial();
beforeEach(() => trial.pool.query('TRUNCATE "feed_event" CASCADE'));

const event = (data: unknown, agencyId = 1) => ({
  agencyId,
  type: 'test',
  happenedAt: new Date(),
  data: JSON.stringify(data),
});

describe('the feed', () => {
  it('shows nothing of a later event while an earlier one is not committed', async () => {
    const steps: string[] = [];
    let commit = () => {};
    const slow = inTransaction(trial.pool, [], async (client) => {
      await appendFeedEvents(client, [event('slow')]);
      steps.push('slow has its number');
      await new Promise<void>((resolve) => (commit = resolve));
    });
    await expect.poll(() => steps).toHaveLength(1);
    const quick = inTransaction(trial.pool, [], (client) => appendFeedEvents(client, [event('quick')])).then(() =>
      steps.push('quick is committed'),
    );
    await pause(150);
    expect([await trial.told(1), steps]).toEqual([[], ['slow has its number']]);
    commit();
    await Promise.all([slow, quick]);
    expect((await trial.told(1)).map(({ data }) => data)).toEqual(['slow', 'quick']);
  });

  it('gives a reader every event once and in order, however many write at once and however late they commit', async () => {
    const writers = 6;
    const rounds = 15;
    let writing = true;
    const all = Promise.all(
      Array.from({ length: writers }, async (_, writer) => {
        for (let round = 0; round < rounds; round++) {
          await inTransaction(trial.pool, [], async (client) => {
            await pause(Math.random() * 4);
            await appendFeedEvents(client, [event([writer, round, 0]), event([writer, round, 1])]);
            await pause(Math.random() * 4);
          });
        }
      }),
    ).finally(() => (writing = false));
    const read: string[] = [];
    let place: FeedPlace | null = null;
    for (let last = false; ;) {
      const page = await trial.feed.after(1, place, 7);
      read.push(...page.map(({ data }) => data));
      place = page.at(-1) ?? place;
      if (page.length === 0 && last) break;
      last = page.length === 0 && !writing;
    }
    await all;
    expect(new Set(read).size).toBe(read.length);
    expect(read).toHaveLength(writers * rounds * 2);
    for (let i = 0; i < read.length; i += 2) expect(read[i]!.replace(/0]$/, '1]')).toBe(read[i + 1]);
  });

  it('keeps what it must, deletes the rest in bites, and leaves the newest event of each agency', async () => {
    await inTransaction(trial.pool, [], (client) =>
      appendFeedEvents(client, [event(1), event(2), event(3, 2), event(4)]),
    );
    const age = (days: number, where: string) =>
      trial.pool.query(`UPDATE "feed_event" SET "created_at" = now() - make_interval(days => $1) WHERE ${where}`, [
        days,
      ]);
    await age(29, 'true');
    expect(await trial.feed.purge(30)).toBe(0);
    await age(31, `"data" <> '2'`);
    expect(await trial.feed.purge(30)).toBe(1);
    expect((await trial.told(1)).map(({ data }) => data)).toEqual([2, 4]);
    expect(await trial.told(2)).toHaveLength(1);
  });

  it('knows a place by its tag as well, which a restored database does not give again', async () => {
    await inTransaction(trial.pool, [], (client) => appendFeedEvents(client, [event(1)]));
    const [first] = await trial.feed.after(1, null, 1);
    expect(await trial.feed.has(1, first!)).toBe(true);
    expect(await trial.feed.has(2, first!)).toBe(false);
    expect(await trial.feed.has(1, { ...first!, tag: '0'.repeat(12) })).toBe(false);
  });
});

describe('the id of an event', () => {
  it('leads back to its place and has no dot; nothing else is an id', () => {
    const place = { number: '9223372036854775807', tag: '00ff00ff00ff' };
    expect(formatEventId(place)).toBe('evt_9223372036854775807_00ff00ff00ff');
    expect(parseEventId(formatEventId(place))).toEqual(place);
    for (const id of [
      'evt_0_00ff00ff00ff',
      'evt_9223372036854775808_00ff00ff00ff',
      'evt_1_00ff00ff00f',
      'evt_1_00ff00ff00ff.',
      '1',
    ])
      expect(parseEventId(id), id).toBeNull();
  });
});
