import { sha256 as portableSha256 } from '@noble/hashes/sha2.js';
import { MerkleError } from './error.js';

/** Length of every hash in a tree, in bytes. */
export const HASH_BYTES = 32;

/** A SHA-256 function. It must not keep a reference to its argument: callers reuse the buffer. Returns 32 bytes. */
export type Sha256 = (data: Uint8Array) => Uint8Array;

/** Writes SHA-256 of `data` (32 bytes) into `into` at `at`, and returns where it ends. For large trees: whoever has a faster way than
 * one new array for every hash can give it. */
export type Sha256Into = (data: Uint8Array, into: Uint8Array, at: number) => number;

/** {@link Sha256Into} by a function that returns its hash. */
export const intoPlace =
  (sha256: Sha256 = portableSha256): Sha256Into =>
  (data, into, at) => {
    into.set(sha256(data), at);
    return at + HASH_BYTES;
  };

const LEAF_PREFIX = 0x00;
const NODE_PREFIX = 0x01;

/** Root of the tree without leaves: SHA-256 of nothing (RFC 9162 §2.1.1), 32 bytes. */
export const EMPTY_ROOT: Uint8Array = portableSha256(new Uint8Array(0));

/** Hash of a leaf, 32 bytes: SHA-256(0x00 ‖ entry) (RFC 9162 §2.1.1). */
export function leafHash(entry: Uint8Array, sha256: Sha256 = portableSha256): Uint8Array {
  const preimage = new Uint8Array(1 + entry.length);
  preimage[0] = LEAF_PREFIX;
  preimage.set(entry, 1);
  return sha256(preimage);
}

/** Hash of an inner node, 32 bytes: SHA-256(0x01 ‖ left ‖ right) (RFC 9162 §2.1.1). Throws `bad-hash` unless both are 32 bytes. */
export function nodeHash(left: Uint8Array, right: Uint8Array, sha256: Sha256 = portableSha256): Uint8Array {
  assertHash(left, 'left child');
  assertHash(right, 'right child');
  const preimage = new Uint8Array(1 + 2 * HASH_BYTES);
  preimage[0] = NODE_PREFIX;
  preimage.set(left, 1);
  preimage.set(right, 1 + HASH_BYTES);
  return sha256(preimage);
}

/** Throws `bad-hash` unless `hash` is 32 bytes; `what` names it in the message. */
export function assertHash(hash: Uint8Array, what: string): void {
  if (!(hash instanceof Uint8Array) || hash.length !== HASH_BYTES) {
    throw new MerkleError('bad-hash', `${what}: expected ${HASH_BYTES} bytes, got ${describe(hash)}`);
  }
}

/** Throws `bad-hash` unless `hashes` is a whole number of hashes, none included; `what` names it in the message. */
export function assertWholeHashes(hashes: Uint8Array, what: string): void {
  if (hashes.length % HASH_BYTES === 0) return;
  throw new MerkleError(
    'bad-hash',
    `${what}: expected a whole number of ${HASH_BYTES}-byte hashes, got ${hashes.length} bytes`,
  );
}

/** Throws `bad-size` unless `size` is a whole number from 0 to 2^53 − 1; `what` names it in the message. */
export function assertTreeSize(size: number, what = 'tree size'): void {
  if (!Number.isSafeInteger(size) || size < 0) {
    throw new MerkleError('bad-size', `${what}: expected a whole number from 0 to 2^53 − 1, got ${size}`);
  }
}

/** Throws `bad-size` or `bad-index` unless leaf `index` exists in a tree of `size` leaves. */
export function assertLeafIndex(index: number, size: number): void {
  assertTreeSize(size);
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) {
    throw new MerkleError('bad-index', `leaf index: expected a whole number below ${size}, got ${index}`);
  }
}

/** Whether two hashes are the same bytes. Not constant-time: hashes in trees are public. */
export function equalHashes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function describe(value: unknown): string {
  return value instanceof Uint8Array ? `${value.length} bytes` : typeof value;
}
