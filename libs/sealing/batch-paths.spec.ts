import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#database/testing.js';
import { verifyInclusion } from '#merkle/inclusion.js';
import { inclusionPath } from '#merkle/tile.js';
import { BatchPaths } from './batch-paths.js';
import { buildBatchTree } from './batch-tree.js';
import { tilesOf } from '#merkle/tree-levels.js';
import { sealNextBatch } from './seal.js';
import { addChunk, sealDeps, testKey, testLeaves } from './testing/sealed-database.js';

const SIZES = [1, 2, 3, 255, 256, 257, 300, 511, 513, 1000, 65_535, 65_536, 65_537, 65_800];

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  const key = testKey();
  for (const size of SIZES) {
    await addChunk(db.pool, size, `batch of ${size}`);
    await sealNextBatch(sealDeps(db.pool, key));
  }
}, 120_000);
afterAll(() => db.drop());

/** The pool, counting queries. */
function countingPool() {
  const counter = { queries: 0 };
  const query = (...args: Parameters<typeof db.pool.query>) => {
    counter.queries++;
    return db.pool.query(...args);
  };
  return { counter, pool: { query: query as typeof db.pool.query } };
}

describe('paths in batches', () => {
  it('lead from the leaf to the root, at the edges of tiles and of the tree', async () => {
    const paths = new BatchPaths(db.pool);
    for (const [number, size] of SIZES.entries()) {
      const leaves = testLeaves(`batch of ${size}`, size);
      const tree = buildBatchTree(leaves);
      const tiles = new Map(tilesOf(tree).map((tile) => [`${tile.level}/${tile.index}`, tile.hashes]));
      const source = { tile: async (level: number, index: number) => tiles.get(`${level}/${index}`)! };
      const indexes = [0, 1, 254, 255, 256, 511, 512, size >> 1, size - 257, size - 256, size - 2, size - 1];
      for (const index of new Set(indexes.filter((i) => i >= 0 && i < size))) {
        const path = await paths.inclusionPath(number, index, size);
        const leaf = leaves.subarray(index * 32, index * 32 + 32);
        expect(verifyInclusion({ leaf, index, size, path, root: tree.root }), `leaf ${index} of ${size}`).toBe(true);
        expect(path.map((hash) => Buffer.from(hash).toString('hex'))).toEqual(
          (await inclusionPath(index, size, source)).map((hash) => Buffer.from(hash).toString('hex')),
        );
      }
    }
  });

  it('ask the database for each tile once, however many ask at the same time', async () => {
    const { counter, pool } = countingPool();
    const paths = new BatchPaths(pool);
    const number = SIZES.indexOf(65_800);
    const ask = () => Promise.all(Array.from({ length: 50 }, (_, i) => paths.inclusionPath(number, i * 5, 65_800)));
    await ask();
    // Tile 0/0, 1/0, 2/0, and the right edge: 0/257 and 1/1.
    expect(counter.queries).toBe(5);
    await ask();
    expect(counter.queries).toBe(5);
  });

  it('fail for a batch that is not there, and work once it is', async () => {
    const { pool } = countingPool();
    const paths = new BatchPaths(pool);
    await expect(paths.inclusionPath(SIZES.length, 0, 3)).rejects.toMatchObject({
      name: 'SealError',
      code: 'no-such-node',
    });
    await expect(paths.inclusionPath(2, 3, 3)).rejects.toMatchObject({ name: 'MerkleError', code: 'bad-index' });
    expect(await paths.inclusionPath(2, 2, 3)).toHaveLength(1);
    expect(await paths.inclusionPath(0, 0, 1)).toEqual([]);
  });
});
