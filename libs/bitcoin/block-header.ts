import { sha256 } from '@noble/hashes/sha2.js';
import { type Sha256, sha256d } from './block-hash.js';
import { BitcoinError } from './error.js';
import { NETWORKS, type Network } from './network.js';
import { checkWork } from './proof-of-work.js';

/** Length of a block header, in bytes. */
export const BLOCK_HEADER_BYTES = 80;

/** A Bitcoin block header. Hashes have 32 bytes in internal order, the order of the header itself. */
export interface BlockHeader {
  readonly version: number;
  readonly previousHash: Uint8Array;
  readonly merkleRoot: Uint8Array;
  /** Seconds since 1970, as the miner set it: it may be hours off. */
  readonly time: number;
  /** The target in compact form. */
  readonly bits: number;
  readonly nonce: number;
  /** SHA-256 twice over the 80 bytes. */
  readonly hash: Uint8Array;
}

/** The fields of an 80-byte header. Throws `bad-header` for any other length; the proof of work is `checkProofOfWork`'s matter. */
export function parseBlockHeader(bytes: Uint8Array, hash: Sha256 = sha256): BlockHeader {
  if (bytes.length !== BLOCK_HEADER_BYTES) {
    throw new BitcoinError('bad-header', `Block header: expected ${BLOCK_HEADER_BYTES} bytes, got ${bytes.length}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return {
    version: view.getInt32(0, true),
    previousHash: bytes.slice(4, 36),
    merkleRoot: bytes.slice(36, 68),
    time: view.getUint32(68, true),
    bits: view.getUint32(72, true),
    nonce: view.getUint32(76, true),
    hash: sha256d(bytes, hash),
  };
}

/**
 * Throws `bad-work` or `bad-bits` unless the header's hash meets its own target, and that target the network's limit.
 * Without a network the limit is regtest's, the easiest there is: then it says only that the header is well formed.
 */
export function checkProofOfWork(header: BlockHeader, network: Network = NETWORKS.regtest): void {
  checkWork(header.hash, header.bits, network.powLimitBits);
}
