import { z } from 'zod';
import { count, type EvmRpc, hash, RpcError } from './evm-rpc.js';
import { Doubt } from './obstacle.js';
import type { SentTransaction } from './progress.js';

/** Why a node does not take a transaction.
 *
 * - `nonce`: the account has a later transaction in the chain
 * - `fee`: paying more would help
 * - `funds`: the account has too little
 * - `gas`: it may use too little gas, or more than a block has
 * - `other`: something else
 */
export interface Refusal {
  readonly about: 'nonce' | 'fee' | 'funds' | 'gas' | 'other';
  /** The node's own words. */
  readonly reason: string;
}

const known = z.object({ hash, blockNumber: count.nullish() });

/** How many transactions an account has made: in the chain up to a height or up to its end, or with those that wait as well (`pending`).
 * @throws RpcError */
export function transactionCount(rpc: EvmRpc, account: string, at: number | 'latest' | 'pending'): Promise<number> {
  const block = typeof at === 'number' ? `0x${at.toString(16)}` : at;
  return rpc.call(count, 'eth_getTransactionCount', account, block);
}

/** Which of these transactions the node has, waiting or in the chain; the newest if several. @throws RpcError, Doubt */
export async function knownTransaction(
  rpc: EvmRpc,
  transactions: readonly SentTransaction[],
): Promise<SentTransaction | null> {
  let found: SentTransaction | null = null;
  // All of them, although the newest is enough: which one is mined is the node's choice.
  for (const transaction of transactions.toReversed()) {
    const answer = await rpc.call(known.nullable(), 'eth_getTransactionByHash', transaction.hash);
    if (answer !== null && answer.hash !== transaction.hash)
      throw new Doubt(`gives another transaction than ${transaction.hash}`);
    if (answer !== null) found ??= transaction;
  }
  return found;
}

/** Hands a transaction to the node, again if need be. Null when the node has it now. @throws RpcError when it cannot say; Doubt */
export async function broadcast(
  rpc: EvmRpc,
  transaction: Pick<SentTransaction, 'raw' | 'hash'>,
): Promise<Refusal | null> {
  let taken: string;
  try {
    taken = await rpc.call(hash, 'eth_sendRawTransaction', transaction.raw);
  } catch (error) {
    if (!(error instanceof RpcError) || error.code !== 'error') throw error;
    return refusalOf(error.message);
  }
  if (taken !== transaction.hash) throw new Doubt(`took transaction ${transaction.hash} and calls it ${taken}`);
  return null;
}

/** Reads the words with which nodes refuse a transaction; they share no numbers for that. Null when the node has it already. */
export function refusalOf(reason: string): Refusal | null {
  // Geth, Nethermind, Besu, Erigon and anvil word these differently.
  const isKnown = /already ?(known|imported|exists|in)|known transaction|same hash/i.test(reason);
  if (isKnown && !/nonce/i.test(reason)) return null;
  if (/intrinsic ?gas|floor data gas|gas floor|gas ?limit/i.test(reason)) return { about: 'gas', reason };
  if (/insufficient|not enough|exceeds account balance/i.test(reason)) return { about: 'funds', reason };
  if (/underpriced|fee|gas ?price/i.test(reason)) return { about: 'fee', reason };
  if (/nonce/i.test(reason)) return { about: 'nonce', reason };
  return { about: 'other', reason };
}
