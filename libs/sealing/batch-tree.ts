import { hash } from 'node:crypto';
import { MerkleTree } from 'merkletreejs';
import { equalHashes, HASH_BYTES } from '#merkle/hash.js';
import { TILE_BYTES, tileRows } from '#merkle/tile.js';
import { buildLevels, type TreeLevels } from '#merkle/tree-levels.js';
import { SealError } from './error.js';
import { nativeSha256, nativeSha256Into } from './native-sha256.js';

/** The tree of a batch. */
export type BatchTree = TreeLevels;

/**
 * Builds the RFC 9162 tree over `leaves` (leaf hashes, 32 bytes each, at least one). Its tiles come from our own code, and the tree over their
 * roots from merkletreejs as well: a root that is signed is one that both arrive at. Blocks the thread for less than 1 µs a leaf. Throws
 * `bad-tree` when `leaves` is empty or not a whole number of hashes, or the two disagree.
 */
export function buildBatchTree(leaves: Uint8Array): BatchTree {
  if (leaves.length === 0 || leaves.length % HASH_BYTES !== 0) {
    throw new SealError(
      'bad-tree',
      `Building a batch tree: expected leaf hashes of ${HASH_BYTES} bytes, got ${leaves.length} bytes`,
    );
  }
  const tree = buildLevels(leaves, nativeSha256Into);
  const root = rootOver(tree.levels);
  if (!equalHashes(root, tree.root)) {
    const [ours, theirs] = [tree.root, root].map((bytes) => Buffer.from(bytes).toString('hex'));
    throw new SealError('bad-tree', `Building a batch tree: expected one root, got ${ours} and ${theirs}`);
  }
  return tree;
}

/** The root by merkletreejs: over the leaves of a batch that is one tile, else over the roots of its lowest tiles, the incomplete one's last. */
function rootOver([leaves, roots = new Uint8Array(0)]: Uint8Array[]): Uint8Array {
  const hashes = leaves!.length <= TILE_BYTES ? leaves! : roots;
  const nodes = Array.from({ length: hashes.length / HASH_BYTES }, (_, i) =>
    Buffer.from(hashes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES)),
  );
  const rest = leaves!.subarray(roots.length * (TILE_BYTES / HASH_BYTES));
  if (hashes === roots && rest.length > 0) nodes.push(Buffer.from(tileRows(rest, nativeSha256).at(-1)!));
  return new Uint8Array(new MerkleTree(nodes, nodeHash, OPTIONS).getRoot());
}

/** These make it the RFC's tree: leaves are hashed already, order is kept, an odd last node moves up unchanged. */
const OPTIONS = {
  concatenator: (children: Buffer[]): Buffer => Buffer.concat([NODE_PREFIX, ...children]),
  hashLeaves: false,
  sortLeaves: false,
  sortPairs: false,
  duplicateOdd: false,
  isBitcoinTree: false,
};

const NODE_PREFIX = Buffer.of(0x01);

function nodeHash(preimage: Buffer): Buffer {
  return hash('sha256', preimage, 'buffer');
}
