import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import {
  formatTransaction,
  type Hex,
  type RpcTransaction,
  serializeTransaction,
  type TransactionSerializable,
} from 'viem';
import { z } from 'zod';
import { evmAttestationBytes, formatEvmAttestation, verifyEvmAttestation } from '#evm/attestation.js';
import { EvmError } from '#evm/error.js';
import { encodeHeader, parseHeader } from '#evm/header.js';
import { blockForm } from '#evm/transaction.js';
import { buildTransactionTrie } from '#evm/trie.js';
import { bytes, count, type EvmRpc, hash, quantity, RpcError } from './evm-rpc.js';
import { Doubt } from './obstacle.js';
import type { SentTransaction } from './progress.js';

/** Raw transactions that are asked for at the same time, where a block holds some that only its node can write out. */
const RAW_AT_ONCE = 8;

const anyObject = z.looseObject({});
const receiptSchema = z.object({
  transactionHash: hash,
  blockHash: hash,
  blockNumber: count,
  /** 1 when the call succeeded; chains from before 2017 do not say. */
  status: quantity.nullish(),
  gasUsed: quantity,
  effectiveGasPrice: quantity.nullish(),
  /** What chains on top of another one charge for that one. */
  l1Fee: quantity.nullish(),
});
const blockSchema = z.looseObject({ hash, transactions: z.array(z.looseObject({ hash })) });

/** Where the node says that a transaction is, and what it cost. */
export interface Mined {
  readonly transaction: SentTransaction;
  readonly number: number;
  readonly hash: Hex;
  readonly succeeded: boolean;
  /** In wei. */
  readonly paid: bigint;
}

/** The first of these transactions, newest first, that the node says is in a block; null when none is. @throws RpcError, Doubt */
export async function findMined(rpc: EvmRpc, transactions: readonly SentTransaction[]): Promise<Mined | null> {
  for (const transaction of transactions.toReversed()) {
    const receipt = await rpc.call(receiptSchema.nullable(), 'eth_getTransactionReceipt', transaction.hash);
    if (receipt === null) continue;
    if (receipt.transactionHash !== transaction.hash)
      throw new Doubt(`gives the receipt of another transaction for ${transaction.hash}`);
    const price = receipt.effectiveGasPrice ?? BigInt(transaction.perGas);
    if (receipt.gasUsed > BigInt(transaction.gas) || price > BigInt(transaction.perGas))
      throw new Doubt(`says that transaction ${transaction.hash} paid more than it allows`);
    const { blockNumber: number, blockHash } = receipt;
    const paid = receipt.gasUsed * price + (receipt.l1Fee ?? 0n);
    return { transaction, number, hash: blockHash, succeeded: receipt.status !== 0n, paid };
  }
  return null;
}

/** The hash of the block that the node has at a height, made from the block's own header; null when it has none.
 * @throws RpcError; Doubt when the block is not what its hash names */
export async function canonicalHash(rpc: EvmRpc, number: number): Promise<Hex | null> {
  const block = await rpc.call(anyObject.nullable(), 'eth_getBlockByNumber', `0x${number.toString(16)}`, false);
  if (block === null) return null;
  const header = believed(number, () => parseHeader(encodeHeader(block)));
  if (header.number !== number) throw new Doubt(`gives block ${header.number} for block ${number}`);
  return `0x${bytesToHex(header.hash)}`;
}

/** The attestation (canonical JSON, UTF-8) that leads from the root through the transaction to the block's hash, and the block's time.
 * Header, transactions and trie were computed here from the node's data, and the result was verified.
 * @throws RpcError; Doubt when what the node says about the block does not fit together */
export async function attestBlock(
  rpc: EvmRpc,
  { transaction, number, hash: blockHash }: Mined,
  chain: { readonly chainId: number; readonly genesis: string },
  root: Uint8Array,
): Promise<{ attestation: Uint8Array; time: Date }> {
  const block = await rpc.call(blockSchema.nullable(), 'eth_getBlockByNumber', `0x${number.toString(16)}`, true);
  if (block?.hash !== blockHash)
    throw new Doubt(
      `says that transaction ${transaction.hash} is in block ${number} ${blockHash}, and has ${block?.hash ?? 'no block'} there`,
    );
  const header = believed(number, () => encodeHeader(block));
  const raws = await rawTransactions(rpc, number, block.transactions);
  const index = block.transactions.findIndex((one) => one.hash === transaction.hash);
  if (index < 0)
    throw new Doubt(`says that transaction ${transaction.hash} is in block ${number}, which does not hold it`);
  return believed(number, () => {
    const attestation = formatEvmAttestation({
      chainId: chain.chainId,
      genesis: hexToBytes(chain.genesis.slice(2)),
      block: hexToBytes(blockHash.slice(2)),
      header,
      index,
      transaction: hexToBytes(transaction.raw.slice(2)),
      path: buildTransactionTrie(raws).path(index),
    });
    const { number: height, timeMs } = verifyEvmAttestation(attestation, root);
    if (height !== number) throw new Doubt(`gives block ${height} for block ${number}`);
    return { attestation: evmAttestationBytes(attestation), time: new Date(timeMs) };
  });
}

/** The transactions as they stand in the block. They are written out here, and asked for where that does not give the hash that the block
 * names, as with the transactions that some chains make themselves. @throws RpcError, Doubt */
async function rawTransactions(
  rpc: EvmRpc,
  number: number,
  transactions: readonly { hash: Hex }[],
): Promise<Uint8Array[]> {
  const raws = transactions.map(written);
  const missing = transactions.flatMap((_, i) => (raws[i] === null ? [i] : []));
  const fetchNext = async (): Promise<void> => {
    for (let i = missing.shift(); i !== undefined; i = missing.shift()) {
      const { hash: id } = transactions[i]!;
      const raw = await rpc.call(bytes.nullable(), 'eth_getRawTransactionByHash', id).catch((error: unknown) => {
        if (!(error instanceof RpcError) || error.code !== 'error') throw error;
        throw new Doubt(`does not give the bytes of transaction ${id} (${error.message})`, { cause: error });
      });
      const given = believed(number, () => blockForm(hexToBytes((raw ?? '0x').slice(2))));
      if (!isNamed(given, id)) throw new Doubt(`gives other bytes than those of transaction ${id}`);
      raws[i] = given;
    }
  };
  await Promise.all(Array.from({ length: RAW_AT_ONCE }, fetchNext));
  return raws as Uint8Array[];
}

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

/** What `compute` makes of a node's data about a block. @throws Doubt when the data do not fit together */
function believed<T>(number: number, compute: () => T): T {
  try {
    return compute();
  } catch (cause) {
    if (!(cause instanceof EvmError)) throw cause;
    throw new Doubt(`says what does not fit together about block ${number} (${cause.message})`, { cause });
  }
}
