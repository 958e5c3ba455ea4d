import { concatBytes } from '@noble/hashes/utils.js';
import { EvmError } from './error.js';

/** A value of the recursive length prefix encoding: a byte string or a list of values. */
export type RlpItem = Uint8Array | readonly RlpItem[];

/** Levels of lists that are followed unless a caller asks for less: an access list in a transaction has four. */
export const RLP_MAX_DEPTH = 16;

/**
 * The value that `bytes` encode, whole and in its one canonical form (Yellow Paper, appendix B). Byte strings are views
 * into `bytes`, not copies.
 *
 * @throws EvmError `bad-rlp` for another form, for bytes missing or left over, for lists deeper than `maxDepth`.
 */
export function decodeRlp(bytes: Uint8Array, maxDepth = RLP_MAX_DEPTH): RlpItem {
  const { item, end } = decodeAt(bytes, 0, bytes.length, maxDepth);
  if (end !== bytes.length) throw refused('the end', `${bytes.length - end} more bytes`);
  return item;
}

/** The list that `bytes` encode. @throws EvmError `bad-rlp`, also for a byte string */
export function decodeRlpList(bytes: Uint8Array, maxDepth = RLP_MAX_DEPTH): readonly RlpItem[] {
  const item = decodeRlp(bytes, maxDepth);
  if (item instanceof Uint8Array) throw refused('a list', 'a byte string');
  return item;
}

/** The canonical encoding of a value. */
export function encodeRlp(item: RlpItem): Uint8Array {
  if (item instanceof Uint8Array) {
    const [only] = item;
    if (item.length === 1 && only! < 0x80) return item.slice();
    return concatBytes(head(0x80, item.length), item);
  }
  const parts = item.map(encodeRlp);
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return concatBytes(head(0xc0, length), ...parts);
}

/** A number as RLP has it: big-endian without leading zeros, nothing for 0. */
export function uintBytes(value: bigint): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; rest > 0n; rest >>= 8n) bytes.unshift(Number(rest & 0xffn));
  return Uint8Array.from(bytes);
}

/** The number that a big-endian byte string means; 0 for none. */
export function bytesUint(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return value;
}

function decodeAt(bytes: Uint8Array, at: number, limit: number, depth: number): { item: RlpItem; end: number } {
  const first = bytes[at];
  if (first === undefined || at >= limit) throw refused('an item', 'no byte');
  if (first < 0x80) return { item: bytes.subarray(at, at + 1), end: at + 1 };
  const isList = first >= 0xc0;
  const base = isList ? 0xc0 : 0x80;
  const { start, length } = payload(bytes, at, first - base, limit);
  const end = start + length;
  if (!isList) {
    if (length === 1 && bytes[start]! < 0x80) throw refused('a byte below 80 as itself', 'a longer form');
    return { item: bytes.subarray(start, end), end };
  }
  if (depth < 1) throw refused('fewer levels of lists', 'more');
  const items: RlpItem[] = [];
  let next = start;
  while (next < end) {
    const child = decodeAt(bytes, next, end, depth - 1);
    items.push(child.item);
    next = child.end;
  }
  return { item: items, end };
}

/** Where an item's payload starts and how long it is; `short` is its first byte less that of an empty item of its kind. */
function payload(bytes: Uint8Array, at: number, short: number, limit: number): { start: number; length: number } {
  let start = at + 1;
  let length = short;
  if (short > 55) {
    const lengthBytes = short - 55;
    // Four bytes of length are 4 GB; more cannot be inside any array here, and would not be exact numbers.
    if (lengthBytes > 4) throw refused('a length of at most 4 bytes', `${lengthBytes}`);
    if (start + lengthBytes > limit) throw refused('a length', 'the end');
    length = 0;
    for (let i = 0; i < lengthBytes; i++) length = length * 256 + bytes[start + i]!;
    if (bytes[start] === 0 || length <= 55) throw refused('a length in its shortest form', 'a longer form');
    start += lengthBytes;
  }
  if (start + length > limit) throw refused(`${length} bytes`, `${limit - start}`);
  return { start, length };
}

function head(base: number, length: number): Uint8Array {
  if (length <= 55) return Uint8Array.of(base + length);
  const lengthBytes = uintBytes(BigInt(length));
  return concatBytes(Uint8Array.of(base + 55 + lengthBytes.length), lengthBytes);
}

function refused(expected: string, got: string): EvmError {
  return new EvmError('bad-rlp', `Reading RLP: expected ${expected}, got ${got}`);
}
