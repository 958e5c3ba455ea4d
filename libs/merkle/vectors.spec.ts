import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { verifyConsistency } from './consistency.js';
import { EMPTY_ROOT, HASH_BYTES, leafHash, nodeHash } from './hash.js';
import { rootFromInclusionProof, verifyInclusion } from './inclusion.js';
import { memoryTiles, vectorLeaves } from './testing/tree.js';
import { consistencyPath, inclusionPath, treeRoot } from './tile.js';
import { buildTiles } from './tree-levels.js';
import vectors from './vectors/tree.json' with { type: 'json' };

/**
 * Entries and roots of the Certificate Transparency reference implementation's tests, repeated in most RFC 6962
 * implementations (certificate-transparency, transparency-dev/merkle).
 */
const CT_ENTRIES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const CT_ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

describe('published vectors', () => {
  const all = vectorLeaves(70_000);
  const leavesOf = (size: number) => all.subarray(0, size * HASH_BYTES);
  // Many paths are of the same tree.
  const sources = new Map<number, ReturnType<typeof memoryTiles>>();
  const tilesOf = (size: number) => {
    if (!sources.has(size)) sources.set(size, memoryTiles(leavesOf(size)));
    return sources.get(size)!;
  };
  const hex = (hashes: Uint8Array[]) => hashes.map((hash) => bytesToHex(hash));
  const bytes = (hashes: string[]) => hashes.map((hash) => hexToBytes(hash));

  it('gives the roots of the Certificate Transparency reference tests', async () => {
    for (const [size, root] of CT_ROOTS.entries()) {
      const leaves = new Uint8Array(size * HASH_BYTES);
      CT_ENTRIES.slice(0, size).forEach((entry, i) => leaves.set(leafHash(hexToBytes(entry)), i * HASH_BYTES));
      expect(bytesToHex(buildTiles(leaves).root)).toBe(root);
      expect(bytesToHex(await treeRoot(size, memoryTiles(leaves)))).toBe(root);
    }
  });

  it('hashes leaves and nodes as the vectors say', () => {
    for (const { entry, hash } of vectors.leafHashes) expect(bytesToHex(leafHash(hexToBytes(entry)))).toBe(hash);
    for (const { left, right, hash } of vectors.nodeHashes) {
      expect(bytesToHex(nodeHash(hexToBytes(left), hexToBytes(right)))).toBe(hash);
    }
  });

  it('gives every root of the vectors', () => {
    for (const { size, root } of vectors.roots)
      expect(bytesToHex(buildTiles(leavesOf(size)).root), `size ${size}`).toBe(root);
    expect(bytesToHex(EMPTY_ROOT)).toBe(vectors.roots[0]!.root);
  });

  it('gives and verifies every inclusion path of the vectors', async () => {
    for (const { size, index, leaf, path, root } of vectors.inclusion) {
      expect(hex(await inclusionPath(index, size, tilesOf(size)))).toEqual(path);
      expect(bytesToHex(rootFromInclusionProof(hexToBytes(leaf), index, size, bytes(path)))).toBe(root);
      expect(verifyInclusion({ leaf: hexToBytes(leaf), index, size, path: bytes(path), root: hexToBytes(root) })).toBe(
        true,
      );
    }
  });

  it('gives and verifies every consistency path of the vectors', async () => {
    for (const { size1, root1, size2, root2, path } of vectors.consistency) {
      expect(hex(await consistencyPath(size1, size2, tilesOf(size2)))).toEqual(path);
      const claim = { size1, root1: hexToBytes(root1), size2, root2: hexToBytes(root2), path: bytes(path) };
      expect(verifyConsistency(claim), `${size1} to ${size2}`).toBe(true);
    }
  });

  it('cuts trees into the tiles of the vectors', () => {
    for (const { size, tiles } of vectors.tilings) {
      const ours = new Map(
        buildTiles(leavesOf(size)).tiles.map((tile) => [`${tile.level}/${tile.index}`, tile.hashes]),
      );
      for (const { level, index, width, sha256: sum } of tiles) {
        const hashes = ours.get(`${level}/${index}`);
        expect(hashes?.length, `tile ${level}/${index} of ${size}`).toBe(width * HASH_BYTES);
        expect(bytesToHex(sha256(hashes!))).toBe(sum);
      }
      expect(Math.max(...[...ours.keys()].map((name) => Number(name.split('/')[0])))).toBe(
        Math.max(...tiles.map((tile) => tile.level)),
      );
    }
  });
});
