import { MerkleError } from './error.js';
import {
  assertLeafIndex,
  assertTreeSize,
  assertWholeHashes,
  EMPTY_ROOT,
  HASH_BYTES,
  nodeHash,
  intoPlace,
  type Sha256,
  type Sha256Into,
} from './hash.js';

/** Rows of the tree that one tile stands for (C2SP tlog-tiles). */
export const TILE_HEIGHT = 8;

/** Hashes in a complete tile: 2^TILE_HEIGHT. */
export const TILE_WIDTH = 256;

/** Bytes of two hashes. */
const PAIR_BYTES = 2 * HASH_BYTES;

/** Bytes of a complete tile. */
export const TILE_BYTES = TILE_WIDTH * HASH_BYTES;

/** A tile: `hashes` is 1 to 256 consecutive hashes (32 bytes each) of row 8·`level` of the tree, number `256·index` the first. */
export interface Tile {
  level: number;
  index: number;
  hashes: Uint8Array;
}

/** Where tiles are read from. It may return a wider tile than a smaller tree had: the extra hashes are ignored. */
export interface TileSource {
  /** The hashes present in a tile, 32 bytes each, concatenated. */
  tile(level: number, index: number): Promise<Uint8Array>;
}

/** A node of a tree: number `position` (from the left, from 0) of the row `height` above the leaves. */
export interface NodePosition {
  height: number;
  position: number;
}

/**
 * How many hashes tile `index` of `level` has in a tree of `size` leaves, 0 to 256; only subtrees that are complete are stored,
 * as C2SP tlog-tiles says. Throws `bad-size`.
 */
export function tileWidth(level: number, index: number, size: number): number {
  assertTreeSize(size);
  const complete = Math.floor(size / TILE_WIDTH ** level);
  return Math.min(TILE_WIDTH, Math.max(0, complete - index * TILE_WIDTH));
}

/**
 * All rows over a tile's hashes: row 0 is `hashes`, each next row joins pairs (an odd last hash moves up unchanged), the last
 * row is one hash. Each row is 32 bytes per node. Throws `bad-hash` unless `hashes` is at least one whole hash.
 */
export function tileRows(hashes: Uint8Array, sha256?: Sha256): Uint8Array[] {
  assertWholeHashes(hashes, 'tile');
  if (hashes.length === 0) throw new MerkleError('bad-hash', 'tile: expected at least one hash, got none');
  const rows = [hashes];
  const into = intoPlace(sha256);
  for (let row = hashes; row.length > HASH_BYTES;) rows.push((row = rowAbove(row, into)));
  return rows;
}

/** The row above `row`: pairs joined, an odd last hash unchanged. This loop is where the time of a large tree goes. */
export function rowAbove(row: Uint8Array, sha256: Sha256Into): Uint8Array {
  const above = new Uint8Array(Math.ceil(row.length / PAIR_BYTES) * HASH_BYTES);
  // One buffer for every preimage: 0x01, left, right (RFC 9162 §2.1.1).
  const preimage = new Uint8Array(1 + PAIR_BYTES);
  preimage[0] = 0x01;
  let from = 0;
  let to = 0;
  for (; from + PAIR_BYTES <= row.length; from += PAIR_BYTES) {
    // Byte by byte: a view for every pair would cost more than half of its hash.
    for (let i = 0; i < PAIR_BYTES; i++) preimage[i + 1] = row[from + i]!;
    to = sha256(preimage, above, to);
  }
  if (from < row.length) above.set(row.subarray(from), to);
  return above;
}

/**
 * The nodes of the inclusion path of leaf `index` in a tree of `size` leaves, the leaf's sibling first. The last node of a row
 * may be incomplete (the top of the tree's right edge). Throws `bad-size` or `bad-index`.
 */
export function inclusionPathNodes(index: number, size: number): NodePosition[] {
  assertLeafIndex(index, size);
  const nodes: NodePosition[] = [];
  let position = index;
  let last = size - 1;
  for (let height = 0; last > 0; height++) {
    const sibling = position % 2 === 1 ? position - 1 : position + 1;
    if (sibling <= last) nodes.push({ height, position: sibling });
    position = Math.floor(position / 2);
    last = Math.floor(last / 2);
  }
  return nodes;
}

/** The root, 32 bytes, of the tree of `size` leaves in `source`. Throws `bad-size`, `bad-tile`, or what the source throws. */
export async function treeRoot(size: number, source: TileSource): Promise<Uint8Array> {
  assertTreeSize(size);
  if (size === 0) return EMPTY_ROOT.slice();
  return new TreeReader(size, source).range(0, size);
}

