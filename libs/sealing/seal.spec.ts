import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#database/testing.js';
import { parseBatchEntry } from '#statement/batch-entry.js';
import { sealNextBatch, type SealDeps } from './seal.js';
import { addChunk, addEvents, assertLog, ORIGIN, sealDeps, testKey } from './testing/sealed-database.js';

const key = testKey();
let db: TestDatabase;
beforeEach(async () => {
  db = await createTestDatabase();
});
afterEach(() => db.drop());

/** How one query of a sealing run goes wrong. */
type Fault = 'server error' | 'connection lost before' | 'connection lost under way' | 'answer lost';

/** A pool of which one query of the first connection goes wrong: the `at`-th, from 1, or the COMMIT; `queries` are those it saw. */
function faultyPool(at: number | 'COMMIT', fault: Fault): SealDeps['pool'] & { queries: string[] } {
  const queries: string[] = [];
  let faulty = true;
  let happened = false;
  const connect = async () => {
    const client = await db.pool.connect();
    if (!faulty) return client;
    faulty = false;
    const socket = (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream;
    const query = client.query.bind(client) as (...args: unknown[]) => Promise<unknown>;
    client.query = (async (...args: unknown[]) => {
      const text = typeof args[0] === 'string' ? args[0] : (args[0] as { text: string }).text;
      queries.push(text);
      if (happened || (at === 'COMMIT' ? text !== at : queries.length !== at)) return query(...args);
      happened = true;
      if (fault === 'server error') return query('SELECT 1 / 0');
      if (fault === 'connection lost before') socket.destroy();
      const answer = query(...args);
      if (fault === 'connection lost under way') setImmediate(() => socket.destroy());
      if (fault === 'answer lost') {
        await answer;
        socket.destroy();
        throw new Error('Connection terminated unexpectedly');
      }
      return answer;
    }) as typeof client.query;
    return client;
  };
  return { connect: connect as SealDeps['pool']['connect'], queries };
}

const count = async (sql: string) =>
  Number((await db.pool.query<{ count: string }>(`SELECT count(*) FROM ${sql}`)).rows[0]!.count);

describe('sealing', () => {
  it('has nothing to do while nothing waits', async () => {
    expect(await sealNextBatch(sealDeps(db.pool, key))).toBeNull();
    expect(await assertLog(db.pool, key)).toBe(0);
  });

  it('takes whole chunks in the order of their ids, up to the limit, until none is left', async () => {
    for (const records of [40, 60, 1, 250, 100, 99]) await addChunk(db.pool, records);
    const sizes: number[] = [];
    for (let batch; (batch = await sealNextBatch(sealDeps(db.pool, key))) !== null;) sizes.push(batch.size);
    // 250 is over the limit and a batch by itself.
    expect(sizes).toEqual([100, 1, 250, 100, 99]);
    expect(await assertLog(db.pool, key)).toBe(5);
    expect(await count('"chunk" WHERE "batch_number" IS NULL')).toBe(0);
  });

  it('says what it sealed: number, size, time, beacon and both checkpoints', async () => {
    await addChunk(db.pool, 3);
    const beacon = `bitcoin 900000 ${'0'.repeat(63)}a`;
    const batch = await sealNextBatch(sealDeps(db.pool, key, { beacon }));
    expect(batch).toMatchObject({ number: 0, size: 3, chunks: 1, logSize: 1 });
    const { rows } = await db.pool.query('SELECT b.*, c."note" FROM "batch" b, "checkpoint" c');
    expect(parseBatchEntry(rows[0].entry)).toMatchObject({
      origin: ORIGIN,
      beacon,
      sealedAt: '2026-01-02T03:04:05.678Z',
    });
    expect(rows[0]).toMatchObject({
      note: batch!.logCheckpoint,
      checkpoint: batch!.checkpoint,
      sealed_at: batch!.sealedAt,
    });
    expect(batch!.checkpoint.split('\n')[0]).toBe(`${ORIGIN}/batch/0`);
  });

  it('takes a chunk that was committed late although its id is smaller', async () => {
    const slow = await db.pool.connect();
    await slow.query('BEGIN');
    await slow.query('INSERT INTO "chunk" ("record_count", "leaves") VALUES (1, $1)', [Buffer.alloc(32, 1)]);
    await addChunk(db.pool, 2);
    expect(await sealNextBatch(sealDeps(db.pool, key))).toMatchObject({ number: 0, size: 2 });
    await slow.query('COMMIT');
    slow.release();
    expect(await sealNextBatch(sealDeps(db.pool, key))).toMatchObject({ number: 1, size: 1 });
    expect(await assertLog(db.pool, key)).toBe(2);
  });

  it('waits for a clock that is behind the newest batch, unless that batch is named as the wrong one', async () => {
    const at = (time: string, wrongTimeBatch?: number) =>
      sealNextBatch(sealDeps(db.pool, key, { now: () => new Date(time), wrongTimeBatch }));
    await addChunk(db.pool, 1);
    await at('2026-05-04T00:00:00.000Z');
    expect(await at('2026-05-01T00:00:00.000Z')).toBeNull();
    await addChunk(db.pool, 1);
    await expect(at('2026-05-03T23:59:59.999Z')).rejects.toMatchObject({
      code: 'clock-behind',
      message: expect.stringContaining('2026-05-04T00:00:00.000Z'),
    });
    expect(await at('2026-05-04T00:00:00.000Z')).toMatchObject({ number: 1 });
    await addChunk(db.pool, 1);
    await expect(at('2026-05-01T00:00:00.000Z', 0)).rejects.toMatchObject({ code: 'clock-behind' });
    expect(await at('2026-05-01T00:00:00.000Z', 1)).toMatchObject({ number: 2 });
    // Once it is passed, the setting allows nothing more.
    await addChunk(db.pool, 1);
    await expect(at('2026-04-30T00:00:00.000Z', 1)).rejects.toMatchObject({ code: 'clock-behind' });
    expect(await assertLog(db.pool, key)).toBe(3);
  });

  it('refuses a database whose log has another origin or another key', async () => {
    await addChunk(db.pool, 1);
    await sealNextBatch(sealDeps(db.pool, key));
    await addChunk(db.pool, 1);
    await expect(sealNextBatch(sealDeps(db.pool, testKey()))).rejects.toMatchObject({ code: 'foreign-log' });
    await expect(sealNextBatch(sealDeps(db.pool, key, { origin: 'log.example/b' }))).rejects.toMatchObject({
      code: 'foreign-log',
    });
    expect(await assertLog(db.pool, key)).toBe(1);
  });

  it('signs nothing over a tree that is wrong', async () => {
    await addChunk(db.pool, 5);
    const wrong = async () => ({ root: new Uint8Array(32), levels: [new Uint8Array(5 * 32)] });
    await expect(sealNextBatch(sealDeps(db.pool, key, { buildTree: wrong }))).rejects.toMatchObject({
      code: 'bad-tree',
    });
    expect(await assertLog(db.pool, key)).toBe(0);
  });

  it('signs nothing when the stored log does not continue what was signed', async () => {
    for (let i = 0; i < 3; i++) {
      await addChunk(db.pool, 1);
      await sealNextBatch(sealDeps(db.pool, key));
    }
    await db.pool.query('UPDATE "batch" SET "leaf_hash" = $1 WHERE "number" = 1', [Buffer.alloc(32)]);
    await addChunk(db.pool, 1);
    await expect(sealNextBatch(sealDeps(db.pool, key))).rejects.toMatchObject({ code: 'bad-tree' });
    expect(await count('"checkpoint"')).toBe(3);
  });

  it('by many at once seals each chunk once and signs one root for each size', { timeout: 60_000 }, async () => {
    const signed = new Map<string, Set<string>>();
    const watched: SealDeps['key'] = {
      verifierKey: (name) => key.verifierKey(name),
      noteSigner: (name) => ({
        ...key.noteSigner(name),
        sign: (message) => {
          const [origin, size, root] = new TextDecoder().decode(message).split('\n') as [string, string, string];
          const name = `${origin} ${size}`;
          signed.set(name, (signed.get(name) ?? new Set()).add(root));
          return key.sign(message);
        },
      }),
    };
    let adding = true;
    let records = 0;
    const add = async () => {
      for (let i = 0; i < 120; i++) {
        const size = 1 + ((i * 7) % 40);
        await addChunk(db.pool, size);
        records += size;
      }
      adding = false;
    };
    const sealed: number[] = [];
    const seal = async () => {
      for (;;) {
        const last = !adding;
        const batch = await sealNextBatch(sealDeps(db.pool, watched));
        if (batch !== null) sealed.push(batch.number);
        else if (last && (await count('"chunk" WHERE "batch_number" IS NULL')) === 0) return;
      }
    };
    await Promise.all([add(), seal(), seal(), seal(), seal()]);
    expect(await assertLog(db.pool, key)).toBe(sealed.length);
    expect(new Set(sealed).size).toBe(sealed.length);
    const { rows } = await db.pool.query<{ sum: string }>('SELECT sum("size") FROM "batch"');
    expect(Number(rows[0]!.sum)).toBe(records);
    for (const [name, roots] of signed) expect(roots.size, name).toBe(1);
  });
});

describe('sealing that fails', () => {
  it('at any step before the commit leaves nothing, and the next attempt seals', { timeout: 120_000 }, async () => {
    // The log is made outside, as at start, so that every run has the same queries; batch 0 so that the log's tree is read.
    await addChunk(db.pool, 3);
    await sealNextBatch(sealDeps(db.pool, key));
    await addChunk(db.pool, 300);
    const clean = faultyPool(0, 'server error');
    await sealNextBatch(sealDeps(clean, key));
    const steps = clean.queries.length;
    expect(clean.queries.at(-1)).toBe('COMMIT');
    expect(steps).toBeGreaterThan(10);

    let size = 2;
    for (let step = 1; step < steps; step++) {
      for (const fault of [
        'server error',
        'connection lost before',
        'connection lost under way',
        'answer lost',
      ] as const) {
        await addChunk(db.pool, 300);
        const failed = sealNextBatch(sealDeps(faultyPool(step, fault), key));
        await expect(failed, `${fault} at ${step}`).rejects.toMatchObject({ name: 'SealError', code: 'not-stored' });
        expect(await count('"batch"'), `${fault} at ${step}`).toBe(size);
        const next = await untilSealed();
        expect(next).toMatchObject({ number: size++, size: 300 });
      }
    }
    expect(await assertLog(db.pool, key)).toBe(size);
  });

  it(
    'at any step that concerns the status vector leaves nothing, and the next attempt seals',
    { timeout: 120_000 },
    async () => {
      await addChunk(db.pool, 90);
      await sealNextBatch(sealDeps(db.pool, key));
      const event = (first: number) => addEvents(db.pool, [{ first, count: 1, state: 1, previous: null }]);
      await event(0);
      const clean = faultyPool(0, 'server error');
      await sealNextBatch(sealDeps(clean, key));
      const steps = clean.queries.flatMap((text, i) => (text.includes('status_') ? [i + 1] : []));
      expect(steps.length).toBeGreaterThanOrEqual(6);
      let size = 2;
      for (const [i, step] of steps.entries()) {
        const fault = i % 2 === 0 ? 'server error' : 'connection lost under way';
        await event(size);
        await expect(sealNextBatch(sealDeps(faultyPool(step, fault), key))).rejects.toMatchObject({
          code: 'not-stored',
        });
        expect(await count(`"status_leaf" WHERE "batch_number" >= ${size}`)).toBe(0);
        expect(await count(`"status_tile" WHERE "batch_number" >= ${size}`)).toBe(0);
        expect(await untilSealed()).toMatchObject({ number: size++, size: 1 });
      }
      expect(await assertLog(db.pool, key)).toBe(size);
    },
  );

  it('in the commit, refused by the server, has sealed nothing', async () => {
    await addChunk(db.pool, 3);
    await sealNextBatch(sealDeps(db.pool, key));
    await addChunk(db.pool, 3);
    await expect(sealNextBatch(sealDeps(faultyPool('COMMIT', 'server error'), key))).rejects.toMatchObject({
      code: 'not-stored',
    });
    expect(await assertLog(db.pool, key)).toBe(1);
    expect(await untilSealed()).toMatchObject({ number: 1 });
  });

  it('after the commit, whose answer is lost, finds the batch sealed and signs nothing again', async () => {
    await addChunk(db.pool, 3);
    await sealNextBatch(sealDeps(db.pool, key));
    await addChunk(db.pool, 3);
    const sealed = await sealNextBatch(sealDeps(faultyPool('COMMIT', 'answer lost'), key));
    expect(sealed).toMatchObject({ number: 1, logSize: 2 });
    const { rows } = await db.pool.query('SELECT "note" FROM "checkpoint" WHERE "size" = 2');
    expect(rows[0].note).toBe(sealed!.logCheckpoint);
    expect(await assertLog(db.pool, key)).toBe(2);
    expect(await sealNextBatch(sealDeps(db.pool, key))).toBeNull();
  });

  it('with the connection cut during the commit says truly whether it happened, each time', async () => {
    await addChunk(db.pool, 3);
    await sealNextBatch(sealDeps(db.pool, key));
    for (let i = 0; i < 20; i++) {
      await addChunk(db.pool, 3);
      const fault = i % 2 === 0 ? 'connection lost under way' : 'connection lost before';
      const outcome = await sealNextBatch(sealDeps(faultyPool('COMMIT', fault), key)).then(
        (batch) => batch!.logSize,
        (error: { code: string }) => error.code,
      );
      const size = await assertLog(db.pool, key);
      if (typeof outcome === 'number') expect(outcome).toBe(size);
      else expect(outcome).toBe('not-stored');
      await untilSealed();
    }
    expect(await count('"chunk" WHERE "batch_number" IS NULL')).toBe(0);
    await assertLog(db.pool, key);
  });

  it('says that it does not know when the database is gone after the commit', async () => {
    await addChunk(db.pool, 3);
    await sealNextBatch(sealDeps(db.pool, key));
    await addChunk(db.pool, 3);
    const faulty = faultyPool('COMMIT', 'answer lost');
    let connections = 0;
    const gone = {
      connect: () => (connections++ === 0 ? faulty.connect() : Promise.reject(new Error('no server'))),
    } as SealDeps['pool'];
    await expect(sealNextBatch(sealDeps(gone, key))).rejects.toMatchObject({ code: 'unknown' });
    expect(await assertLog(db.pool, key)).toBe(2);
  });

  it('says so when there is no connection at all', async () => {
    const gone = { connect: () => Promise.reject(new Error('no server')) } as SealDeps['pool'];
    await expect(sealNextBatch(sealDeps(gone, key))).rejects.toMatchObject({ code: 'not-stored' });
  });
});

/** Seals once the server has noticed that the failed sealer is gone. */
async function untilSealed() {
  for (let attempt = 0; ; attempt++) {
    const batch = await sealNextBatch(sealDeps(db.pool, key));
    if (batch !== null || (await count('"chunk" WHERE "batch_number" IS NULL')) === 0) return batch;
    if (attempt > 200) throw new Error('the lock of the failed sealer is never released');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
