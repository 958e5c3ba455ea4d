import { beforeEach, describe, expect, it } from 'vitest';
import { StatusRepository } from '#database/status.repository.js';
import { announceNews } from './announce.js';
import { useFeedTrial } from './testing/feed-trial.js';

const trial = useFeedTrial();
const OWNER = 1;
const OTHER = 2;
const BANK = 3;

/** A change of status as intake stores it. */
async function change(
  about: { record: string } | { range: { first: number; count: number } },
  first: number,
  by = OWNER,
) {
  const count = 'range' in about ? about.range.count : 1;
  const times = { effectiveAt: '2026-03-02T09:30:00.123Z', receivedAt: '2026-03-02T09:30:00.123Z' };
  const statement = JSON.stringify({
    kind: 'status',
    agency: `agency-${by}`,
    ...about,
    to: 'revoked',
    reason: 'lost',
    ...times,
  });
  const event = {
    agencyId: by,
    first,
    count,
    state: 1,
    effectiveAt: new Date(),
    previous: null,
    seen: null,
    requestId: null,
  };
  expect(await new StatusRepository(trial.pool).lodge([{ ...event, statement, leafHex: '00'.repeat(32) }])).toBe(true);
}

const count = async (table: string) =>
  Number((await trial.pool.query(`SELECT count(*) FROM "${table}"`)).rows[0].count);

/** Forgets everything that was told and anchored; the log stays. */
beforeEach(async () => {
  await trial.announce();
  await trial.pool.query('TRUNCATE "feed_event", "feed_anchor", "submission", "anchor" CASCADE');
});

