import { bytesToHex } from '@noble/hashes/utils.js';
import { BLOCK_HEADER_BYTES, checkProofOfWork, parseBlockHeader } from '../block-header.js';
import { BitcoinError } from '../error.js';
import { NETWORKS, type Network } from '../network.js';
import { genesisHeader } from './genesis-header.js';

/** What a mined header shall say; regtest, a made-up block before it and zeros where nothing is given. */
export interface HeaderWish {
  readonly merkleRoot?: Uint8Array | undefined;
  readonly previousHash?: Uint8Array | undefined;
  /** Seconds since 1970. */
  readonly time?: number | undefined;
  readonly network?: Network | undefined;
  readonly bits?: number | undefined;
}

/** The 80 bytes of a header with a valid proof of work, found by trying nonces: about two tries on regtest. */
export function mineHeader(wish: HeaderWish = {}): Uint8Array {
  const network = wish.network ?? NETWORKS.regtest;
  const bytes = new Uint8Array(BLOCK_HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  view.setInt32(0, 1, true);
  bytes.set(wish.previousHash ?? new Uint8Array(32).fill(0x11), 4);
  bytes.set(wish.merkleRoot ?? new Uint8Array(32), 36);
  view.setUint32(68, wish.time ?? 1_700_000_000, true);
  view.setUint32(72, wish.bits ?? network.powLimitBits, true);
  for (let nonce = 0; nonce < 1_000_000; nonce++) {
    view.setUint32(76, nonce, true);
    try {
      checkProofOfWork(parseBlockHeader(bytes), network);
      return bytes;
    } catch (error) {
      if (!(error instanceof BitcoinError && error.code === 'bad-work')) throw error;
    }
  }
  throw new Error(`Mining: expected a nonce for ${bytesToHex(bytes)}, got none`);
}

/** Consecutive regtest headers, 80 bytes each, from block 0 on, with the given Merkle roots from height 1 on. */
export function mineChain(merkleRoots: readonly Uint8Array[]): Uint8Array[] {
  const chain = [genesisHeader('regtest')];
  for (const merkleRoot of merkleRoots) {
    const tip = parseBlockHeader(chain.at(-1)!);
    chain.push(mineHeader({ merkleRoot, previousHash: tip.hash, time: tip.time + 600 }));
  }
  return chain;
}
