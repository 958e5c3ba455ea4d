import { hexToBytes } from '@noble/hashes/utils.js';
import type { Hex } from 'viem';
import { z } from 'zod';
import { untrue } from '../json-rpc.js';
import type { MinedVersion } from '../paying/observed.js';
import { evmAttestationBytes, formatEvmAttestation, verifyEvmAttestation } from '#evm/attestation.js';
import { believed, readBlock } from './block.js';
import { count, type EvmRpc, hash, quantity } from './evm-rpc.js';
import type { EvmTransaction } from './progress.js';

const receiptSchema = z.object({
  transactionHash: hash,
  blockHash: hash,
  blockNumber: count,
  gasUsed: quantity,
  effectiveGasPrice: quantity.nullish(),
  /** What chains on top of another one charge for that one. */
  l1Fee: quantity.nullish(),
});

/** Where the node says that a transaction is, and what it cost. */
export interface Mined {
  readonly transaction: EvmTransaction;
  readonly number: number;
  readonly hash: Hex;
  /** In wei. */
  readonly paid: bigint;
}

/** The first of these transactions, newest first, that the node says is in a block; null when none is. @throws NodeFault */
export async function findMined(rpc: EvmRpc, transactions: readonly EvmTransaction[]): Promise<Mined | null> {
  for (const transaction of transactions.toReversed()) {
    const receipt = await rpc.call(receiptSchema.nullable(), 'eth_getTransactionReceipt', transaction.id);
    if (receipt === null) continue;
    if (receipt.transactionHash !== transaction.id)
      throw untrue(`gives the receipt of another transaction for ${transaction.id}`);
    const price = receipt.effectiveGasPrice ?? BigInt(transaction.perGas);
    if (receipt.gasUsed > BigInt(transaction.gas) || price > BigInt(transaction.perGas))
      throw untrue(`says that transaction ${transaction.id} paid more than it allows`);
    const { blockNumber: number, blockHash } = receipt;
    const paid = receipt.gasUsed * price + (receipt.l1Fee ?? 0n);
    return { transaction, number, hash: blockHash, paid };
  }
  return null;
}

/** The block with its own time and the attestation (canonical JSON, UTF-8) that leads from the root through the transaction to its hash.
 * It was made of what {@link readBlock} has checked, and verified.
 * @throws NodeFault, `untrue` when what the node says about the block does not fit together */
export async function attestBlock(
  rpc: EvmRpc,
  { transaction, number, hash: blockHash, paid }: Mined,
  chain: { readonly chainId: number; readonly genesis: string },
  root: Uint8Array,
): Promise<MinedVersion> {
  const block = await readBlock(rpc, number);
  if (block?.hash !== blockHash)
    throw untrue(
      `says that transaction ${transaction.id} is in block ${number} ${blockHash}, and has ${block?.hash ?? 'no block'} there`,
    );
  const index = block.transactions.findIndex((one) => one.hash === transaction.id);
  if (index < 0) throw untrue(`says that transaction ${transaction.id} is in block ${number}, which does not hold it`);
  return believed(number, () => {
    const attestation = formatEvmAttestation({
      chainId: chain.chainId,
      genesis: hexToBytes(chain.genesis.slice(2)),
      block: hexToBytes(blockHash.slice(2)),
      header: block.header,
      index,
      transaction: hexToBytes(transaction.raw.slice(2)),
      path: block.trie.path(index),
    });
    const { timeMs } = verifyEvmAttestation(attestation, root);
    return {
      number,
      hash: blockHash,
      time: new Date(timeMs).toISOString(),
      transaction: transaction.id,
      paid: paid.toString(),
      attestation: evmAttestationBytes(attestation),
    };
  });
}
