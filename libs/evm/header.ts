import { keccak_256 } from '@noble/hashes/sha3.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { describe } from '#statement/error.js';
import { EvmError } from './error.js';
import { bytesUint, decodeRlpList, encodeRlp, uintBytes, type RlpItem } from './rlp.js';

/** Length of a block or transaction hash, in bytes. */
export const EVM_HASH_BYTES = 32;
/** Longest header that is read, in bytes. One of the main net has about 600; `extraData` of other networks holds lists of signers. */
export const HEADER_MAX_BYTES = 16_384;
/** Most fields that a header may have: the newest known one has 23, and no network adds many of its own. */
export const HEADER_MAX_FIELDS = 32;
/** Block times from here on are milliseconds, below seconds: 1973 in milliseconds, the year 5138 in seconds. */
export const MILLISECONDS_FROM = 100_000_000_000;
/** Last millisecond that RFC 3339 can write: the end of the year 9999. */
const MAX_TIME_MS = 253_402_300_799_999n;

/** What a header field is: a number, a byte string of any length, or one of a fixed length. */
type FieldForm = 'uint' | 'bytes' | number;

/** The fields that every header has, by their JSON-RPC names, in order. */
const BASE_FIELDS: readonly (readonly [name: string, form: FieldForm])[] = [
  ['parentHash', 32],
  ['sha3Uncles', 32],
  ['miner', 20],
  ['stateRoot', 32],
  ['transactionsRoot', 32],
  ['receiptsRoot', 32],
  ['logsBloom', 256],
  ['difficulty', 'uint'],
  ['number', 'uint'],
  ['gasLimit', 'uint'],
  ['gasUsed', 'uint'],
  ['timestamp', 'uint'],
  ['extraData', 'bytes'],
  ['mixHash', 32],
  ['nonce', 8],
];

/** The fields that hard forks have added at the end. A header has all of them up to its own fork's last. */
const FORK_FIELDS: readonly (readonly [name: string, form: FieldForm])[] = [
  ['baseFeePerGas', 'uint'], // London, EIP-1559
  ['withdrawalsRoot', 32], // Shanghai, EIP-4895
  ['blobGasUsed', 'uint'], // Cancun, EIP-4844
  ['excessBlobGas', 'uint'], // Cancun, EIP-4844
  ['parentBeaconBlockRoot', 32], // Cancun, EIP-4788
  ['requestsHash', 32], // Prague, EIP-7685
  ['blockAccessListHash', 32], // Amsterdam, EIP-7928
  ['slotNumber', 'uint'], // Amsterdam, EIP-7843
];

/** A block header, as far as an attestation needs it. */
export interface EvmHeader {
  /** Keccak-256 of the header: the block's hash. */
  hash: Uint8Array;
  parentHash: Uint8Array;
  transactionsRoot: Uint8Array;
  number: number;
  /** The block's own time in milliseconds since 1970, whatever unit its chain uses. */
  timestampMs: number;
}

/**
 * Reads a header in RLP. The fifteen fields of every fork must have their form; what later forks and other networks put
 * after them must be byte strings, and is bound by the hash alone.
 *
 * @throws EvmError `bad-rlp` or `bad-header`.
 */
export function parseHeader(rlp: Uint8Array): EvmHeader {
  if (rlp.length > HEADER_MAX_BYTES) throw refused('the header', `at most ${HEADER_MAX_BYTES} bytes`, `${rlp.length}`);
  const items = decodeRlpList(rlp, 2);
  if (items.length < BASE_FIELDS.length || items.length > HEADER_MAX_FIELDS) {
    throw refused('the header', `${BASE_FIELDS.length} to ${HEADER_MAX_FIELDS} fields`, `${items.length}`);
  }
  const fields = new Map<string, Uint8Array>();
  items.forEach((item, i) => {
    const [name, form] = BASE_FIELDS[i] ?? [`field ${i}`, 'bytes'];
    if (!(item instanceof Uint8Array)) throw refused(name, 'a byte string', 'a list');
    checkForm(name, form, item);
    fields.set(name, item);
  });
  const number = bytesUint(fields.get('number')!);
  if (number > BigInt(Number.MAX_SAFE_INTEGER)) throw refused('number', 'a number below 2^53', `${number}`);
  return {
    hash: keccak_256(rlp),
    parentHash: fields.get('parentHash')!.slice(),
    transactionsRoot: fields.get('transactionsRoot')!.slice(),
    number: Number(number),
    timestampMs: blockTimeMs(bytesUint(fields.get('timestamp')!)),
  };
}

