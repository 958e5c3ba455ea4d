import { concatBytes } from '@noble/hashes/utils.js';
import { sha256d } from '../block-hash.js';

/** The Merkle root that a branch leads to from the transaction id at `index`. */
export function climb(txid: Uint8Array, index: number, branch: readonly Uint8Array[]): Uint8Array {
  return branch.reduce((hash, sibling, level) => {
    const isRight = Math.floor(index / 2 ** level) % 2 === 1;
    return sha256d(isRight ? concatBytes(sibling, hash) : concatBytes(hash, sibling));
  }, txid);
}
