import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#database/testing.js';
import { inclusionPath, type TileSource, tileWidth } from '#merkle/tile.js';
import { parseBatchEntry } from '#statement/batch-entry.js';
import type { StatusEvent } from '#status/event.js';
import { statusPath } from '#status/path.js';
import { verifyStatus } from '#status/verify.js';
import { parseEntryBundle } from '#tlog/entry-bundle.js';
import { BatchTreeThread } from './batch-tree-thread.js';
import { sealNextBatch } from './seal.js';
import { StatusNodes } from './status-nodes.js';
import { StatusPaths } from './status-paths.js';
import { addChunk, addEvents, assertLog, sealDeps, testKey } from './testing/sealed-database.js';

const key = testKey();
let db: TestDatabase;
beforeEach(async () => {
  db = await createTestDatabase();
});
afterEach(() => db.drop());

const seal = async (changes: Parameters<typeof sealDeps>[2] = {}) => {
  const batch = await sealNextBatch(sealDeps(db.pool, key, { batchMaxRecords: 200_000, ...changes }));
  if (batch === null) throw new Error('expected a batch, got none');
  return batch;
};
const single = (first: number, state: StatusEvent['state'], previous: number | null = null) => ({
  first,
  count: 1,
  state,
  previous,
});
const count = async (table: string) =>
  Number((await db.pool.query<{ n: string }>(`SELECT count(*) AS n FROM "${table}"`)).rows[0]!.n);

const hex = (hashes: Uint8Array[]) => hashes.map((hash) => Buffer.from(hash).toString('hex'));

/** What the batch entry's status root shows of a record, from what is stored for that batch. */
async function shown(number: number, ordinal: number) {
  const { rows } = await db.pool.query<{ entry: Buffer }>('SELECT "entry" FROM "batch" WHERE "number" = $1', [number]);
  const { first, size, statusRoot } = parseBatchEntry(rows[0]!.entry);
  const path = await statusPath(new StatusNodes(db.pool, number), ordinal, first + size);
  return verifyStatus({ ordinal, records: first + size, root: statusRoot, ...path });
}

