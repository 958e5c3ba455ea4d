import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { BitcoinError } from './error.js';

/** Length of a block hash, transaction id or Merkle root, in bytes. */
export const BLOCK_HASH_BYTES = 32;

/** SHA-256; a caller that hashes whole header packs may bring a faster one than the portable default. */
export type Sha256 = (data: Uint8Array) => Uint8Array;

/** SHA-256 of SHA-256: 32 bytes in internal byte order. */
export function sha256d(data: Uint8Array, hash: Sha256 = sha256): Uint8Array {
  return hash(hash(data));
}

/** The hex text that nodes and explorers show: the 32 bytes of internal order, last byte first. */
export function displayHash(hash: Uint8Array): string {
  return bytesToHex(hash.toReversed());
}

/** The 32 bytes in internal order of a displayed hash: 64 lower-case hex digits. Throws `bad-hash`. */
export function parseDisplayHash(text: string): Uint8Array {
  if (!/^[0-9a-f]{64}$/.test(text)) {
    throw new BitcoinError(
      'bad-hash',
      `Reading a hash: expected 64 lower-case hex digits, got ${text.length} characters`,
    );
  }
  return hexToBytes(text).reverse();
}

/** Whether two hashes are the same. Not constant time: nothing here is secret. */
export function equalHashes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
