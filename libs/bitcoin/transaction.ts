import { concatBytes } from '@noble/hashes/utils.js';
import { sha256d } from './block-hash.js';
import { BitcoinError } from './error.js';

/** Longest transaction that is read, in bytes: no block can hold more. */
export const MAX_TRANSACTION_BYTES = 4_000_000;

/** An output of a transaction. */
export interface TransactionOutput {
  readonly valueSats: bigint;
  readonly script: Uint8Array;
}

/** An input of a transaction. */
export interface TransactionInput {
  /** 32 bytes, internal order. */
  readonly previousTxid: Uint8Array;
  readonly previousIndex: number;
  readonly script: Uint8Array;
  readonly sequence: number;
}

/** A transaction, without its witness data. */
export interface Transaction {
  readonly version: number;
  readonly inputs: readonly TransactionInput[];
  readonly outputs: readonly TransactionOutput[];
  readonly lockTime: number;
  /** SHA-256 twice over `stripped`: 32 bytes, internal order. */
  readonly txid: Uint8Array;
  /** The serialisation without marker, flag and witnesses: what the id, and hence the block's Merkle tree, commits to. */
  readonly stripped: Uint8Array;
}

/** Reads a whole serialised transaction, with witnesses (BIP 144) or without. Throws `bad-transaction`. */
export function parseTransaction(bytes: Uint8Array): Transaction {
  if (bytes.length > MAX_TRANSACTION_BYTES) {
    throw badTransaction(`expected at most ${MAX_TRANSACTION_BYTES} bytes, got ${bytes.length}`);
  }
  const reader = new TransactionReader(bytes);
  const version = reader.int32();
  // An input count of zero is the marker of the form with witnesses, and the flag after it must be one.
  const hasWitness = reader.peek() === 0;
  if (hasWitness) {
    const flag = reader.take(2)[1]!;
    if (flag !== 1) throw badTransaction(`expected the witness flag 1, got ${flag}`);
  }
  const bodyStart = reader.offset;
  const inputs = reader.list(() => ({
    previousTxid: reader.take(32),
    previousIndex: reader.uint32(),
    script: reader.varbytes(),
    sequence: reader.uint32(),
  }));
  if (inputs.length === 0) throw badTransaction('expected at least one input, got none');
  const outputs = reader.list(() => ({ valueSats: reader.uint64(), script: reader.varbytes() }));
  const body = bytes.subarray(bodyStart, reader.offset);
  if (hasWitness) {
    const stacks = inputs.map(() => reader.list(() => reader.varbytes()));
    if (stacks.every((stack) => stack.length === 0))
      throw badTransaction('expected a witness after the flag, got none');
  }
  const tail = reader.take(4);
  if (reader.offset !== bytes.length)
    throw badTransaction(`expected its end, got ${bytes.length - reader.offset} more bytes`);
  const stripped = concatBytes(bytes.subarray(0, 4), body, tail);
  return {
    version,
    inputs,
    outputs,
    lockTime: new DataView(tail.buffer, tail.byteOffset).getUint32(0, true),
    txid: sha256d(stripped),
    stripped,
  };
}

class TransactionReader {
  offset = 0;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  peek(): number | undefined {
    return this.#bytes[this.offset];
  }

  take(length: number): Uint8Array {
    const end = this.offset + length;
    if (end > this.#bytes.length) {
      throw badTransaction(
        `expected ${length} bytes at offset ${this.offset}, got ${this.#bytes.length - this.offset}`,
      );
    }
    const bytes = this.#bytes.slice(this.offset, end);
    this.offset = end;
    return bytes;
  }

  int32(): number {
    return this.#view(4).getInt32(0, true);
  }

  uint32(): number {
    return this.#view(4).getUint32(0, true);
  }

  uint64(): bigint {
    return this.#view(8).getBigUint64(0, true);
  }

  varbytes(): Uint8Array {
    return this.take(this.#compactSize());
  }

  list<T>(item: () => T): T[] {
    const count = this.#compactSize();
    // Every item takes at least a byte, so a count beyond the rest is refused before anything is allocated for it.
    if (count > this.#bytes.length - this.offset) throw badTransaction(`expected ${count} items, got the end`);
    return Array.from({ length: count }, item);
  }

  #compactSize(): number {
    const first = this.take(1)[0]!;
    if (first < 0xfd) return first;
    const [value, least] =
      first === 0xfd
        ? [this.#view(2).getUint16(0, true), 0xfd]
        : first === 0xfe
          ? [this.uint32(), 0x10000]
          : [Number(this.uint64()), 0x100000000];
    if (value < least) throw badTransaction(`expected the shortest form of a length, got a longer form of ${value}`);
    return value;
  }

  #view(length: number): DataView {
    const bytes = this.take(length);
    return new DataView(bytes.buffer, bytes.byteOffset, length);
  }
}

function badTransaction(message: string): BitcoinError {
  return new BitcoinError('bad-transaction', `Transaction: ${message}`);
}
