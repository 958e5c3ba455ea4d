import { MerkleError } from './error.js';
import { assertHash, assertTreeSize, EMPTY_ROOT, equalHashes, nodeHash } from './hash.js';

/** What a consistency proof claims: the tree of `size1` leaves under `root1` is the beginning of the tree of `size2` under `root2`. */
export interface ConsistencyClaim {
  size1: number;
  /** 32 bytes. */
  root1: Uint8Array;
  size2: number;
  /** 32 bytes. */
  root2: Uint8Array;
  /** Hashes in the order of RFC 9162 §2.1.4.1. */
  path: readonly Uint8Array[];
}

/**
 * Whether a consistency proof holds (RFC 9162 §2.1.4.2). Malformed claims are false, never an exception. Beyond the RFC: trees
 * of one size are consistent when the roots are equal and the path is empty; the empty tree (its root must be EMPTY_ROOT) is
 * the beginning of every tree, with an empty path.
 */
export function verifyConsistency(claim: ConsistencyClaim): boolean {
  try {
    return holds(claim);
  } catch (error) {
    if (error instanceof MerkleError) return false;
    throw error;
  }
}

function holds({ size1, root1, size2, root2, path }: ConsistencyClaim): boolean {
  assertTreeSize(size1, 'older size');
  assertTreeSize(size2, 'newer size');
  assertHash(root1, 'older root');
  assertHash(root2, 'newer root');
  if (size1 > size2) return false;
  if (size1 === 0 && !equalHashes(root1, EMPTY_ROOT)) return false;
  if (size1 === size2) return path.length === 0 && equalHashes(root1, root2);
  if (size1 === 0) return path.length === 0;

  // Climb to the largest complete subtree that ends the older tree: the climb starts there.
  let position = size1 - 1;
  let last = size2 - 1;
  while (position % 2 === 1) {
    position = Math.floor(position / 2);
    last = Math.floor(last / 2);
  }
  // When that subtree is the whole older tree, its hash is root1 and the prover leaves it out.
  const hashes = position === 0 ? [root1, ...path] : path;
  const start = hashes[0];
  if (start === undefined) return false;
  assertHash(start, 'consistency path');
  let older = start;
  let newer = start;
  for (const hash of hashes.slice(1)) {
    if (last === 0) return false;
    if (position % 2 === 1 || position === last) {
      older = nodeHash(hash, older);
      newer = nodeHash(hash, newer);
      while (position % 2 === 0 && position !== 0) {
        position = Math.floor(position / 2);
        last = Math.floor(last / 2);
      }
    } else {
      newer = nodeHash(newer, hash);
    }
    position = Math.floor(position / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && equalHashes(older, root1) && equalHashes(newer, root2);
}