/**
 * The inclusion path of leaf `index` in the tree of `size` leaves, the leaf's sibling first (RFC 9162 §2.1.3.1).
 * Throws `bad-size`, `bad-index`, `bad-tile`, or what the source throws.
 */
export async function inclusionPath(index: number, size: number, source: TileSource): Promise<Uint8Array[]> {
  const nodes = inclusionPathNodes(index, size);
  const reader = new TreeReader(size, source);
  return Promise.all(
    nodes.map(({ height, position }) =>
      reader.range(position * 2 ** height, Math.min((position + 1) * 2 ** height, size)),
    ),
  );
}

/**
 * The consistency path from `size1` to `size2` leaves (RFC 9162 §2.1.4.1); empty when the sizes are equal or `size1` is 0.
 * Throws `bad-size` (also when `size1` is the larger), `bad-tile`, or what the source throws.
 */
export async function consistencyPath(size1: number, size2: number, source: TileSource): Promise<Uint8Array[]> {
  assertTreeSize(size1, 'older size');
  assertTreeSize(size2, 'newer size');
  if (size1 > size2) throw new MerkleError('bad-size', `older size: expected at most ${size2}, got ${size1}`);
  if (size1 === 0 || size1 === size2) return [];
  // SUBPROOF of the RFC, walked down from the root; its hashes are collected top first and handed out in reverse.
  const ranges: [number, number][] = [];
  let from = 0;
  let to = size2;
  let isWholeOlderTree = true;
  while (size1 !== to) {
    const middle = from + largestPowerOfTwoBelow(to - from);
    if (size1 <= middle) {
      ranges.push([middle, to]);
      to = middle;
    } else {
      ranges.push([from, middle]);
      from = middle;
      isWholeOlderTree = false;
    }
  }
  // The older tree's own root is known to the verifier and left out.
  if (!isWholeOlderTree) ranges.push([from, to]);
  const reader = new TreeReader(size2, source);
  return Promise.all(ranges.reverse().map(([start, end]) => reader.range(start, end)));
}

/** Reads hashes of one tree; fetches and expands each tile once. */
class TreeReader {
  readonly #rows = new Map<string, Promise<Uint8Array[]>>();

  constructor(
    private readonly size: number,
    private readonly source: TileSource,
  ) {}

  /** MTH(D[start:end]) of a range that is one node of the tree: `start` is a multiple of the smallest power of two ≥ its length. */
  async range(start: number, end: number): Promise<Uint8Array> {
    const parts: Promise<Uint8Array>[] = [];
    for (let at = start; at < end;) {
      const length = largestPowerOfTwoBelow(end - at + 1);
      parts.push(this.#complete(Math.log2(length), at / length));
      at += length;
    }
    return (await Promise.all(parts)).reduceRight((right, left) => nodeHash(left, right));
  }

  /** The hash of a complete subtree. */
  async #complete(height: number, position: number): Promise<Uint8Array> {
    const { level, index, row, offset } = nodeInTile({ height, position });
    const nodes = (await this.#tile(level, index))[row]!;
    return nodes.slice(offset * HASH_BYTES, (offset + 1) * HASH_BYTES);
  }

  #tile(level: number, index: number): Promise<Uint8Array[]> {
    const key = `${level}/${index}`;
    let rows = this.#rows.get(key);
    if (rows === undefined) {
      rows = this.#load(level, index);
      this.#rows.set(key, rows);
    }
    return rows;
  }

  async #load(level: number, index: number): Promise<Uint8Array[]> {
    const hashes = await this.source.tile(level, index);
    const bytes = tileWidth(level, index, this.size) * HASH_BYTES;
    if (hashes.length < bytes) {
      throw new MerkleError(
        'bad-tile',
        `tile ${level}/${index}: expected at least ${bytes} bytes, got ${hashes.length}`,
      );
    }
    return tileRows(hashes.subarray(0, bytes));
  }
}

/** Where a node stands in its tile: row `row` (see {@link tileRows}) of the tile, number `offset` in that row. */
export function nodeInTile({ height, position }: NodePosition): {
  level: number;
  index: number;
  row: number;
  offset: number;
} {
  const level = Math.floor(height / TILE_HEIGHT);
  const row = height % TILE_HEIGHT;
  const nodesInRow = TILE_WIDTH / 2 ** row;
  const index = Math.floor(position / nodesInRow);
  return { level, index, row, offset: position - index * nodesInRow };
}

/** The largest power of two that is smaller than `n`; n ≥ 2. */
function largestPowerOfTwoBelow(n: number): number {
  let power = 1;
  while (power * 2 < n) power *= 2;
  return power;
}
