import { sha256 as portableSha256 } from '@noble/hashes/sha2.js';
import { EMPTY_ROOT, HASH_BYTES, leafHash, nodeHash, type Sha256 } from '#merkle/hash.js';
import { tileRows } from '#merkle/tile.js';
import { StatusError } from './error.js';
import { LEAF_ORDINALS, NIBBLE_BYTES } from './leaf.js';

/** Rows of the tree that one tile of the sparse store stands for. Small, since a tile is written anew whenever a leaf below it changes. */
export const STATUS_TILE_HEIGHT = 4;
/** Hashes in a tile: 2^STATUS_TILE_HEIGHT. A tile is always full: what is past the end is the constant of untouched records. */
export const STATUS_TILE_WIDTH = 16;
/** Bytes of a tile. */
export const STATUS_TILE_BYTES = STATUS_TILE_WIDTH * HASH_BYTES;

/** Rows of the tallest tree: 2^53 ordinals in leaves of 64. */
const MAX_HEIGHT = 47;

/** Hash of a subtree of untouched records, by its height above the leaves, 32 bytes each. */
const ZERO_NODES: readonly Uint8Array[] = (() => {
  const nodes = [leafHash(new Uint8Array(NIBBLE_BYTES))];
  for (let height = 1; height <= MAX_HEIGHT; height++) nodes.push(nodeHash(nodes[height - 1]!, nodes[height - 1]!));
  return nodes;
})();

/** Hash of the complete subtree of height `height` (0 is a leaf) in which nothing was touched, 32 bytes. */
export function zeroNode(height: number): Uint8Array {
  return ZERO_NODES[height]!;
}

/** Leaves of the tree for so many records. Throws `bad-size` unless `records` is a whole number from 0 to 2^53 − 1. */
export function statusLeafCount(records: number): number {
  if (!Number.isSafeInteger(records) || records < 0) {
    throw new StatusError('bad-size', `records: expected a whole number from 0 to 2^53 - 1, got ${records}`);
  }
  return Math.ceil(records / LEAF_ORDINALS);
}

/** Name of a tile: its `hashes` are nodes 16·`index` … 16·`index` + 15 of the row `4·level` above the leaves. */
export interface StatusTileName {
  level: number;
  index: number;
}

/** A tile with its hashes, 512 bytes. */
export interface StatusTile extends StatusTileName {
  hashes: Uint8Array;
}

/** What tiles are kept under in maps. */
export function tileKey(level: number, index: number): string {
  return `${level}/${index}`;
}

/** The highest level that the tree of `leaves` leaves has tiles of; −1 for the empty tree. */
export function topLevel(leaves: number): number {
  return leaves === 0 ? -1 : Math.floor(floorLog2(leaves) / STATUS_TILE_HEIGHT);
}

/** The status root of a log of so many records in which nothing was ever touched, 32 bytes. Throws `bad-size`. */
export function untouchedRoot(records: number): Uint8Array {
  const size = statusLeafCount(records);
  return size === 0 ? EMPTY_ROOT.slice() : new TiledNodes(new Map()).range(0, size);
}

/** The largest h with 2^h ≤ n; n ≥ 1. Not Math.log2, which may round up below a large power. */
function floorLog2(n: number): number {
  let height = 0;
  while (2 ** (height + 1) <= n) height++;
  return height;
}

/** The tile at `level` below which leaf number `leaf` is. */
export function tileOver(leaf: number, level: number): StatusTileName {
  return { level, index: Math.floor(leaf / STATUS_TILE_WIDTH ** (level + 1)) };
}

/** A tile in which nothing was touched; do not write to it. */
export function zeroTile(level: number): Uint8Array {
  const cached = ZERO_TILES.get(level);
  if (cached !== undefined) return cached;
  const tile = new Uint8Array(STATUS_TILE_BYTES);
  for (let i = 0; i < STATUS_TILE_WIDTH; i++) tile.set(zeroNode(level * STATUS_TILE_HEIGHT), i * HASH_BYTES);
  ZERO_TILES.set(level, tile);
  return tile;
}

const ZERO_TILES = new Map<number, Uint8Array>();

/** The rows over tiles that somebody still holds: hashed once, for as long as a reader keeps the tile. */
const ROWS = new WeakMap<Uint8Array, Uint8Array[]>();

/** Nodes of complete subtrees, from stored tiles; a tile that is not stored has constants. Tiles must not be written to afterwards. */
export class TiledNodes {
  constructor(
    /** By {@link tileKey}. */
    private readonly tiles: ReadonlyMap<string, Uint8Array>,
    private readonly sha256: Sha256 = portableSha256,
  ) {}

  /** Hash of node number `position` of the row `height` above the leaves, 32 bytes. Throws `bad-node` for a tile of another length. */
  node(height: number, position: number): Uint8Array {
    const level = Math.floor(height / STATUS_TILE_HEIGHT);
    const row = height % STATUS_TILE_HEIGHT;
    const nodesInRow = STATUS_TILE_WIDTH / 2 ** row;
    const index = Math.floor(position / nodesInRow);
    const key = tileKey(level, index);
    const tile = this.tiles.get(key);
    if (tile === undefined) return zeroNode(height);
    let rows = ROWS.get(tile);
    if (rows === undefined) {
      if (tile.length !== STATUS_TILE_BYTES) {
        throw new StatusError(
          'bad-node',
          `status tile ${key}: expected ${STATUS_TILE_BYTES} bytes, got ${tile.length}`,
        );
      }
      rows = tileRows(tile, this.sha256);
      ROWS.set(tile, rows);
    }
    const offset = (position - index * nodesInRow) * HASH_BYTES;
    return rows[row]!.slice(offset, offset + HASH_BYTES);
  }

  /** Hash over leaves `start` up to, not including, `end`; `start` is a multiple of the smallest power of two ≥ their number. */
  range(start: number, end: number): Uint8Array {
    const parts: Uint8Array[] = [];
    for (let at = start; at < end;) {
      const height = floorLog2(end - at);
      parts.push(this.node(height, at / 2 ** height));
      at += 2 ** height;
    }
    return parts.reduceRight((right, left) => nodeHash(left, right, this.sha256));
  }
}
