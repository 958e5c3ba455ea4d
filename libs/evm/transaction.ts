import { keccak_256 } from '@noble/hashes/sha3.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { EvmError } from './error.js';
import { bytesUint, decodeRlpList, encodeRlp, type RlpItem } from './rlp.js';

/** Kinds of transactions: 0 legacy, 1 access list (EIP-2930), 2 fee market (EIP-1559), 3 blobs (EIP-4844), 4 code of accounts (EIP-7702). */
export type EvmTransactionType = 0 | 1 | 2 | 3 | 4;

/** A transaction, as far as an attestation needs it. */
export interface EvmTransaction {
  type: EvmTransactionType;
  /** Chain that the signature is for; null for a legacy transaction that names none (before EIP-155). */
  chainId: number | null;
  nonce: bigint;
  /** Receiver, 20 bytes; null when the transaction creates a contract. */
  to: Uint8Array | null;
  /** In wei. */
  value: bigint;
  input: Uint8Array;
  /** Keccak-256 of the serialisation: the transaction's id. */
  hash: Uint8Array;
}

/** What a field is: a number of at most so many bits, bytes, a receiver, or a list that is read by its own rule. */
type FieldForm =
  'u256' | 'u64' | 'bytes' | 'receiver' | 'address' | 'parity' | 'accessList' | 'hashes' | 'authorizations';
type Fields = readonly (readonly [name: string, form: FieldForm])[];

const SIGNATURE: Fields = [
  ['yParity', 'parity'],
  ['r', 'u256'],
  ['s', 'u256'],
];
const FEE_MARKET: Fields = [
  ['chainId', 'u256'],
  ['nonce', 'u64'],
  ['maxPriorityFeePerGas', 'u256'],
  ['maxFeePerGas', 'u256'],
  ['gas', 'u64'],
];
const call = (receiver: 'receiver' | 'address'): Fields => [
  ['to', receiver],
  ['value', 'u256'],
  ['input', 'bytes'],
];

/** The fields of each type, in order, named as JSON-RPC names them. */
export const TRANSACTION_FIELDS: Readonly<Record<EvmTransactionType, Fields>> = {
  0: [
    ['nonce', 'u64'],
    ['gasPrice', 'u256'],
    ['gas', 'u64'],
    ...call('receiver'),
    ['v', 'u256'],
    ['r', 'u256'],
    ['s', 'u256'],
  ],
  1: [
    ['chainId', 'u256'],
    ['nonce', 'u64'],
    ['gasPrice', 'u256'],
    ['gas', 'u64'],
    ...call('receiver'),
    ['accessList', 'accessList'],
    ...SIGNATURE,
  ],
  2: [...FEE_MARKET, ...call('receiver'), ['accessList', 'accessList'], ...SIGNATURE],
  3: [
    ...FEE_MARKET,
    ...call('address'),
    ['accessList', 'accessList'],
    ['maxFeePerBlobGas', 'u256'],
    ['blobVersionedHashes', 'hashes'],
    ...SIGNATURE,
  ],
  4: [
    ...FEE_MARKET,
    ...call('address'),
    ['accessList', 'accessList'],
    ['authorizationList', 'authorizations'],
    ...SIGNATURE,
  ],
};

/** Items of a blob transaction's network form: without, and with, the version that EIP-7594 puts in. */
const NETWORK_FORM_ITEMS = new Set([4, 5]);

/**
 * Reads a transaction as it stands in a block: RLP for a legacy one, else the type byte and RLP (EIP-2718). Signatures are
 * not verified: being in a block is what an attestation shows.
 *
 * @throws EvmError `bad-rlp` or `bad-transaction`, also for the network form of a blob transaction.
 */
export function parseTransaction(raw: Uint8Array): EvmTransaction {
  const type = transactionType(raw);
  const items = decodeRlpList(type === 0 ? raw : raw.subarray(1));
  const form = TRANSACTION_FIELDS[type];
  if (items.length !== form.length) throw refused(`type ${type}`, `${form.length} fields`, `${items.length}`);
  const fields = new Map<string, RlpItem>();
  form.forEach(([name, kind], i) => {
    checkField(name, kind, items[i]!);
    fields.set(name, items[i]!);
  });
  const bytes = (name: string) => fields.get(name) as Uint8Array;
  const to = bytes('to');
  return {
    type,
    chainId: type === 0 ? legacyChain(bytesUint(bytes('v'))) : chainNumber(bytesUint(bytes('chainId'))),
    nonce: bytesUint(bytes('nonce')),
    to: to.length === 0 ? null : to.slice(),
    value: bytesUint(bytes('value')),
    input: bytes('input').slice(),
    hash: keccak_256(raw),
  };
}