describe('the status vector of sealed batches', () => {
  it('says of each record what has become of it, at every past batch', async () => {
    await addChunk(db.pool, 100);
    await seal();
    await addChunk(db.pool, 3);
    await addEvents(db.pool, [single(7, 2), single(64, 12), { first: 10, count: 30, state: 1, previous: null }]);
    await seal();
    await addEvents(db.pool, [single(7, 13, 103)]);
    await seal();
    await addChunk(db.pool, 2000);
    await seal();
    expect(await assertLog(db.pool, key)).toBe(4);
    expect(await shown(0, 7)).toMatchObject({ holds: true, state: 0, lastEvent: null });
    expect(await shown(1, 7)).toMatchObject({ holds: true, state: 2, lastEvent: 103 });
    for (const number of [2, 3]) {
      expect(await shown(number, 7)).toMatchObject({ holds: true, state: 13, lastEvent: 106 });
      expect(await shown(number, 64)).toMatchObject({ holds: true, state: 12, lastEvent: 104 });
      expect(await shown(number, 39)).toMatchObject({ holds: true, state: 1, lastEvent: 105 });
      expect(await shown(number, 40)).toMatchObject({ holds: true, state: 0 });
    }
  });

  it('is served as tiles from which the same paths come, at every past batch', async () => {
    await addChunk(db.pool, 70_000);
    await seal();
    await addEvents(db.pool, [
      single(7, 2),
      single(16_384, 12),
      { first: 69_990, count: 10, state: 1, previous: null },
    ]);
    await seal();
    const paths = new StatusPaths(db.pool);
    for (const [number, records] of [
      [0, 70_000],
      [1, 70_003],
    ] as const) {
      const leaves = Math.ceil(records / 64);
      const tiles: TileSource = {
        tile: (level, index) => paths.tile(number, records, { level, index, width: tileWidth(level, index, leaves) }),
      };
      for (const ordinal of [0, 7, 16_383, 16_384, 65_535, 69_995, records - 1]) {
        const leaf = Math.floor(ordinal / 64);
        const found = await paths.find(number, ordinal, records);
        expect(hex(await inclusionPath(leaf, leaves, tiles))).toEqual(hex(found.path));
        const index = Math.floor(leaf / 256);
        const bundle = await paths.leafBundle(number, records, index, tileWidth(0, index, leaves));
        expect(hex([parseEntryBundle(bundle)[leaf % 256]!])).toEqual(hex([found.leaf]));
      }
    }
    await expect(paths.tile(0, 70_000, { level: 1, index: 0, width: 5 })).rejects.toMatchObject({
      code: 'no-such-node',
    });
    await expect(paths.tile(0, 70_000, { level: 2, index: 0, width: 1 })).rejects.toMatchObject({
      code: 'no-such-node',
    });
  });

  it('stores nothing while nothing is touched, and then only what is', async () => {
    for (let i = 0; i < 3; i++) {
      await addChunk(db.pool, 5000);
      await seal();
    }
    expect([await count('status_leaf'), await count('status_tile')]).toEqual([0, 0]);
    await addEvents(db.pool, [single(1, 1)]);
    await seal();
    expect([await count('status_leaf'), await count('status_tile')]).toEqual([1, 2]);
    await addChunk(db.pool, 10);
    await seal();
    expect([await count('status_leaf'), await count('status_tile')]).toEqual([1, 2]);
    expect(await assertLog(db.pool, key)).toBe(5);
  });

  it('signs nothing over an event that is not allowed where it stands', async () => {
    await addChunk(db.pool, 10);
    await seal();
    for (const event of [
      single(10, 1),
      single(3, 13),
      single(3, 1, 9),
      { first: 8, count: 3, state: 1 as const, previous: null },
    ]) {
      const id = await addEvents(db.pool, [event]);
      await expect(seal()).rejects.toMatchObject({ name: 'SealError', code: 'bad-tree' });
      await db.pool.query('DELETE FROM "chunk" WHERE "id" = $1', [id]);
      await db.pool.query('DELETE FROM "status_event" WHERE "chunk_id" = $1', [id]);
    }
    expect(await assertLog(db.pool, key)).toBe(1);
    expect(await count('status_leaf')).toBe(0);
  });

  it('signs nothing over a root that what is stored does not lead to', async () => {
    await addChunk(db.pool, 10);
    await seal();
    await addEvents(db.pool, [single(3, 1)]);
    const { applyStatus } = sealDeps(db.pool, key);
    const forged = { root: new Uint8Array(32) };
    await expect(
      seal({ applyStatus: async (change, parts) => ({ ...(await applyStatus(change, parts)), ...forged }) }),
    ).rejects.toMatchObject({ code: 'bad-tree' });
    const lost = { leafIndexes: [], leaves: { lengths: [], bytes: new Uint8Array(0) } };
    await expect(
      seal({ applyStatus: async (change, parts) => ({ ...(await applyStatus(change, parts)), ...lost }) }),
    ).rejects.toMatchObject({ code: 'bad-tree' });
    await seal();
    expect(await assertLog(db.pool, key)).toBe(2);
  });

  it('is the same when a thread computes it, for many events at once', { timeout: 60_000 }, async () => {
    const thread = new BatchTreeThread();
    const threaded = {
      buildTree: (leaves: Uint8Array) => thread.build(leaves),
      applyStatus: thread.applyStatus.bind(thread),
    };
    try {
      await addChunk(db.pool, 40_000);
      await seal(threaded);
      await addEvents(
        db.pool,
        Array.from({ length: 1000 }, (_, i) => single(i * 39, 2)),
      );
      await seal(threaded);
      await addEvents(
        db.pool,
        Array.from({ length: 1000 }, (_, i) => single(i * 39, 13, 40_000 + i)),
      );
      await seal(threaded);
      expect(await assertLog(db.pool, key)).toBe(3);
      expect(await shown(2, 39)).toMatchObject({ holds: true, state: 13, lastEvent: 41_001 });
      await addEvents(
        db.pool,
        Array.from({ length: 1000 }, (_, i) => single(i * 39, 13, 41_000 + i)),
      );
      await expect(seal(threaded)).rejects.toMatchObject({ code: 'bad-tree' });
    } finally {
      await thread.close();
    }
  });
});
