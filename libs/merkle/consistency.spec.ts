import { describe, expect, it } from 'vitest';
import { verifyConsistency } from './consistency.js';
import { EMPTY_ROOT, HASH_BYTES } from './hash.js';
import { definedRoot, memoryTiles, split, vectorLeaves } from './testing/tree.js';
import { consistencyPath } from './tile.js';

const LARGEST = 64;
const leaves = vectorLeaves(1000);
const hashes = split(leaves);
const roots = Array.from({ length: LARGEST + 1 }, (_, size) => definedRoot(hashes.slice(0, size)));

async function proof(size1: number, size2: number) {
  const path = await consistencyPath(size1, size2, memoryTiles(leaves.subarray(0, size2 * HASH_BYTES)));
  const root = (size: number) => (roots[size] ?? definedRoot(hashes.slice(0, size))).slice();
  return { size1, root1: root(size1), size2, root2: root(size2), path };
}

describe('consistency proofs', () => {
  it('hold for every pair of small sizes, and only with the sizes they were made for', async () => {
    for (let size2 = 0; size2 <= LARGEST; size2++) {
      for (let size1 = 0; size1 <= size2; size1++) {
        const claim = await proof(size1, size2);
        expect(verifyConsistency(claim), `${size1} to ${size2}`).toBe(true);
        if (size1 > 0 && size1 < size2) {
          expect(verifyConsistency({ ...claim, size1: size1 - 1 }), `${size1} as ${size1 - 1} to ${size2}`).toBe(false);
          expect(verifyConsistency({ ...claim, path: [...claim.path, claim.root2] })).toBe(false);
          expect(verifyConsistency({ ...claim, path: claim.path.slice(0, -1) })).toBe(false);
          expect(verifyConsistency({ ...claim, root1: claim.root2, root2: claim.root1 })).toBe(false);
        }
      }
    }
  });

  it('are refused after any single bit is flipped, in either root or the path', async () => {
    for (const [size1, size2] of [
      [4, 8],
      [3, 7],
      [6, 8],
      [777, 1000],
      [0, 3],
      [5, 5],
    ] as const) {
      const claim = await proof(size1, size2);
      const guarded = size1 === 0 ? [claim.root1] : [claim.root1, claim.root2, ...claim.path];
      for (const hash of guarded) {
        for (let bit = 0; bit < 256; bit++) {
          hash[bit >> 3]! ^= 1 << (bit & 7);
          expect(verifyConsistency(claim)).toBe(false);
          hash[bit >> 3]! ^= 1 << (bit & 7);
        }
      }
      expect(verifyConsistency(claim)).toBe(true);
    }
  });

  it('refuse a shrinking log, a rewritten log of the same size, and an empty tree with a foreign root', async () => {
    const claim = await proof(7, 12);
    expect(verifyConsistency({ size1: 12, root1: claim.root2, size2: 7, root2: claim.root1, path: claim.path })).toBe(
      false,
    );
    expect(verifyConsistency({ size1: 7, root1: claim.root1, size2: 7, root2: claim.root2, path: [] })).toBe(false);
    expect(verifyConsistency({ size1: 0, root1: claim.root1, size2: 12, root2: claim.root2, path: [] })).toBe(false);
    expect(verifyConsistency({ size1: 0, root1: EMPTY_ROOT, size2: 12, root2: claim.root2, path: [claim.root2] })).toBe(
      false,
    );
  });

  it('are false, not an exception, when malformed', async () => {
    const claim = await proof(6, 9);
    expect(verifyConsistency({ ...claim, path: [] })).toBe(false);
    expect(verifyConsistency({ ...claim, path: claim.path.map((hash) => hash.slice(1)) })).toBe(false);
    expect(verifyConsistency({ ...claim, root1: new Uint8Array(0) })).toBe(false);
    expect(verifyConsistency({ ...claim, size1: -1 })).toBe(false);
    expect(verifyConsistency({ ...claim, size2: 9.5 })).toBe(false);
  });
});
