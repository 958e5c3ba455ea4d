import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { MerkleTree } from 'merkletreejs';
import { describe, expect, it } from 'vitest';
import { equalHashes, HASH_BYTES, leafHash, intoPlace } from './hash.js';
import { verifyInclusion } from './inclusion.js';
import { definedRoot, memoryTiles, split, vectorLeaves } from './testing/tree.js';
import { consistencyPath, inclusionPath, nodeInTile, tileRows, tileWidth, treeRoot } from './tile.js';
import { buildTiles } from './tree-levels.js';

const all = vectorLeaves(70_000);
const leavesOf = (size: number) => all.subarray(0, size * HASH_BYTES);

/** An independent builder of the same tree. */
function stockTree(leaves: Uint8Array): MerkleTree {
  const node = (pair: Buffer) =>
    createHash('sha256')
      .update(new Uint8Array([1]))
      .update(pair)
      .digest();
  return new MerkleTree(
    split(leaves).map((leaf) => Buffer.from(leaf)),
    node,
    { sortPairs: false, sortLeaves: false, duplicateOdd: false, isBitcoinTree: false, hashLeaves: false },
  );
}

async function agree(size: number, indexes: Iterable<number>) {
  const leaves = leavesOf(size);
  const stock = stockTree(leaves);
  const source = memoryTiles(leaves);
  const { root } = buildTiles(leaves);
  expect(Buffer.from(root).equals(stock.getRoot()), `root of ${size}`).toBe(true);
  expect(equalHashes(await treeRoot(size, source), root)).toBe(true);
  for (const index of indexes) {
    const leaf = leaves.slice(index * HASH_BYTES, (index + 1) * HASH_BYTES);
    const ours = await inclusionPath(index, size, source);
    const theirs = stock.getProof(Buffer.from(leaf), index);
    expect(theirs.map(({ data }) => data.toString('hex'))).toEqual(
      ours.map((hash) => Buffer.from(hash).toString('hex')),
    );
    // Theirs through our verifier, ours through theirs.
    expect(verifyInclusion({ leaf, index, size, path: theirs.map(({ data }) => new Uint8Array(data)), root })).toBe(
      true,
    );
    const asTheirs = theirs.map(({ position }, i) => ({ position, data: Buffer.from(ours[i]!) }));
    expect(stock.verify(asTheirs, Buffer.from(leaf), Buffer.from(root))).toBe(true);
  }
}

describe('tiles', () => {
  it('agree with merkletreejs on root and proofs for every size from 1 to 300', { timeout: 120_000 }, async () => {
    for (let size = 1; size <= 300; size++) {
      const indexes = size <= 40 ? Array.from({ length: size }, (_, i) => i) : [0, 1, size >> 1, size - 2, size - 1];
      await agree(size, indexes);
    }
  });

  it('agree with merkletreejs on large trees', { timeout: 120_000 }, async () => {
    for (const size of [511, 512, 513, 4097, 65_536, 65_537, 70_000]) {
      await agree(size, [0, 255, 256, size >> 1, size - 2, size - 1]);
    }
  });

  it('agree with the recursive definition, whichever SHA-256 builds them', async () => {
    const native = intoPlace((data) => new Uint8Array(createHash('sha256').update(data).digest()));
    for (const size of [1, 2, 3, 255, 256, 257, 600]) {
      const root = definedRoot(split(leavesOf(size)));
      expect(buildTiles(leavesOf(size)).root).toEqual(root);
      expect(buildTiles(leavesOf(size), native)).toEqual(buildTiles(leavesOf(size)));
    }
  });

  it('have the widths of C2SP tlog-tiles: 70,000 leaves are 273 complete tiles, then 112, one complete, 17, 1', () => {
    const { tiles } = buildTiles(leavesOf(70_000));
    const widths = (level: number) =>
      tiles.filter((tile) => tile.level === level).map((tile) => tile.hashes.length / HASH_BYTES);
    expect(widths(0)).toEqual([...Array.from({ length: 273 }, () => 256), 112]);
    expect(widths(1)).toEqual([256, 17]);
    expect(widths(2)).toEqual([1]);
    expect(buildTiles(leavesOf(256)).tiles.map(({ level, hashes }) => [level, hashes.length / HASH_BYTES])).toEqual([
      [0, 256],
      [1, 1],
    ]);
    for (const { level, index, hashes } of tiles)
      expect(tileWidth(level, index, 70_000)).toBe(hashes.length / HASH_BYTES);
    expect(tileWidth(0, 274, 70_000)).toBe(0);
    expect(tileWidth(3, 0, 70_000)).toBe(0);
    expect(tileWidth(63, 0, 2 ** 53 - 1)).toBe(0);
  });

  it('of a larger tree answer for every smaller one', async () => {
    const source = memoryTiles(leavesOf(1000));
    for (const size of [1, 2, 255, 256, 257, 511, 512, 513, 768, 999]) {
      expect(await treeRoot(size, source)).toEqual(buildTiles(leavesOf(size)).root);
      expect(await inclusionPath(size - 1, size, source)).toEqual(
        await inclusionPath(size - 1, size, memoryTiles(leavesOf(size))),
      );
    }
  });

  it('are fetched once each for a path', async () => {
    const source = memoryTiles(leavesOf(70_000));
    await inclusionPath(12_345, 70_000, source);
    expect(source.asked).toBeLessThanOrEqual(6);
  });

  it('place a node in the tile and row that hold it', () => {
    expect(nodeInTile({ height: 0, position: 256 })).toEqual({ level: 0, index: 1, row: 0, offset: 0 });
    expect(nodeInTile({ height: 7, position: 3 })).toEqual({ level: 0, index: 1, row: 7, offset: 1 });
    expect(nodeInTile({ height: 8, position: 3 })).toEqual({ level: 1, index: 0, row: 0, offset: 3 });
    for (let height = 0; height < 53; height++) expect(Math.log2(2 ** height)).toBe(height);
  });

  it('expand into rows in which an odd last hash moves up unchanged', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 256 }), (width) => {
        const rows = tileRows(leavesOf(width));
        expect(rows.at(-1)).toEqual(definedRoot(split(leavesOf(width))));
        expect(rows.map((row) => row.length / HASH_BYTES)).toEqual(
          rows.map((_, height) => Math.ceil(width / 2 ** height)),
        );
      }),
      { numRuns: 30 },
    );
  });

  it('refuse what is not a tree, a leaf of it, or a tile wide enough', async () => {
    const source = memoryTiles(leavesOf(10));
    const short = { tile: async () => leavesOf(9) };
    expect(() => buildTiles(new Uint8Array(33))).toThrow(expect.objectContaining({ code: 'bad-hash' }));
    expect(() => tileRows(new Uint8Array(0))).toThrow(expect.objectContaining({ code: 'bad-hash' }));
    await expect(treeRoot(-1, source)).rejects.toMatchObject({ code: 'bad-size' });
    await expect(inclusionPath(10, 10, source)).rejects.toMatchObject({ code: 'bad-index' });
    await expect(consistencyPath(11, 10, source)).rejects.toMatchObject({ code: 'bad-size' });
    await expect(treeRoot(10, short)).rejects.toMatchObject({ code: 'bad-tile' });
  });

  it('do not depend on the entry: a leaf is any 32 bytes', () => {
    expect(buildTiles(leafHash(new Uint8Array(0))).root).toEqual(leafHash(new Uint8Array(0)));
  });
});
