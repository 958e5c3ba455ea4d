import { displayHash } from '#bitcoin/block-hash.js';
import { parseBlockHeader } from '#bitcoin/block-header.js';
import { NETWORKS } from '#bitcoin/network.js';
import { mineChain, mineHeader } from '#bitcoin/testing/mined-header.js';
import type { CannedBitcoinServer, CannedPack } from './canned-source.js';
import type { SourceCase } from './source-case.js';

/** The block that the cases are about: regtest's, so that it can be mined. */
export interface AttestedBlock {
  /** At least 8. */
  height: number;
  /** 32 bytes, internal order. */
  merkleRoot: Uint8Array;
  /** Seconds since 1970. */
  time?: number;
}

/** Headers that are right or wrong about the block, and sources that hold them. */
export type BitcoinScene = ReturnType<typeof bitcoinScene>;

/** Mines what the cases about a block need. */
export function bitcoinScene({ height, merkleRoot, time = 1_700_000_000 }: AttestedBlock) {
  const otherRoot = (fill: number) => new Uint8Array(32).fill(fill);
  const right = mineHeader({ merkleRoot, time });
  const later = mineHeader({ merkleRoot, time: time + 7200 });
  const wrong = mineHeader({ merkleRoot: otherRoot(0x55), time });
  const wronger = mineHeader({ merkleRoot: otherRoot(0x66), time });
  const genesis = mineChain([])[0]!;
  // Full blocks of the easiest target are mined; this one claims a target of the main chain's.
  const workless = right.slice();
  new DataView(workless.buffer).setUint32(72, NETWORKS.mainnet.powLimitBits, true);
  const chain = mineChain([...Array.from({ length: height - 1 }, (_, i) => otherRoot(i & 0x3f)), merkleRoot]);

  const server = (blocks: Uint8Array | null, given: Partial<CannedBitcoinServer> = {}): CannedBitcoinServer => ({
    kind: 'esplora',
    network: 'regtest',
    blocks: blocks === null ? {} : { [height]: blocks },
    tip: blocks === null ? height - 1 : height + 20,
    ...given,
  });
  const node = (blocks: Uint8Array | null, given: Partial<CannedBitcoinServer> = {}) =>
    server(blocks, { kind: 'node', ...given });
  const pack = (startHeight: number, pins?: string[]): CannedPack => ({
    kind: 'pack',
    network: 'regtest',
    startHeight,
    headers: chain.slice(startHeight),
    pins,
  });
  const atHeight = (header: Uint8Array) => `${height}:${displayHash(parseBlockHeader(header).hash)}`;
  const shown: Pick<SourceCase, 'outcome' | 'shownBy' | 'standing'> = {
    outcome: 'shown',
    shownBy: [0],
    standing: 'test',
  };

  return {
    height,
    merkleRoot,
    time,
    otherRoot,
    right,
    later,
    wrong,
    wronger,
    genesis,
    workless,
    chain,
    server,
    node,
    pack,
    atHeight,
    shown,
  };
}
