import { z } from 'zod';
import { CORE_ERROR, type CoreRpc, NodeError } from './core-rpc.js';
import type { SentTransaction } from './progress.js';

/** Whether the node's memory pool holds a transaction. @throws NodeError when it cannot say */
export async function isInMempool(rpc: CoreRpc, txid: string): Promise<boolean> {
  try {
    await rpc.node(z.looseObject({}), 'getmempoolentry', txid);
    return true;
  } catch (error) {
    if (error instanceof NodeError && error.number === CORE_ERROR.unknownTransaction) return false;
    throw error;
  }
}

/** Hands a transaction to the node, again if need be. Null when the node has it now, else its reason.
 * @throws NodeError when it cannot say */
export async function broadcast(rpc: CoreRpc, { raw }: Pick<SentTransaction, 'raw'>): Promise<string | null> {
  try {
    await rpc.node(z.string(), 'sendrawtransaction', raw);
    return null;
  } catch (error) {
    if (!(error instanceof NodeError) || error.code !== 'error') throw error;
    if (error.number === CORE_ERROR.alreadyInChain || /already[ -](in|known)/i.test(error.message)) return null;
    if (error.number === CORE_ERROR.warmingUp) throw error;
    return error.message;
  }
}

/** Whether a refusal is about the fee, so that paying more helps. */
export const isAboutFee = (reason: string): boolean => /fee/i.test(reason);

/** Whether the chain, the memory pool apart, lacks any of these outputs: some other transaction has spent it. @throws NodeError */
export async function areSpent(rpc: CoreRpc, outpoints: readonly string[]): Promise<boolean> {
  for (const outpoint of outpoints) {
    const [txid, vout] = outpoint.split(':');
    if ((await rpc.node(z.looseObject({}).nullable(), 'gettxout', txid, Number(vout), false)) === null) return true;
  }
  return false;
}