/**
 * The form of a serialised transaction that stands in a block. Only a blob transaction has another one, in which nodes pass
 * it on: there the blobs and what proves them follow it. Bytes of other transactions, also of unknown types, are returned as they are.
 *
 * @throws EvmError `bad-rlp` or `bad-transaction`.
 */
export function blockForm(raw: Uint8Array): Uint8Array {
  if (raw[0] !== 3) return raw;
  const items = decodeRlpList(raw.subarray(1));
  const [body] = items;
  if (body === undefined || body instanceof Uint8Array) return raw;
  if (!NETWORK_FORM_ITEMS.has(items.length)) throw refused('network form', '4 or 5 items', `${items.length}`);
  return concatBytes(Uint8Array.of(3), encodeRlp(body));
}

function transactionType(raw: Uint8Array): EvmTransactionType {
  const first = raw[0];
  if (first === undefined) throw refused('type', 'a transaction', 'no bytes');
  if (first >= 0xc0) return 0;
  if (first < 1 || first > 4) throw refused('type', 'a list or a type from 1 to 4', `${first}`);
  return first as EvmTransactionType;
}

/** The chain in the `v` of a legacy signature: 27 and 28 name none, from 35 on it is (v − 35) / 2 (EIP-155). */
function legacyChain(v: bigint): number | null {
  if (v === 27n || v === 28n) return null;
  if (v < 35n) throw refused('v', '27, 28 or a number from 35', `${v}`);
  return chainNumber((v - 35n) / 2n);
}

function chainNumber(chainId: bigint): number {
  if (chainId > BigInt(Number.MAX_SAFE_INTEGER)) throw refused('chainId', 'a number below 2^53', `${chainId}`);
  return Number(chainId);
}

function checkField(name: string, form: FieldForm, item: RlpItem): void {
  switch (form) {
    case 'bytes':
      byteString(name, item);
      return;
    case 'u256':
      uint(name, item, 32);
      return;
    case 'u64':
      uint(name, item, 8);
      return;
    case 'parity':
      if (uint(name, item, 1) > 1n) throw refused(name, '0 or 1', 'another number');
      return;
    case 'receiver':
      if (byteString(name, item).length !== 0) fixed(name, item, 20);
      return;
    case 'address':
      fixed(name, item, 20);
      return;
    case 'hashes':
      for (const hash of listOf(name, item)) fixed(name, hash, 32);
      return;
    case 'accessList':
      for (const entry of listOf(name, item)) {
        const [address, keys] = tuple(name, entry, 2);
        fixed(name, address!, 20);
        for (const key of listOf(name, keys!)) fixed(name, key, 32);
      }
      return;
    case 'authorizations':
      for (const entry of listOf(name, item)) {
        const [chainId, address, nonce, yParity, r, s] = tuple(name, entry, 6);
        fixed(name, address!, 20);
        uint(name, nonce!, 8);
        // One byte here, not one bit: EIP-7702 skips an authorization with another value, but the transaction stands.
        uint(name, yParity!, 1);
        for (const number of [chainId!, r!, s!]) uint(name, number, 32);
      }
  }
}

function byteString(name: string, item: RlpItem): Uint8Array {
  if (!(item instanceof Uint8Array)) throw refused(name, 'a byte string', 'a list');
  return item;
}

function fixed(name: string, item: RlpItem, length: number): void {
  const bytes = byteString(name, item);
  if (bytes.length !== length) throw refused(name, `${length} bytes`, `${bytes.length}`);
}

function uint(name: string, item: RlpItem, maxBytes: number): bigint {
  const bytes = byteString(name, item);
  if (bytes.length > maxBytes) throw refused(name, `a number of at most ${maxBytes} bytes`, `${bytes.length}`);
  if (bytes[0] === 0) throw refused(name, 'a number without leading zeros', 'one with');
  return bytesUint(bytes);
}

function listOf(name: string, item: RlpItem): readonly RlpItem[] {
  if (item instanceof Uint8Array) throw refused(name, 'a list', 'a byte string');
  return item;
}

function tuple(name: string, item: RlpItem, length: number): readonly RlpItem[] {
  const items = listOf(name, item);
  if (items.length !== length) throw refused(name, `${length} items`, `${items.length}`);
  return items;
}

function refused(what: string, expected: string, got: string): EvmError {
  return new EvmError('bad-transaction', `Reading a transaction: at ${what}: expected ${expected}, got ${got}`);
}
