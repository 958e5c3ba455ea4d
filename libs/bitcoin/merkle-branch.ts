import { concatBytes } from '@noble/hashes/utils.js';
import { BLOCK_HASH_BYTES, equalHashes, sha256d } from './block-hash.js';
import { BitcoinError } from './error.js';

/** Deepest branch: a block of 4,000,000 weight units holds fewer than 2^17 transactions of 60 bytes. */
export const MAX_BRANCH_HASHES = 17;

/**
 * The Merkle root over transaction ids (32 bytes each, internal order, at least one). An odd hash at the end of a level is
 * paired with itself. Throws `bad-branch`, also when the list ends in a repetition that has the same root as a shorter list
 * (CVE-2012-2459).
 */
export function merkleRoot(txids: readonly Uint8Array[]): Uint8Array {
  let level = checkedTxids(txids);
  while (level.length > 1) level = nextLevel(level);
  return level[0]!;
}

/** The siblings of the transaction at `index`, its own first. Throws `bad-branch`. */
export function merkleBranch(txids: readonly Uint8Array[], index: number): Uint8Array[] {
  let level = checkedTxids(txids);
  if (!Number.isSafeInteger(index) || index < 0 || index >= level.length) {
    throw new BitcoinError('bad-branch', `Merkle branch: expected an index below ${level.length}, got ${index}`);
  }
  const branch: Uint8Array[] = [];
  for (let position = index; level.length > 1; position = Math.floor(position / 2)) {
    branch.push(level[position ^ 1] ?? level[position]!);
    level = nextLevel(level);
  }
  return branch;
}

/** The Merkle root that a branch leads to from the transaction id at `index`. Throws `bad-branch`. */
export function rootFromMerkleBranch(txid: Uint8Array, index: number, branch: readonly Uint8Array[]): Uint8Array {
  if (branch.length > MAX_BRANCH_HASHES || !Number.isSafeInteger(index) || index < 0 || index >= 2 ** branch.length) {
    throw new BitcoinError(
      'bad-branch',
      `Merkle branch: expected an index within ${branch.length} levels, got ${index}`,
    );
  }
  [txid, ...branch].forEach(checkHash);
  let hash = txid;
  for (const [level, sibling] of branch.entries()) {
    const isRight = Math.floor(index / 2 ** level) % 2 === 1;
    // On the right of itself a hash cannot stand: only the left one of a pair is ever doubled.
    if (isRight && equalHashes(hash, sibling)) {
      throw new BitcoinError(
        'bad-branch',
        `Merkle branch: expected different hashes at level ${level}, got a doubled left one`,
      );
    }
    hash = sha256d(isRight ? concatBytes(sibling, hash) : concatBytes(hash, sibling));
  }
  return hash;
}

function nextLevel(level: readonly Uint8Array[]): Uint8Array[] {
  const parents: Uint8Array[] = [];
  for (let i = 0; i < level.length; i += 2) {
    const left = level[i]!;
    const right = level[i + 1];
    if (right !== undefined && equalHashes(left, right)) {
      throw new BitcoinError('bad-branch', 'Merkle root: expected different hashes in a pair, got the same twice');
    }
    parents.push(sha256d(concatBytes(left, right ?? left)));
  }
  return parents;
}

function checkedTxids(txids: readonly Uint8Array[]): readonly Uint8Array[] {
  if (txids.length === 0)
    throw new BitcoinError('bad-branch', 'Merkle root: expected at least one transaction id, got none');
  txids.forEach(checkHash);
  return txids;
}

function checkHash(hash: Uint8Array): void {
  if (hash.length !== BLOCK_HASH_BYTES) {
    throw new BitcoinError(
      'bad-branch',
      `Merkle branch: expected ${BLOCK_HASH_BYTES} bytes in a hash, got ${hash.length}`,
    );
  }
}
