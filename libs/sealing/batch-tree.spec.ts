import { createHash } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { buildTiles, tilesOf } from '#merkle/tree-levels.js';
import { buildBatchTree } from './batch-tree.js';
import { BatchTreeThread } from './batch-tree-thread.js';
import { nativeSha256Into } from './native-sha256.js';

const LARGEST = 131_072;
const leaves = new Uint8Array(LARGEST * 32);
for (let i = 0; i < LARGEST; i++) leaves.set(createHash('sha256').update(`${i}`).digest(), i * 32);
const leavesOf = (size: number) => leaves.slice(0, size * 32);

describe('the batch tree', () => {
  const thread = new BatchTreeThread();
  afterAll(() => thread.close());

  it('has the root and tiles that libs/merkle builds, for every size from 1 to 300', () => {
    for (let size = 1; size <= 300; size++) {
      const tree = buildBatchTree(leavesOf(size));
      const expected = buildTiles(leavesOf(size), nativeSha256Into);
      expect(Buffer.from(tree.root).equals(expected.root), `size ${size}`).toBe(true);
      expect(tilesOf(tree)).toEqual(expected.tiles);
    }
  });

  it(
    'has them for large sizes, built in the thread without holding up the event loop',
    { timeout: 60_000 },
    async () => {
      for (const size of [4096, 4097, 65_535, 65_536, 65_537, LARGEST]) {
        const given = leavesOf(size);
        let turns = 0;
        const timer = setInterval(() => turns++, 1);
        const tree = await thread.build(given);
        clearInterval(timer);
        const expected = buildTiles(given, nativeSha256Into);
        expect(Buffer.from(tree.root).equals(expected.root), `size ${size}`).toBe(true);
        const tiles = tilesOf(tree);
        expect(tiles.length).toBe(expected.tiles.length);
        expect(tiles.every((tile, i) => Buffer.from(tile.hashes).equals(expected.tiles[i]!.hashes))).toBe(true);
        expect(given.length).toBe(size * 32);
        if (size > 60_000) expect(turns).toBeGreaterThan(3);
      }
    },
  );

  it('is built for several callers at once, and again after the thread was ended', async () => {
    const sizes = [5000, 6000, 7000];
    const roots = () => Promise.all(sizes.map(async (size) => (await thread.build(leavesOf(size))).root));
    const expected = sizes.map((size) => new Uint8Array(buildTiles(leavesOf(size), nativeSha256Into).root));
    expect(await roots()).toEqual(expected);
    const cut = thread.build(leavesOf(LARGEST));
    const refused = expect(cut).rejects.toMatchObject({ name: 'SealError', code: 'bad-tree' });
    await thread.close();
    await refused;
    expect(await roots()).toEqual(expected);
  });

  it('is refused for nothing and for broken hashes', async () => {
    expect(() => buildBatchTree(new Uint8Array(0))).toThrow(expect.objectContaining({ code: 'bad-tree' }));
    await expect(thread.build(new Uint8Array(33))).rejects.toMatchObject({ code: 'bad-tree' });
    await expect(thread.build(new Uint8Array(5000 * 32 + 1))).rejects.toMatchObject({ code: 'bad-tree' });
  });
});
