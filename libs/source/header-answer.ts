import { hexToBytes } from '@noble/hashes/utils.js';
import { equalHashes, parseDisplayHash } from '#bitcoin/block-hash.js';
import { BLOCK_HEADER_BYTES, checkProofOfWork, parseBlockHeader } from '#bitcoin/block-header.js';
import { BitcoinError } from '#bitcoin/error.js';
import { type Network, type NetworkName, networkOfGenesis } from '#bitcoin/network.js';
import { SourceError } from './error.js';

/** The hash that a server named at a height, as explorers show it. Throws `bad-answer` unless it is one; `said`: what it is instead, for people. */
export function checkedHash(source: string, height: number, hash: unknown, said = 'something else'): string {
  if (typeof hash === 'string' && /^[0-9a-f]{64}$/.test(hash)) return hash;
  throw new SourceError('bad-answer', `${source}: expected a block hash for height ${height}, got ${said}`);
}

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
    throw new SourceError('bad-answer', `${source}: expected ${digits} hex digits of a header, got something else`);
  }
  const bytes = hexToBytes(hex);
  const header = parseBlockHeader(bytes);
  if (!equalHashes(header.hash, hash)) {
    throw new SourceError('bad-answer', `${source}: expected the header of the block hash it named, got another`);
  }
  try {
    checkProofOfWork(header, network);
  } catch (cause) {
    if (!(cause instanceof BitcoinError)) throw cause;
    throw new SourceError('bad-answer', `${source}: expected a header with its proof of work, got one without`, {
      cause,
    });
  }
  return bytes;
}

/**
 * A teller of the network that a server is on, which is found out once. `tell` gives undefined for a network that has no name here, and null where
 * the server does not tell: then the operator's word counts, which is `expected`. Throws `other-chain` when it turns out to be on another than that.
 */
export function networkTeller(
  source: string,
  expected: NetworkName | undefined,
  tell: () => Promise<Network | undefined | null>,
): () => Promise<NetworkName | undefined> {
  let known: NetworkName | undefined;
  return async () => {
    if (known !== undefined) return known;
    const told = await tell();
    const network = told === null ? expected : told?.name;
    if (expected !== undefined && network !== expected)
      throw new SourceError(
        'other-chain',
        `${source}: expected the network ${expected}, got ${network ?? 'one that is not known here'}`,
      );
    known = network;
    return known;
  };
}

/** The network whose block 0 has this hash; undefined for one without a name here, null when the server has no block 0 to show. */
export async function networkOfBlock0(hashOfBlock0: () => Promise<string>): Promise<Network | undefined | null> {
  try {
    return networkOfGenesis(parseDisplayHash(await hashOfBlock0()));
  } catch (error) {
    if (error instanceof SourceError && error.code === 'no-such-block') return null;
    throw error;
  }
}
