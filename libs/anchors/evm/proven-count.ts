import { hexToBytes } from '@noble/hashes/utils.js';
import { z } from 'zod';
import { EvmError } from '#evm/error.js';
import { bytesUint, decodeRlpList } from '#evm/rlp.js';
import { verifyAccountProof } from '#evm/trie.js';
import { NodeFault } from '../json-rpc.js';
import type { ReadyNode } from './chain-state.js';
import { bytes } from './evm-rpc.js';

/** Most nodes of a path that are looked at. */
const MAX_NODES = 100;

const proof = z.object({ accountProof: z.array(bytes).max(MAX_NODES) });

/** How many transactions an account has made, as the state after the node's newest block proves it; null where the node gives no proof that leads
 * to that state, as nodes of many kinds do not, and for an account that the state does not know. */
export async function provenCount({ rpc, height, stateRoot }: ReadyNode, account: string): Promise<number | null> {
  try {
    const { accountProof } = await rpc.call(proof, 'eth_getProof', account, [], `0x${height.toString(16)}`);
    const path = accountProof.map((node) => hexToBytes(node.slice(2)));
    const [nonce] = decodeRlpList(verifyAccountProof(stateRoot, hexToBytes(account.slice(2)), path));
    return nonce instanceof Uint8Array ? Number(bytesUint(nonce)) : null;
  } catch (error) {
    // Also no answer in time: a proof is welcome, and nothing depends on it.
    if (error instanceof EvmError || error instanceof NodeFault) return null;
    throw error;
  }
}
