import { concatBytes } from '@noble/hashes/utils.js';
import { BLOCK_HASH_BYTES, equalHashes, sha256d } from './block-hash.js';
import { BitcoinError } from './error.js';

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
