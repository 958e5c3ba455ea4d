import type { NetworkName } from '#bitcoin/network.js';

/** What is asked of Bitcoin sources: whether the block at this height is the expected one. */
export interface BitcoinQuestion {
  chain: 'bitcoin';
  height: number;
  /** The network meant; sources of any other are no witnesses. Absent: whichever the sources serve, one and the same. */
  network?: NetworkName;
  /** What makes the block the expected one: its Merkle root (32 bytes, internal order) or its hash as explorers show it. */
  expected: { merkleRoot: Uint8Array } | { hash: string };
}

/** What is asked of EVM sources: whether the block at this height has this hash. */
export interface EvmQuestion {
  chain: 'evm';
  chainId: number;
  /** Hash of block 0, hex; null when whoever asks knows no more than the id: then the known chain of that id is meant, if there is one. */
  genesis: string | null;
  height: number;
  expected: { hash: string };
}

/** A question about one block of one chain. */
export type Question = BitcoinQuestion | EvmQuestion;
