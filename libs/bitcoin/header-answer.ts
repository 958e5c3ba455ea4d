import { hexToBytes } from '@noble/hashes/utils.js';
import { equalHashes } from './block-hash.js';
import { BLOCK_HEADER_BYTES, checkProofOfWork, parseBlockHeader } from './block-header.js';
import { BlockSourceError } from './block-source.js';
import { BitcoinError } from './error.js';
import type { Network } from './network.js';

/**
 * The 80 bytes of a header that a server sent as hex for a block hash (32 bytes, internal order). Throws `bad-answer` unless it has the
 * right length, that hash, and enough work for its own target and the network's limit.
 */
export function checkedHeader(
  source: string,
  hex: unknown,
  hash: Uint8Array,
  network: Network | undefined,
): Uint8Array {
  const digits = 2 * BLOCK_HEADER_BYTES;
  if (typeof hex !== 'string' || hex.length !== digits || !/^[0-9a-f]*$/i.test(hex)) {
    throw new BlockSourceError(
      'bad-answer',
      `${source}: expected ${digits} hex digits of a header, got something else`,
    );
  }
  const bytes = hexToBytes(hex);
  const header = parseBlockHeader(bytes);
  if (!equalHashes(header.hash, hash)) {
    throw new BlockSourceError('bad-answer', `${source}: expected the header of the block hash it named, got another`);
  }
  try {
    checkProofOfWork(header, network);
  } catch (cause) {
    if (!(cause instanceof BitcoinError)) throw cause;
    throw new BlockSourceError('bad-answer', `${source}: expected a header with its proof of work, got one without`, {
      cause,
    });
  }
  return bytes;
}

/** Throws `bad-answer` when a source turns out to be on another network than the one it was configured for. */
export function expectNetwork(source: string, expected: Network, actual: Network | undefined): void {
  if (actual?.name !== expected.name) {
    const got = actual === undefined ? 'one it does not know' : actual.name;
    throw new BlockSourceError('bad-answer', `${source}: expected the network ${expected.name}, got ${got}`);
  }
}
