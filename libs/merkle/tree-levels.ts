import { assertWholeHashes, EMPTY_ROOT, HASH_BYTES, intoPlace, type Sha256Into } from './hash.js';
import { rowAbove, type Tile, TILE_BYTES, TILE_HEIGHT } from './tile.js';

/** A tree as its tiles hold it, without the tiles' borders. */
export interface TreeLevels {
  /** 32 bytes. */
  root: Uint8Array;
  /** Item k: the roots, 32 bytes each, of all complete subtrees of height 8·k, from the left. Item 0 is the leaves; none is empty. */
  levels: Uint8Array[];
}

/**
 * The tree over `leaves` (leaf hashes, 32 bytes each, concatenated), in one pass over flat rows. Level 0 is `leaves` itself.
 * Throws `bad-hash` when `leaves` is not a whole number of hashes.
 */
export function buildLevels(leaves: Uint8Array, sha256: Sha256Into = intoPlace()): TreeLevels {
  assertWholeHashes(leaves, 'leaves');
  const levels: Uint8Array[] = [];
  let edge: Uint8Array | null = null;
  for (let level = leaves; level.length > 0;) {
    levels.push(level);
    const completeBytes = Math.floor(level.length / TILE_BYTES) * TILE_BYTES;
    let above = level.subarray(0, completeBytes);
    for (let row = 0; row < TILE_HEIGHT; row++) above = rowAbove(above, sha256);
    // What is incomplete below stands to the right of everything complete here.
    const last = level.subarray(completeBytes);
    const open: Uint8Array = edge === null ? last : concatenate(last, edge);
    if (open.length > 0) edge = open;
    while (edge !== null && edge.length > HASH_BYTES) edge = rowAbove(edge, sha256);
    level = above;
  }
  return { root: edge?.slice() ?? EMPTY_ROOT.slice(), levels };
}

/** The tiles of a tree, lowest level first, then by index; their hashes are views into the levels. */
export function tilesOf({ levels }: Pick<TreeLevels, 'levels'>): Tile[] {
  return levels.flatMap((hashes, level) =>
    Array.from({ length: Math.ceil(hashes.length / TILE_BYTES) }, (_, index) => ({
      level,
      index,
      hashes: hashes.subarray(index * TILE_BYTES, (index + 1) * TILE_BYTES),
    })),
  );
}

/** Root and tiles of the tree over `leaves`: {@link buildLevels} and {@link tilesOf}. */
export function buildTiles(leaves: Uint8Array, sha256?: Sha256Into): { root: Uint8Array; tiles: Tile[] } {
  const tree = buildLevels(leaves, sha256);
  return { root: tree.root, tiles: tilesOf(tree) };
}

function concatenate(left: Uint8Array, right: Uint8Array): Uint8Array {
  const whole = new Uint8Array(left.length + right.length);
  whole.set(left);
  whole.set(right, left.length);
  return whole;
}
