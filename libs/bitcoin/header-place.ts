import { displayHash, equalHashes } from './block-hash.js';
import { type BlockHeader, checkProofOfWork, parseBlockHeader } from './block-header.js';
import { BitcoinError } from './error.js';
import type { Network } from './network.js';
import { knownBlock, pinnedBlocks } from './pinned-block.js';

/**
 * Throws `impossible-header` unless a header can stand at a height: only block 0 names no block before it, a block that is known by its hash
 * stands where it is known to stand, and so does what follows it. Work is not asked for: that is cheap at the easiest targets, and a header
 * that cannot be there says nothing about any chain.
 *
 * @param network undefined where it is not known; a known block of any network then counts
 */
export function checkHeaderPlace(header: BlockHeader, height: number, network?: Network): void {
  const refuse = (expected: string, got: string) =>
    new BitcoinError('impossible-header', `Block header at height ${height}: expected ${expected}, got ${got}`);
  const { hash, previousHash } = header;
  const first = previousHash.every((byte) => byte === 0);
  if (first !== (height === 0)) {
    throw first
      ? refuse('one that names the block before it', 'one that names none')
      : refuse('one that names no block', 'one that names one');
  }
  if (equalHashes(previousHash, hash)) throw refuse('the hash of the block before it', 'its own hash');
  const expected = network && pinnedBlocks(network).find((block) => block.height === height);
  if (expected && !equalHashes(expected.hash, hash)) {
    throw refuse(`${displayHash(expected.hash)}, which is known of ${network.name}`, displayHash(hash));
  }
  for (const [found, at, what] of [
    [knownBlock(hash), height, 'a header'],
    [knownBlock(previousHash), height - 1, 'the successor'],
  ] as const) {
    if (found === undefined) continue;
    if (found.height !== at || (network !== undefined && network.name !== found.network.name)) {
      throw refuse(`${what} of this place`, `${what} of block ${found.height} of ${found.network.name}`);
    }
  }
}

/** The header of 80 bytes at a height: its form, its work and its place. Throws `bad-header`, `bad-work`, `bad-bits`, `impossible-header`. */
export function parseHeaderAt(bytes: Uint8Array, height: number, network?: Network): BlockHeader {
  const header = parseBlockHeader(bytes);
  checkProofOfWork(header, network);
  checkHeaderPlace(header, height, network);
  return header;
}