describe('what agencies are told', () => {
  it('of a sealed batch is how many entries of it are theirs, once, and nothing to those without any', async () => {
    await trial.lodge([OWNER, OTHER, OWNER]);
    await trial.lodge([OWNER], 'generic@1', 'case 1');
    // The first of these is not stored: its reference is taken.
    await trial.lodge([OWNER, OWNER, OTHER], 'generic@1', 'case 1');
    const { rows } = await trial.pool.query('SELECT FROM "chunk" WHERE cardinality("agency_ids") = 0');
    expect(rows).toEqual([]);
    const batch = await trial.seal();
    await trial.announce();
    await trial.announce();
    expect(await trial.told(OWNER)).toEqual([
      { type: 'batch.sealed', data: { batch, entries: 4, sealedAt: expect.any(String) } },
    ]);
    expect(await trial.told(OTHER)).toMatchObject([{ data: { batch, entries: 2 } }]);
    expect(await trial.told(BANK)).toEqual([]);
  });

  it('is the same of chunks that an earlier version has written, which say nothing of agencies', async () => {
    const [id] = await trial.lodge([OWNER, OTHER, OWNER]);
    await trial.rely(BANK, id!);
    await trial.pool.query(
      `UPDATE "chunk" SET "agency_ids" = '{}', "agency_entries" = '{}' WHERE "batch_number" IS NULL`,
    );
    const batch = await trial.seal();
    await trial.announce();
    expect(await trial.told(OWNER)).toMatchObject([{ data: { batch, entries: 2 } }]);
    expect(await trial.told(BANK)).toMatchObject([{ data: { batch, entries: 1 } }]);
  });

  it('of a change of status goes to whoever lodged the record, and to whoever relies on it', async () => {
    const [own, foreign] = await trial.lodge([OWNER, OTHER]);
    await trial.rely(BANK, own!);
    const first = await entriesBefore(await trial.seal());
    await change({ record: own! }, first);
    await change({ record: foreign! }, first + 1, OWNER);
    await trial.announce();
    const before = (await trial.told(OWNER)).length;
    const batch = await trial.seal();
    await trial.announce();
    const place = { agency: 'agency-1', batch, ordinal: first + 3 };
    const times = { effectiveAt: '2026-03-02T09:30:00.123Z', receivedAt: '2026-03-02T09:30:00.123Z' };
    expect((await trial.told(OWNER, before)).slice(1)).toEqual([
      { type: 'record.status_changed', data: { record: own, status: 'revoked', reason: 'lost', ...times, ...place } },
    ]);
    expect((await trial.told(OTHER, 1)).map(({ data }) => data['record'])).toEqual([foreign]);
    expect((await trial.told(BANK)).at(-1)).toEqual({
      type: 'relied_record.status_changed',
      data: { records: [own], status: 'revoked', effectiveAt: times.effectiveAt, ...place },
    });
  });

  it('of a range of 3,000 records is one event, and names those on which another agency relies', async () => {
    const ids = [await trial.lodge(Array<number>(3000).fill(OWNER)), await trial.lodge([OTHER], 'title@1')].flat();
    const relied = [ids[7]!, ids[2999]!].toSorted();
    for (const id of relied) await trial.rely(BANK, id);
    const first = await entriesBefore(await trial.seal());
    await trial.announce();
    const [owner, bank] = [(await trial.told(OWNER)).length, (await trial.told(BANK)).length];
    await change({ range: { first, count: 3000 } }, first);
    await trial.seal();
    await trial.announce();
    expect(await trial.told(OWNER, owner)).toMatchObject([
      { type: 'batch.sealed', data: { entries: 1 } },
      { type: 'record.status_changed', data: { range: { first, count: 3000 } } },
    ]);
    expect(await trial.told(BANK, bank)).toMatchObject([{ data: { records: relied, status: 'revoked' } }]);
  });

  it('of a record whose status is not public is that it changed, not what it became', async () => {
    const [id] = await trial.lodge([OWNER], 'title@1');
    await trial.rely(BANK, id!);
    await change({ record: id! }, await entriesBefore(await trial.seal()));
    await trial.seal();
    await trial.announce();
    const { data } = (await trial.told(BANK)).at(-1)!;
    expect(data).toMatchObject({ records: [id], agency: 'agency-1' });
    expect(data).not.toHaveProperty('status');
  });

  it('of an anchor is which of their batches it newly covers, confirmed and final, once', async () => {
    await trial.lodge([OWNER]);
    const first = await trial.seal();
    await trial.lodge([OTHER]);
    const second = await trial.seal();
    await trial.announce();
    await trial.pool.query('TRUNCATE "feed_event" CASCADE');
    await trial.pool.query(`INSERT INTO "feed_anchor" VALUES ('bitcoin', 0, $1, $1)`, [first]);
    await trial.anchored('bitcoin', second + 1, 'confirmed');
    await trial.announce();
    // A reorganisation, and the same again.
    await trial.pool.query(`UPDATE "submission" SET "state" = 'pending'`);
    await trial.announce();
    await trial.anchored('bitcoin', second + 1, 'final');
    await trial.announce();
    const anchoring = { anchor: 'bitcoin', checkpointSize: second + 1, entries: 1 };
    expect(await trial.told(OWNER)).toEqual([
      { type: 'batch.anchored', data: { ...anchoring, firstBatch: first, lastBatch: first } },
      { type: 'batch.final', data: { ...anchoring, firstBatch: first, lastBatch: first } },
    ]);
    expect(await trial.told(OTHER)).toMatchObject([{ data: { firstBatch: second } }, { data: { lastBatch: second } }]);
  });

  it('of an anchor says nothing of a log that ended before it confirmed any more of it', async () => {
    await trial.lodge([OWNER]);
    const ended = (await trial.seal()) + 1;
    await trial.lodge([OTHER]);
    await trial.seal();
    await trial.announce();
    await trial.pool.query('TRUNCATE "feed_event" CASCADE');
    await trial.pool.query(`INSERT INTO "feed_anchor" VALUES ('evm:a', 0, $1, $1)`, [ended - 1]);
    await trial.pool.query(`INSERT INTO "ended_log" VALUES ('old', 'k', $1, $1, '\\x', 'h', 'new')`, [ended]);
    await trial.anchored('evm:a', ended + 1, 'confirmed');
    await trial.announce();
    expect(await trial.told(OWNER)).toEqual([]);
    expect(await trial.told(OTHER)).toMatchObject([{ type: 'batch.anchored', data: { firstBatch: ended } }]);
    await trial.anchored('evm:a', ended, 'confirmed');
    await trial.announce();
    expect(await trial.told(OWNER)).toMatchObject([{ data: { checkpointSize: ended, lastBatch: ended - 1 } }]);
    await trial.pool.query('TRUNCATE "ended_log"');
  });

  it('of an overdue anchor reaches those whose entries wait for it, once each time that it becomes so', async () => {
    await trial.lodge([OTHER]);
    const size = (await trial.seal()) + 1;
    await trial.lodge([OWNER]);
    await trial.seal();
    await trial.announce();
    await trial.pool.query('TRUNCATE "feed_event" CASCADE');
    await trial.pool.query(`INSERT INTO "feed_anchor" VALUES ('rfc3161', 0, $1, $1)`, [size]);
    await trial.anchored('rfc3161', size, 'final');
    const turn = (at: string | null) => trial.pool.query(`UPDATE "anchor" SET "overdue_since" = $1`, [at]);
    for (const at of ['2026-05-01T00:00:00Z', '2026-05-01T00:00:00Z', null, '2026-05-03T00:00:00Z']) {
      await turn(at);
      await trial.announce();
    }
    const overdue = (day: number) => ({
      anchor: 'rfc3161',
      overdueSince: `2026-05-0${day}T00:00:00.000Z`,
      firstBatch: size,
    });
    expect(await trial.told(OWNER)).toEqual([1, 3].map((day) => ({ type: 'anchor.overdue', data: overdue(day) })));
    expect(await trial.told(OTHER)).toEqual([]);
  });
});

