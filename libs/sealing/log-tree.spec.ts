import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#database/testing.js';
import { verifyConsistency } from '#merkle/consistency.js';
import { verifyInclusion } from '#merkle/inclusion.js';
import { tileWidth, treeRoot } from '#merkle/tile.js';
import { buildTiles } from '#merkle/tree-levels.js';
import { parseEntryBundle } from '#tlog/entry-bundle.js';
import { LogTree } from './log-tree.js';
import { openLog } from './log.js';
import { nativeSha256Into } from './native-sha256.js';
import { sealNextBatch } from './seal.js';
import { addChunk, ORIGIN, sealDeps, testKey, testLeaves } from './testing/sealed-database.js';

/** Batches before the ones that are really sealed: two short of the first complete tile of level 1. */
const GIVEN = 65_534;
const SEALED = 4;

const key = testKey();
let db: TestDatabase;
let tree: LogTree;
/** Leaf hashes of the whole log. */
let leaves: Buffer;

beforeAll(async () => {
  db = await createTestDatabase();
  tree = new LogTree(db.pool);
  // A long log, as sealing would have left it: sealing that many batches takes a quarter of an hour.
  const given = testLeaves('log', GIVEN);
  const { root, tiles } = buildTiles(given, nativeSha256Into);
  await openLog(db.pool, ORIGIN, key.verifierKey(ORIGIN));
  await db.pool.query('UPDATE "log" SET "size" = $1, "root" = $2', [GIVEN, root]);
  await db.pool.query(
    `INSERT INTO "batch" ("number", "size", "root", "sealed_at", "entry", "leaf_hash", "checkpoint")
     SELECT i, 1, ''::bytea, '2026-01-01', convert_to('entry ' || i, 'UTF8'), substring($1::bytea FROM i * 32 + 1 FOR 32), ''
     FROM generate_series(0, $2::int - 1) AS i`,
    [given, GIVEN],
  );
  await db.pool.query('INSERT INTO "checkpoint" ("size", "root", "note", "records") VALUES ($1, $2, $3, $1)', [
    GIVEN,
    root,
    '',
  ]);
  for (const { level, index, hashes } of tiles.filter((tile) => tile.hashes.length === 8192)) {
    const values = [level, index, hashes, buildTiles(hashes, nativeSha256Into).root];
    await db.pool.query('INSERT INTO "log_tile" ("level", "index", "hashes", "root") VALUES ($1, $2, $3, $4)', values);
  }
  for (let i = 0; i < SEALED; i++) {
    await addChunk(db.pool, 2);
    await sealNextBatch(sealDeps(db.pool, key));
  }
  const { rows } = await db.pool.query<{ leaf_hash: Buffer }>('SELECT "leaf_hash" FROM "batch" ORDER BY "number"');
  leaves = Buffer.concat(rows.map((row) => row.leaf_hash));
}, 120_000);
afterAll(() => db.drop());

const size = GIVEN + SEALED;
const rootAt = (at: number) => buildTiles(leaves.subarray(0, at * 32), nativeSha256Into).root;

describe('the tree of the batch log', () => {
  it('has the signed roots across the sizes at which tiles of two levels become complete', async () => {
    const { rows } = await db.pool.query<{ size: string; root: Buffer }>(
      'SELECT "size", "root" FROM "checkpoint" ORDER BY "size"',
    );
    expect(rows.map((row) => Number(row.size))).toEqual([65_534, 65_535, 65_536, 65_537, 65_538]);
    for (const row of rows) {
      expect(row.root.equals(rootAt(Number(row.size)))).toBe(true);
      expect(row.root.equals(await treeRoot(Number(row.size), tree.at(Number(row.size))))).toBe(true);
    }
  });

  it('has the stored complete tiles that its leaves give', async () => {
    const { rows } = await db.pool.query(
      'SELECT "level", "index", "hashes", "root" FROM "log_tile" ORDER BY "level", "index"',
    );
    const complete = buildTiles(leaves, nativeSha256Into).tiles.filter((tile) => tile.hashes.length === 8192);
    expect(rows.length).toBe(complete.length);
    for (const [i, tile] of complete.entries()) {
      expect([rows[i].level, Number(rows[i].index)]).toEqual([tile.level, tile.index]);
      expect(rows[i].hashes.equals(tile.hashes)).toBe(true);
      expect(rows[i].root.equals(buildTiles(tile.hashes, nativeSha256Into).root)).toBe(true);
    }
  });

  it('proves any batch at any size since, also at sizes without a checkpoint', async () => {
    for (const [number, at] of [
      [0, 1],
      [0, size],
      [255, 256],
      [256, 257],
      [299, 300],
      [12_345, 65_535],
      [65_535, 65_536],
      [size - 1, size],
    ] as const) {
      const path = await tree.inclusionPath(number, at);
      const leaf = leaves.subarray(number * 32, number * 32 + 32);
      expect(verifyInclusion({ leaf, index: number, size: at, path, root: rootAt(at) }), `${number} in ${at}`).toBe(
        true,
      );
    }
  });

  it('proves consistency between any two sizes', async () => {
    for (const [size1, size2] of [
      [0, 5],
      [1, 2],
      [255, 300],
      [256, size],
      [65_535, 65_536],
      [65_536, size],
      [size, size],
    ] as const) {
      const path = await tree.consistencyPath(size1, size2);
      expect(
        verifyConsistency({ size1, root1: rootAt(size1), size2, root2: rootAt(size2), path }),
        `${size1} to ${size2}`,
      ).toBe(true);
    }
  });

  it('serves every tile and bundle that a reader of the log at this size may ask for', async () => {
    for (const { level, index, hashes } of buildTiles(leaves, nativeSha256Into).tiles) {
      if (level === 0 && index > 2 && index < 254) continue;
      const width = tileWidth(level, index, size);
      expect(Buffer.from(await tree.tile(level, index, width)).equals(hashes), `tile ${level}/${index}`).toBe(true);
      expect(Buffer.from(await tree.tile(level, index, 1)).equals(hashes.subarray(0, 32))).toBe(true);
    }
    const bundle = parseEntryBundle(await tree.entryBundle(1));
    expect(bundle.map((entry) => Buffer.from(entry).toString())).toEqual(
      Array.from({ length: 256 }, (_, i) => `entry ${256 + i}`),
    );
    expect(parseEntryBundle(await tree.entryBundle(256, 2))).toHaveLength(2);
  });

  it('has no tile, bundle or batch beyond what is committed', async () => {
    const missing = { code: 'no-such-node' };
    await expect(tree.tile(0, 256, 3)).rejects.toMatchObject(missing);
    await expect(tree.tile(0, 256)).rejects.toMatchObject(missing);
    await expect(tree.tile(1, 1, 1)).rejects.toMatchObject(missing);
    await expect(tree.tile(2, 0, 2)).rejects.toMatchObject(missing);
    await expect(tree.tile(63, 0)).rejects.toMatchObject(missing);
    await expect(tree.entryBundle(256, 3)).rejects.toMatchObject(missing);
    await expect(tree.inclusionPath(size, size)).rejects.toMatchObject({ code: 'bad-index' });
    await expect(tree.inclusionPath(0, size + 1)).rejects.toMatchObject(missing);
  });
});
