import { z } from 'zod';
import { isRefusal, untrue } from '../json-rpc.js';
import { count, type EvmRpc, hash } from './evm-rpc.js';
import type { EvmTransaction } from './progress.js';

/** Why a node does not take a transaction.
 *
 * - `nonce`: the account has a later transaction in the chain
 * - `fee`: paying more would help
 * - `funds`: the account has too little
 * - `gas`: it may use too little gas, or more than a block has
 * - `other`: something else
 */
export interface NodeRefusal {
  readonly about: 'nonce' | 'fee' | 'funds' | 'gas' | 'other';
  /** The node's own. */
  readonly words: string;
}

const known = z.object({ hash, blockNumber: count.nullish() });

/** How many transactions an account has made in the chain, up to a height or up to its end. @throws NodeFault */
export function transactionCount(rpc: EvmRpc, account: string, at: number | 'latest'): Promise<number> {
  const block = typeof at === 'number' ? `0x${at.toString(16)}` : at;
  return rpc.call(count, 'eth_getTransactionCount', account, block);
}

/** The same with those that wait as well; null at a node that does not serve the tag `pending`, which `remarks` then tell. @throws NodeFault */
export async function pendingCount(
  rpc: EvmRpc,
  account: string,
): Promise<{ waiting: number | null; remarks: readonly string[] }> {
  try {
    return { waiting: await rpc.call(count, 'eth_getTransactionCount', account, 'pending'), remarks: [] };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return {
      waiting: null,
      remarks: [`${rpc.name} does not say what waits (it refuses the tag pending: ${error.message})`],
    };
  }
}

/** Which of these transactions the node has, waiting or in the chain; the newest if several. @throws NodeFault */
export async function knownTransaction(
  rpc: EvmRpc,
  transactions: readonly EvmTransaction[],
): Promise<EvmTransaction | null> {
  let found: EvmTransaction | null = null;
  // All of them, although the newest is enough: which one is mined is the node's choice.
  for (const transaction of transactions.toReversed()) {
    const answer = await rpc.call(known.nullable(), 'eth_getTransactionByHash', transaction.id);
    if (answer !== null && answer.hash !== transaction.id)
      throw untrue(`gives another transaction than ${transaction.id}`);
    if (answer !== null) found ??= transaction;
  }
  return found;
}

/** Hands a transaction to the node, again if need be. Null when the node has it now. @throws NodeFault when it cannot say */
export async function broadcast(
  rpc: EvmRpc,
  transaction: Pick<EvmTransaction, 'raw' | 'id'>,
): Promise<NodeRefusal | null> {
  let taken: string;
  try {
    taken = await rpc.call(hash, 'eth_sendRawTransaction', transaction.raw);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return refusalOf(error.message);
  }
  if (taken !== transaction.id) throw untrue(`took transaction ${transaction.id} and calls it ${taken}`);
  return null;
}

/** Reads the words with which nodes refuse a transaction; they share no numbers for that. Null when the node has it already. */
export function refusalOf(words: string): NodeRefusal | null {
  // Geth, Nethermind, Besu, Erigon and anvil word these differently.
  const isKnown = /already ?(known|imported|exists|in)|known transaction|same hash/i.test(words);
  if (isKnown && !/nonce/i.test(words)) return null;
  if (/intrinsic ?gas|floor data gas|gas floor|gas ?limit/i.test(words)) return { about: 'gas', words };
  if (/insufficient|not enough|exceeds account balance/i.test(words)) return { about: 'funds', words };
  if (/underpriced|fee|gas ?price/i.test(words)) return { about: 'fee', words };
  if (/nonce/i.test(words)) return { about: 'nonce', words };
  return { about: 'other', words };
}