it('a crash at any query loses no event and doubles none', async () => {
  for (let n = 0; n < 3; n++) {
    const [id] = await trial.lodge([OWNER, OTHER]);
    await change({ record: id! }, await entriesBefore(await trial.seal()));
  }
  const size = (await trial.seal()) + 1;
  await trial.anchored('a', size, 'final');
  let [at, crashes] = [1, 0];
  for (;;) {
    const progress = await count('batch_agency');
    const outcome = await announceNews(crashingPool(at)).catch((error: Error) => error);
    if (outcome === null) {
      // The server is still ending the transaction of the one that crashed.
      await new Promise((resolve) => setTimeout(resolve, 20));
      continue;
    }
    if (!(outcome instanceof Error)) break;
    expect(outcome.message).toBe('crash');
    expect([await count('feed_event'), await count('batch_agency')]).toEqual([0, progress]);
    crashes++;
    at++;
  }
  expect(crashes).toBeGreaterThan(8);
  const told = await trial.told(OWNER);
  const of = (type: string) => told.filter((event) => event.type === type).length;
  expect([of('batch.sealed'), of('record.status_changed'), of('batch.anchored'), of('batch.final')]).toEqual([
    4, 3, 1, 1,
  ]);
});

/** A pool whose connection breaks at its query number `at`, the commit included, after the query has reached the server or before. */
function crashingPool(at: number): Pick<typeof trial.pool, 'connect'> {
  let queries = 0;
  const connect = async () => {
    const client = await trial.pool.connect();
    const { query: whole, release } = client;
    const query = whole.bind(client) as (...args: unknown[]) => Promise<unknown>;
    client.release = (error) => {
      Object.assign(client, { query: whole, release });
      release.call(client, error);
    };
    client.query = (async (...args: unknown[]) => {
      if (++queries < at) return query(...args);
      // From now on this connection is gone.
      (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
      throw new Error('crash');
    }) as typeof client.query;
    return client;
  };
  return { connect } as Pick<typeof trial.pool, 'connect'>;
}

async function entriesBefore(batch: number): Promise<number> {
  const { rows } = await trial.pool.query(
    'SELECT coalesce(max("records"), 0) AS n FROM "checkpoint" WHERE "size" <= $1',
    [batch],
  );
  return Number(rows[0].n);
}
