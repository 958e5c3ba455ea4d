import type { Hex } from 'viem';
import { z } from 'zod';
import { isRefusal, untrue } from '../json-rpc.js';
import { type ReadBlock, readBlock } from './block.js';
import { transactionCount } from './broadcast.js';
import { bytes, count, type EvmRpc } from './evm-rpc.js';

const signedBy = z.object({ from: bytes, nonce: count });

/** Where to look for what used a nonce. */
export interface NonceSearch {
  readonly account: string;
  readonly nonce: number;
  /** A height at which it was unused, and one at which it was used. */
  readonly unusedAt: number;
  readonly usedAt: number;
}

/** Hash of the transaction that used a nonce, found in a block whose parts fit together; null where the node does not remember how many
 * transactions the account had made at so old a block, or has it used before already. @throws NodeFault, `untrue` when the block does not hold it */
export async function transactionWithNonce(rpc: EvmRpc, search: NonceSearch): Promise<Hex | null> {
  const { account, nonce } = search;
  let [unused, used] = [search.unusedAt, search.usedAt];
  try {
    if ((await transactionCount(rpc, account, unused)) > nonce) return null;
    while (used - unused > 1) {
      const middle = Math.floor((unused + used) / 2);
      if ((await transactionCount(rpc, account, middle)) > nonce) used = middle;
      else unused = middle;
    }
  } catch (error) {
    if (isRefusal(error)) return null;
    throw error;
  }
  const block = await readBlock(rpc, used);
  const hash = block && hashOf(block, account, nonce);
  if (hash === null)
    throw untrue(
      `says that block ${used} has used number ${nonce} of account ${account}, and shows no such transaction`,
    );
  return hash;
}

function hashOf({ transactions }: ReadBlock, account: string, nonce: number): Hex | null {
  const found = transactions.find((transaction) => {
    const signed = signedBy.safeParse(transaction);
    return signed.success && signed.data.from === account && signed.data.nonce === nonce;
  });
  return found?.hash ?? null;
}
