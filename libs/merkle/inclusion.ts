import { MerkleError } from './error.js';
import { assertHash, assertLeafIndex, equalHashes, nodeHash } from './hash.js';

/** On which side of the path a sibling stands. */
export type Side = 'left' | 'right';

/**
 * On which side each sibling of an inclusion path stands, the leaf's own sibling first; its length is the only length the
 * path of leaf `index` in a tree of `size` leaves may have. Throws `bad-size` or `bad-index`.
 */
export function inclusionPathSides(index: number, size: number): Side[] {
  assertLeafIndex(index, size);
  const sides: Side[] = [];
  // RFC 9162 §2.1.3.2's fn and sn: position of our node, and of the last node, in the row being climbed. Divided, not
  // shifted: JavaScript shifts are 32-bit and a log may be larger.
  let position = index;
  let last = size - 1;
  while (last > 0) {
    if (position % 2 === 1) sides.push('left');
    else if (position < last) sides.push('right');
    // Otherwise the node is the last of a row of odd length: it has no sibling here and moves up unchanged.
    position = Math.floor(position / 2);
    last = Math.floor(last / 2);
  }
  return sides;
}

/**
 * The root, 32 bytes, that an inclusion path leads to (RFC 9162 §2.1.3.2). `leaf` is the leaf hash, 32 bytes; `path` has the
 * leaf's sibling first. Throws `bad-path` when the path's length does not fit, `bad-hash`, `bad-size`, `bad-index`.
 */
export function rootFromInclusionProof(
  leaf: Uint8Array,
  index: number,
  size: number,
  path: readonly Uint8Array[],
): Uint8Array {
  assertHash(leaf, 'leaf hash');
  const sides = inclusionPathSides(index, size);
  if (path.length !== sides.length) {
    throw new MerkleError(
      'bad-path',
      `inclusion path of leaf ${index} of ${size}: expected ${sides.length} hashes, got ${path.length}`,
    );
  }
  let node = leaf;
  path.forEach((sibling, i) => {
    node = sides[i] === 'left' ? nodeHash(sibling, node) : nodeHash(node, sibling);
  });
  return node;
}

/** What an inclusion proof claims: leaf hash `leaf` is number `index` of the `size` leaves under `root`. */
export interface InclusionClaim {
  /** 32 bytes: the hash of the leaf, see {@link leafHash} of hash.ts. */
  leaf: Uint8Array;
  /** From 0. */
  index: number;
  size: number;
  /** Sibling hashes, the leaf's own sibling first. */
  path: readonly Uint8Array[];
  /** 32 bytes. */
  root: Uint8Array;
}

/** Whether an inclusion proof holds. Malformed claims (lengths, sizes) are false, never an exception. */
export function verifyInclusion({ leaf, index, size, path, root }: InclusionClaim): boolean {
  try {
    return equalHashes(rootFromInclusionProof(leaf, index, size, path), root);
  } catch (error) {
    if (error instanceof MerkleError) return false;
    throw error;
  }
}
