import { sha256 as portableSha256 } from '@noble/hashes/sha2.js';
import { EMPTY_ROOT, equalHashes, type Sha256 } from '#merkle/hash.js';
import { inclusionPathNodes } from '#merkle/tile.js';
import { StatusError } from './error.js';
import { LEAF_ORDINALS, NIBBLE_BYTES } from './leaf.js';
import type { NodeReader } from './node-reader.js';
import { statusLeafCount, type StatusTileName, tileKey, TiledNodes, tileOver, topLevel, zeroNode } from './node.js';

/** The leaf that speaks of a record, and what leads from it to the status root. */
export interface StatusPath {
  /** 32 to 544 bytes. */
  leaf: Uint8Array;
  /** 32 bytes each, the leaf's sibling first. */
  path: Uint8Array[];
}

/** The status root of a log of so many records, 32 bytes; the reader is at that size. Throws `bad-size`, `bad-node`. */
export async function statusRoot(
  reader: NodeReader,
  records: number,
  sha256: Sha256 = portableSha256,
): Promise<Uint8Array> {
  const size = statusLeafCount(records);
  if (size === 0) return EMPTY_ROOT.slice();
  return new TiledNodes(await reader.tiles(edgeTiles(size)), sha256).range(0, size);
}

/**
 * Leaf and path of record number `ordinal` in the status tree of a log of `records` records; the reader is at that size.
 *
 * @throws StatusError `bad-size`, `bad-ordinal` when there is no such record, `bad-node`
 */
export async function statusPath(
  reader: NodeReader,
  ordinal: number,
  records: number,
  sha256: Sha256 = portableSha256,
): Promise<StatusPath> {
  const size = statusLeafCount(records);
  if (!Number.isSafeInteger(ordinal) || ordinal < 0 || ordinal >= records) {
    throw new StatusError('bad-ordinal', `status path: expected an ordinal below ${records}, got ${ordinal}`);
  }
  const index = Math.floor(ordinal / LEAF_ORDINALS);
  const names = new Map(edgeTiles(size).map((name) => [tileKey(name.level, name.index), name]));
  for (let level = 0; level <= topLevel(size); level++) {
    const name = tileOver(index, level);
    names.set(tileKey(name.level, name.index), name);
  }
  const nodes = new TiledNodes(await reader.tiles([...names.values()]), sha256);
  const path = inclusionPathNodes(index, size).map(({ height, position }) =>
    nodes.range(position * 2 ** height, Math.min((position + 1) * 2 ** height, size)),
  );
  const untouched = new Uint8Array(NIBBLE_BYTES);
  // Its hash says whether there is anything to read.
  if (equalHashes(nodes.node(0, index), zeroNode(0))) return { leaf: untouched, path };
  return { leaf: (await reader.leaves([index])).get(index) ?? untouched, path };
}

/** The tiles in which the complete subtrees stand that make up the root. */
function edgeTiles(size: number): StatusTileName[] {
  return Array.from({ length: topLevel(size) + 1 }, (_, level) => tileOver(size, level));
}