/** A block's timestamp in milliseconds: values from {@link MILLISECONDS_FROM} are that already, others are seconds. @throws EvmError `bad-header` */
export function blockTimeMs(timestamp: bigint): number {
  const timeMs = timestamp < BigInt(MILLISECONDS_FROM) ? timestamp * 1000n : timestamp;
  if (timeMs > MAX_TIME_MS) throw refused('timestamp', 'a time that dates can express', `${timestamp}`);
  return Number(timeMs);
}

/**
 * The RLP of a header, made of a block as JSON-RPC shows it (`eth_getBlockByNumber`, `eth_getBlockByHash`): `0x` hex, names
 * as there, other members ignored. The members that hard forks added are taken as far as they are there.
 *
 * @throws EvmError `bad-header` when a field is missing or malformed; `other-hash` when the Keccak-256 of the result is not
 * the `hash` in the block, because the node is wrong or its chain computes hashes in another way.
 */
export function encodeHeader(block: unknown): Uint8Array {
  if (typeof block !== 'object' || block === null) throw refused('the block', 'an object', describe(block));
  const member = (name: string): unknown =>
    Object.hasOwn(block, name) ? (block as Record<string, unknown>)[name] : null;
  const present = FORK_FIELDS.filter(([name]) => member(name) !== null && member(name) !== undefined);
  present.forEach(([name], i) => {
    const [due] = FORK_FIELDS[i]!;
    if (due !== name) throw refused(due, `this field, since ${name} is there`, 'none');
  });
  const items: RlpItem[] = [...BASE_FIELDS, ...present].map(([name, form]) => {
    const bytes = form === 'uint' ? uintBytes(quantity(name, member(name))) : data(name, member(name));
    checkForm(name, form, bytes);
    return bytes;
  });
  const rlp = encodeRlp(items);
  const [hash, named] = [bytesToHex(keccak_256(rlp)), bytesToHex(data('hash', member('hash')))];
  if (hash !== named) {
    const message = `Encoding a header: expected the hash ${named} that the block names, got ${hash}: the block is not as its node shows it, or its chain does not hash headers as Ethereum does, or has fields in them that are not known here`;
    throw new EvmError('other-hash', message);
  }
  return rlp;
}

/** The number in a `0x` hex text of JSON-RPC. @throws EvmError `bad-header` */
export function quantity(name: string, value: unknown): bigint {
  if (typeof value !== 'string' || !/^0x[0-9a-f]{1,64}$/i.test(value)) {
    throw refused(name, 'a number in 0x hex', describe(value));
  }
  return BigInt(value);
}

/** The bytes in a `0x` hex text of JSON-RPC. @throws EvmError `bad-header` */
export function data(name: string, value: unknown): Uint8Array {
  if (typeof value !== 'string' || !/^0x(?:[0-9a-f]{2})*$/i.test(value)) {
    throw refused(name, 'bytes in 0x hex', describe(value));
  }
  return hexToBytes(value.slice(2));
}

function checkForm(name: string, form: FieldForm, bytes: Uint8Array): void {
  if (form === 'bytes') return;
  if (form === 'uint') {
    if (bytes.length > 32 || bytes[0] === 0) {
      throw refused(name, 'a number of at most 32 bytes without leading zeros', `${bytes.length} bytes`);
    }
  } else if (bytes.length !== form) {
    throw refused(name, `${form} bytes`, `${bytes.length}`);
  }
}

function refused(name: string, expected: string, got: string): EvmError {
  return new EvmError('bad-header', `Reading a block header: at ${name}: expected ${expected}, got ${got}`);
}
