import { keccak_256 } from '@noble/hashes/sha3.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import {
  formatTransaction,
  type Hex,
  type RpcTransaction,
  serializeTransaction,
  type TransactionSerializable,
} from 'viem';
import { z } from 'zod';
import { EvmError } from '#evm/error.js';
import { encodeHeader, parseHeader } from '#evm/header.js';
import { blockForm } from '#evm/transaction.js';
import { buildTransactionTrie, type TransactionTrie } from '#evm/trie.js';
import { isRefusal, untrue } from '../json-rpc.js';
import { bytes, type EvmRpc, hash } from './evm-rpc.js';

/** Raw transactions that are asked for at the same time, where a block holds some that only its node can write out. */
const RAW_AT_ONCE = 8;

const anyObject = z.looseObject({});
const blockSchema = z.looseObject({ hash, transactions: z.array(z.looseObject({ hash })) });

/** A block whose parts fit together. */
export interface ReadBlock {
  readonly hash: Hex;
  /** RLP. */
  readonly header: Uint8Array;
  /** As the node shows them; those with these hashes are in the block, the other members were not checked. */
  readonly transactions: readonly { readonly hash: Hex; readonly [member: string]: unknown }[];
  readonly trie: TransactionTrie;
}

/** The block that the node has at a height; null when it has none. Header, hash, height, transactions and the root of their trie were computed
 * here from the node's data. @throws NodeFault, `untrue` when they do not fit together */
export async function readBlock(rpc: EvmRpc, number: number): Promise<ReadBlock | null> {
  const block = await rpc.call(blockSchema.nullable(), 'eth_getBlockByNumber', `0x${number.toString(16)}`, true);
  if (block === null) return null;
  const { header, root } = headerOf(block, number);
  const raws = await rawTransactions(rpc, number, block.transactions);
  let trie = buildTransactionTrie(raws);
  // Development chains keep blob transactions in the trie as they were passed on, with their blobs. Whichever gives the root is right.
  if (bytesToHex(trie.root) !== root && raws.some(isBlobTransaction))
    trie = buildTransactionTrie(await withBlobs(rpc, number, block.transactions, raws));
  if (bytesToHex(trie.root) !== root)
    throw untrue(
      `says what does not fit together about block ${number} (its transactions are others than those that its header names)`,
    );
  return { hash: block.hash, header, transactions: block.transactions, trie };
}

/** The hash of the block that the node has at a height, made from the block's own header; null when it has none.
 * @throws NodeFault, `untrue` when the block is not what its hash names */
export async function canonicalHash(rpc: EvmRpc, number: number): Promise<Hex | null> {
  const block = await rpc.call(anyObject.nullable(), 'eth_getBlockByNumber', `0x${number.toString(16)}`, false);
  return block === null ? null : headerOf(block, number).hash;
}

function headerOf(block: object, number: number): { header: Uint8Array; hash: Hex; root: string } {
  const header = believed(number, () => encodeHeader(block));
  const { number: height, hash, transactionsRoot } = believed(number, () => parseHeader(header));
  if (height !== number) throw untrue(`gives block ${height} for block ${number}`);
  return { header, hash: `0x${bytesToHex(hash)}`, root: bytesToHex(transactionsRoot) };
}

/** The transactions as they stand in the block. They are written out here, and asked for where that does not give the hash that the block
 * names, as with the transactions that some chains make themselves. @throws NodeFault */
async function rawTransactions(
  rpc: EvmRpc,
  number: number,
  transactions: readonly { hash: Hex }[],
): Promise<Uint8Array[]> {
  return fillIn(transactions.map(written), async (i) =>
    blockFormOf(number, transactions[i]!.hash, await passedOn(rpc, transactions[i]!.hash)),
  );
}

/** The same, blob transactions as the node passes them on. @throws NodeFault */
function withBlobs(
  rpc: EvmRpc,
  number: number,
  transactions: readonly { hash: Hex }[],
  raws: readonly Uint8Array[],
): Promise<Uint8Array[]> {
  return fillIn(
    raws.map((raw) => (isBlobTransaction(raw) ? null : raw)),
    async (i) => {
      const raw = await passedOn(rpc, transactions[i]!.hash);
      blockFormOf(number, transactions[i]!.hash, raw);
      return raw;
    },
  );
}

/** Fetches what is missing, a few at a time. */
async function fillIn(
  raws: (Uint8Array | null)[],
  fetchOne: (index: number) => Promise<Uint8Array>,
): Promise<Uint8Array[]> {
  const missing = raws.flatMap((raw, i) => (raw === null ? [i] : []));
  const fetchNext = async (): Promise<void> => {
    for (let i = missing.shift(); i !== undefined; i = missing.shift()) raws[i] = await fetchOne(i);
  };
  await Promise.all(Array.from({ length: RAW_AT_ONCE }, fetchNext));
  return raws as Uint8Array[];
}

/** A transaction in the node's own bytes. @throws NodeFault */
async function passedOn(rpc: EvmRpc, id: Hex): Promise<Uint8Array> {
  const raw = await rpc.call(bytes.nullable(), 'eth_getRawTransactionByHash', id).catch((error: unknown) => {
    if (!isRefusal(error)) throw error;
    throw untrue(`does not give the bytes of transaction ${id} (${error.message})`, error);
  });
  return hexToBytes((raw ?? '0x').slice(2));
}

/** What of a transaction's bytes its hash is about. @throws NodeFault `untrue` when they are another transaction's */
function blockFormOf(number: number, id: Hex, raw: Uint8Array): Uint8Array {
  const form = believed(number, () => blockForm(raw));
  if (!isNamed(form, id)) throw untrue(`gives other bytes than those of transaction ${id}`);
  return form;
}

const isBlobTransaction = (raw: Uint8Array): boolean => raw[0] === 3;

function written(transaction: { hash: Hex }): Uint8Array | null {
  try {
    const { r, s, v, yParity, ...rest } = formatTransaction(transaction as unknown as RpcTransaction);
    const signature = { r, s, v, ...(yParity === undefined ? {} : { yParity }) };
    const raw = hexToBytes(
      serializeTransaction({ ...rest, data: rest.input } as TransactionSerializable, signature as never).slice(2),
    );
    return isNamed(raw, transaction.hash) ? raw : null;
  } catch {
    // A kind of transaction that viem does not know, or a member that it does not expect: the node has the bytes.
    return null;
  }
}

const isNamed = (raw: Uint8Array, id: Hex): boolean => `0x${bytesToHex(keccak_256(raw))}` === id;

/** What `compute` makes of a node's data about a block. @throws NodeFault `untrue` when the data do not fit together */
export function believed<T>(number: number, compute: () => T): T {
  try {
    return compute();
  } catch (cause) {
    if (!(cause instanceof EvmError)) throw cause;
    throw untrue(`says what does not fit together about block ${number} (${cause.message})`, cause);
  }
}
