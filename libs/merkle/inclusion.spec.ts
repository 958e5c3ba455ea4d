import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MerkleError } from './error.js';
import { equalHashes, leafHash, nodeHash } from './hash.js';
import { inclusionPathSides, rootFromInclusionProof, verifyInclusion } from './inclusion.js';
import { definedRoot, memoryTiles, split, vectorLeaf, vectorLeaves } from './testing/tree.js';
import { inclusionPath, inclusionPathNodes } from './tile.js';

async function proof(index: number, size: number) {
  const leaves = vectorLeaves(size);
  const path = await inclusionPath(index, size, memoryTiles(leaves));
  return { leaf: vectorLeaf(index), index, size, path, root: definedRoot(split(leaves)) };
}

describe('inclusion proofs', () => {
  it('hold for any leaf of any tree, and for no other index, size or leaf', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 700 }), fc.nat(), fc.nat(), async (size, i, other) => {
        const index = i % size;
        const claim = await proof(index, size);
        expect(verifyInclusion(claim)).toBe(true);
        const wrongIndex = other % size;
        if (wrongIndex !== index) expect(verifyInclusion({ ...claim, index: wrongIndex })).toBe(false);
        expect(verifyInclusion({ ...claim, leaf: vectorLeaf(size) })).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  it('are refused after any single bit is flipped, in leaf, path or root', async () => {
    for (const [index, size] of [
      [0, 1],
      [4, 5],
      [2, 7],
      [0, 300],
      [299, 300],
    ] as const) {
      const claim = await proof(index, size);
      for (const hash of [claim.leaf, claim.root, ...claim.path]) {
        for (let bit = 0; bit < 256; bit++) {
          hash[bit >> 3]! ^= 1 << (bit & 7);
          expect(verifyInclusion(claim)).toBe(false);
          hash[bit >> 3]! ^= 1 << (bit & 7);
        }
      }
      expect(verifyInclusion(claim)).toBe(true);
    }
  });

  it('are refused with a hash too few, too many, or two hashes exchanged', async () => {
    const claim = await proof(3, 11);
    const [first, second, ...rest] = claim.path;
    expect(verifyInclusion({ ...claim, path: claim.path.slice(1) })).toBe(false);
    expect(verifyInclusion({ ...claim, path: claim.path.slice(0, -1) })).toBe(false);
    expect(verifyInclusion({ ...claim, path: [...claim.path, claim.root] })).toBe(false);
    expect(verifyInclusion({ ...claim, path: [second!, first!, ...rest] })).toBe(false);
  });

  it('refuse a 64-byte document made of the two children of an inner node', async () => {
    // The attack that the 0x00 and 0x01 prefixes prevent: present node (left ‖ right) as if it were an entry one row up.
    const [a, b, c, d] = [0, 1, 2, 3].map(vectorLeaf) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
    const document = new Uint8Array([...a, ...b]);
    const root = nodeHash(nodeHash(a, b), nodeHash(c, d));
    for (const size of [2, 4]) {
      for (let index = 0; index < size; index++) {
        for (const path of [[nodeHash(c, d)], [nodeHash(c, d), nodeHash(c, d)], []]) {
          expect(verifyInclusion({ leaf: leafHash(document), index, size, path, root })).toBe(false);
        }
      }
    }
    expect(equalHashes(leafHash(document), nodeHash(a, b))).toBe(false);
  });

  it('refuse an inner node presented as a leaf of a tree of the true size', async () => {
    const claim = await proof(0, 8);
    const inner = nodeHash(claim.leaf, claim.path[0]!);
    expect(verifyInclusion({ ...claim, leaf: inner, path: claim.path.slice(1) })).toBe(false);
  });

  it('say by code what is malformed, and never throw from verifyInclusion', async () => {
    const claim = await proof(2, 5);
    const cases = [
      ['bad-path', { path: [] }],
      ['bad-hash', { leaf: new Uint8Array(31) }],
      ['bad-hash', { path: claim.path.map(() => new Uint8Array(33)) }],
      ['bad-index', { index: 5 }],
      ['bad-index', { index: -1 }],
      ['bad-index', { index: 1.5 }],
      ['bad-index', { size: 0 }],
      ['bad-size', { size: -1 }],
      ['bad-size', { size: Number.NaN }],
      ['bad-size', { size: 2 ** 53 }],
    ] as const;
    for (const [code, change] of cases) {
      const wrong = { ...claim, ...change };
      expect(verifyInclusion(wrong), code).toBe(false);
      expect(() => rootFromInclusionProof(wrong.leaf, wrong.index, wrong.size, wrong.path)).toThrow(
        expect.objectContaining({ constructor: MerkleError, code }),
      );
    }
    expect(verifyInclusion({ ...claim, root: new Uint8Array(31) })).toBe(false);
  });

  it('have the sides that the RFC gives, also beyond 32-bit sizes', () => {
    expect(inclusionPathSides(0, 1)).toEqual([]);
    expect(inclusionPathSides(6, 7)).toEqual(['left', 'left']);
    expect(inclusionPathSides(4, 7)).toEqual(['right', 'right', 'left']);
    const size = 2 ** 53 - 1;
    expect(inclusionPathSides(0, size)).toEqual(Array.from({ length: 53 }, () => 'right'));
    expect(inclusionPathSides(2 ** 40 + 1, size).filter((side) => side === 'left')).toHaveLength(2);
  });

  it('have one node for every side, standing on that side', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 53 - 1 }), fc.nat({ max: 2 ** 53 - 2 }), (size, i) => {
        const index = i % size;
        const nodes = inclusionPathNodes(index, size);
        const sides = nodes.map(({ height, position }) =>
          position < Math.floor(index / 2 ** height) ? 'left' : 'right',
        );
        expect(sides).toEqual(inclusionPathSides(index, size));
      }),
    );
  });
});
