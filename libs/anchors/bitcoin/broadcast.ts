import { z } from 'zod';
import { isRefusal } from '../json-rpc.js';
import { CORE_ERROR, type CoreRpc } from './core-rpc.js';
import type { BitcoinTransaction } from './progress.js';

/** Turns off the node's own limit of a fee: the fee has been held below ours. */
const ANY_FEE_RATE = 0;

/** Whether the node's memory pool holds a transaction. @throws NodeFault when it cannot say */
export async function isInMempool(rpc: CoreRpc, txid: string): Promise<boolean> {
  try {
    await rpc.node(z.looseObject({}), 'getmempoolentry', txid);
    return true;
  } catch (error) {
    if (isRefusal(error, CORE_ERROR.unknownTransaction)) return false;
    throw error;
  }
}

/** Hands a transaction to the node, again if need be. Null when the node has it now, else its reason.
 * @throws NodeFault when it cannot say */
export async function broadcast(rpc: CoreRpc, { raw }: Pick<BitcoinTransaction, 'raw'>): Promise<string | null> {
  try {
    await rpc.node(z.string(), 'sendrawtransaction', raw, ANY_FEE_RATE);
    return null;
  } catch (error) {
    if (!isRefusal(error) || error.number === CORE_ERROR.warmingUp) throw error;
    if (error.number === CORE_ERROR.alreadyInChain || /already[ -](in|known)/i.test(error.message)) return null;
    return error.message;
  }
}

/** Whether a refusal is about the fee, so that paying more helps. A pool that is full keeps what pays most. */
export const isAboutFee = (reason: string): boolean => /fee|mempool full/i.test(reason);

const spending = z.array(z.object({ spendingtxid: z.string().optional(), blockhash: z.string().optional() }));

/** The transaction in the memory pool that spends one of these outputs and is none of `own` (displayed ids); null when there is none.
 * @throws NodeFault */
export async function findRival(
  rpc: CoreRpc,
  outpoints: readonly string[],
  own: readonly string[],
): Promise<string | null> {
  for (const outpoint of outpoints) {
    const [txid, vout] = outpoint.split(':');
    const [found] = await rpc
      .node(spending, 'gettxspendingprevout', [{ txid, vout: Number(vout) }])
      .catch((error: unknown) => {
        // A node with an index of spenders looks there as well, and fails while it is being built: the pool has none then.
        // One before version 24 cannot say, and decides by itself when it is given ours.
        if (isRefusal(error, CORE_ERROR.misc, CORE_ERROR.noSuchMethod)) return [];
        throw error;
      });
    // With a block's hash it is in the chain, out of such an index.
    if (found?.spendingtxid === undefined || found.blockhash !== undefined) continue;
    if (!own.includes(found.spendingtxid)) return found.spendingtxid;
  }
  return null;
}

/** Whether the chain, the memory pool apart, lacks any of these outputs: some other transaction has spent it. @throws NodeFault */
export async function areSpent(rpc: CoreRpc, outpoints: readonly string[]): Promise<boolean> {
  for (const outpoint of outpoints) {
    const [txid, vout] = outpoint.split(':');
    if ((await rpc.node(z.looseObject({}).nullable(), 'gettxout', txid, Number(vout), false)) === null) return true;
  }
  return false;
}
