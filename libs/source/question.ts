import type { NetworkName } from '#bitcoin/network.js';

/** What is asked of Bitcoin sources: whether the block at this height is the expected one. */
export interface BitcoinQuestion {
  chain: 'bitcoin';
  height: number;
  /** The network meant; sources of any other are no witnesses. Absent: whichever the sources serve, one and the same. */
  network?: NetworkName | undefined;
  /** What makes the block the expected one: its Merkle root (32 bytes, internal order) or its hash as explorers show it. Null: whichever block is there. */
  expected: { merkleRoot: Uint8Array } | { hash: string } | null;
}

/** What is asked of EVM sources: whether the block at this height has this hash. */
export interface EvmQuestion {
  chain: 'evm';
  chainId: number;
  /** Hash of block 0, hex; null when whoever asks knows no more than the id: then the known chain of that id is meant, if there is one. */
  genesis: string | null;
  height: number;
  /**
   * Null: whichever block is there. `timeMs`: the block's time where the header is at hand; a source that gives the block of this hash
   * another one cannot be right.
   */
  expected: { hash: string; timeMs?: number | undefined } | null;
  /** Whether the chain is known to hash its headers as Ethereum does, as one that attests; a source whose header gives another hash than the one it
   * names cannot be right then. */
  hashesAsEthereum?: boolean | undefined;
}

/** A question about one block of one chain. */
export type Question = BitcoinQuestion | EvmQuestion;
