import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { MerkleError } from '#merkle/error.js';
import { equalHashes } from '#merkle/hash.js';
import { rootFromInclusionProof } from '#merkle/inclusion.js';
import type { PathFault } from './finding.js';

/** What an inclusion path claims. */
export interface PathClaim {
  /** Leaf hash. */
  leaf: Uint8Array;
  index: number;
  size: number;
  /** Hex, the leaf's sibling first. */
  path: readonly string[];
  root: Uint8Array;
}

/** Why a path does not lead from a leaf to a root; null when it does. */
export function pathFault({ leaf, index, size, path, root }: PathClaim): PathFault | null {
  let computed: Uint8Array;
  try {
    const hashes = path.map((hex) => hexToBytes(hex));
    computed = rootFromInclusionProof(leaf, index, size, hashes);
  } catch (error) {
    if (!(error instanceof MerkleError)) throw error;
    return { reason: 'bad-path', detail: error.message };
  }
  if (equalHashes(computed, root)) return null;
  return { reason: 'other-root', root: bytesToHex(computed), expected: bytesToHex(root) };
}
