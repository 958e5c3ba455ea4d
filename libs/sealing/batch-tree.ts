import { hash } from 'node:crypto';
import { MerkleTree } from 'merkletreejs';
import { HASH_BYTES } from '#merkle/hash.js';
import { type Tile, TILE_BYTES, TILE_HEIGHT } from '#merkle/tile.js';
import { SealError } from './error.js';

/** The tree of a batch. */
export interface BatchTree {
  /** 32 bytes. */
  root: Uint8Array;
  /** Item k: the roots, 32 bytes each, of all complete subtrees of height 8·k, from the left. Item 0 is the leaves; none is empty. */
  levels: Uint8Array[];
}

/**
 * Builds the RFC 9162 tree over `leaves` (leaf hashes, 32 bytes each, at least one) with merkletreejs. Blocks the thread for about
 * 1 µs a leaf. Throws `bad-tree` when `leaves` is empty or not a whole number of hashes.
 */
export function buildBatchTree(leaves: Uint8Array): BatchTree {
  const size = leaves.length / HASH_BYTES;
  if (size === 0 || !Number.isInteger(size)) {
    throw new SealError(
      'bad-tree',
      `Building a batch tree: expected leaf hashes of ${HASH_BYTES} bytes, got ${leaves.length} bytes`,
    );
  }
  // merkletreejs wants one Buffer per node. They are views into two slabs, and every preimage is written into one buffer: what is
  // left of the cost is the hash itself and the library's own bookkeeping.
  const entries = Buffer.from(leaves.buffer, leaves.byteOffset, leaves.length);
  const nodes = Buffer.allocUnsafeSlow((size - 1) * HASH_BYTES);
  const preimage = Buffer.alloc(1 + 2 * HASH_BYTES);
  preimage[0] = 0x01;
  let written = 0;
  const concatenate = (children: Buffer[]): Buffer => {
    preimage.set(children[0]!, 1);
    preimage.set(children[1]!, 1 + HASH_BYTES);
    return preimage;
  };
  const nodeHash = (pair: Buffer): Buffer => {
    // As a Latin-1 string: three times as fast as asking for a buffer.
    nodes.write(hash('sha256', pair, 'binary'), written, HASH_BYTES, 'latin1');
    written += HASH_BYTES;
    return nodes.subarray(written - HASH_BYTES, written);
  };
  const tree = new MerkleTree(
    Array.from({ length: size }, (_, i) => entries.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES)),
    nodeHash,
    {
      concatenator: concatenate,
      // These make it the RFC's tree: leaves are hashed already, order is kept, an odd last node moves up unchanged.
      hashLeaves: false,
      sortLeaves: false,
      sortPairs: false,
      duplicateOdd: false,
      isBitcoinTree: false,
    },
  );
  const rows = tree.getLayers() as unknown as Buffer[][];
  const levels = [leaves];
  for (let height = TILE_HEIGHT; ; height += TILE_HEIGHT) {
    const complete = Math.floor(size / 2 ** height);
    if (complete === 0) break;
    const level = new Uint8Array(complete * HASH_BYTES);
    for (let i = 0; i < complete; i++) level.set(rows[height]![i]!, i * HASH_BYTES);
    levels.push(level);
  }
  return { root: new Uint8Array(tree.getRoot()), levels };
}

/** The tiles of a batch tree, lowest level first, then by index; their hashes are views into the levels. */
export function batchTiles({ levels }: BatchTree): Tile[] {
  return levels.flatMap((hashes, level) =>
    Array.from({ length: Math.ceil(hashes.length / TILE_BYTES) }, (_, index) => ({
      level,
      index,
      hashes: hashes.subarray(index * TILE_BYTES, (index + 1) * TILE_BYTES),
    })),
  );
}
