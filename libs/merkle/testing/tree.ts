import { type TileSource, tileWidth } from '../tile.js';
import { buildTiles } from '../tree-levels.js';
import { HASH_BYTES, leafHash, nodeHash, EMPTY_ROOT } from '../hash.js';

const utf8 = new TextEncoder();

/** Leaf hash of entry number `i` of the vectors: the ASCII text `entry-<i>`. */
export function vectorLeaf(i: number): Uint8Array {
  return leafHash(utf8.encode(`entry-${i}`));
}

/** Leaf hashes 0 … size − 1 of the vectors, concatenated. */
export function vectorLeaves(size: number): Uint8Array {
  const leaves = new Uint8Array(size * HASH_BYTES);
  for (let i = 0; i < size; i++) leaves.set(vectorLeaf(i), i * HASH_BYTES);
  return leaves;
}

/** Splits concatenated hashes. */
export function split(hashes: Uint8Array): Uint8Array[] {
  return Array.from({ length: hashes.length / HASH_BYTES }, (_, i) =>
    hashes.slice(i * HASH_BYTES, (i + 1) * HASH_BYTES),
  );
}

/** The RFC's recursive definition of the root (RFC 9162 §2.1.1), word for word and slow: what everything else is held against. */
export function definedRoot(leaves: Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return EMPTY_ROOT;
  if (leaves.length === 1) return leaves[0]!;
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return nodeHash(definedRoot(leaves.slice(0, k)), definedRoot(leaves.slice(k)));
}

/** A TileSource over `leaves`; it counts the tiles asked for. */
export function memoryTiles(leaves: Uint8Array): TileSource & { asked: number } {
  const { tiles } = buildTiles(leaves);
  const byName = new Map(tiles.map((tile) => [`${tile.level}/${tile.index}`, tile.hashes]));
  const size = leaves.length / HASH_BYTES;
  return {
    asked: 0,
    async tile(level, index) {
      this.asked++;
      const hashes = byName.get(`${level}/${index}`);
      if (hashes === undefined) throw new Error(`no tile ${level}/${index} of width ${tileWidth(level, index, size)}`);
      return hashes;
    },
  };
}
