import { z } from 'zod';
import { type NetworkName, networkOfCoreName } from '#bitcoin/network.js';
import { CORE_ERROR, type CoreRpc, NodeError } from './core-rpc.js';

/** What keeps the adapter from going on: a sentence for a person, which the submission's detail tells. */
export class Obstacle extends Error {
  override readonly name = 'Obstacle';
}

/** The node, ready to be asked. */
export interface NodeState {
  /** Height of its best block. */
  readonly height: number;
  /** How the chain is called in sentences: `Bitcoin`, or `Bitcoin regtest` and the like for what is no money. */
  readonly chain: string;
}

const chainInfo = z.object({ chain: z.string(), blocks: z.int().nonnegative(), initialblockdownload: z.boolean() });

/** Asks whether the node can be relied on. @throws Obstacle when it is on another network or still syncing; NodeError */
export async function readNodeState(rpc: CoreRpc, network: NetworkName | undefined): Promise<NodeState> {
  const info = await rpc.node(chainInfo, 'getblockchaininfo');
  const name = networkOfCoreName(info.chain)?.name;
  if (network !== undefined && name !== network)
    throw new Obstacle(`the node is on the wrong chain: expected ${network}, got ${name ?? 'one unknown here'}`);
  if (info.initialblockdownload) throw new Obstacle(`the node is still syncing, at block ${info.blocks}`);
  return { height: info.blocks, chain: name === 'mainnet' ? 'Bitcoin' : `Bitcoin ${name ?? 'of unknown network'}` };
}

/** What to tell a person about a call that failed. */
export function obstacleOf(error: NodeError): string {
  const { method, message } = error;
  if (error.code === 'away') return 'the node is not reachable';
  if (error.code === 'no-cookie')
    return `the node's cookie file cannot be read: the node does not run, or BITCOIN_RPC_COOKIE_FILE names another (${message})`;
  if (error.code === 'refused') return 'the node refuses the user and password';
  if (error.code === 'forbidden')
    return `the node forbids ${method}; rpcallowip and rpcwhitelist in its settings say to whom`;
  if (error.code === 'bad-answer') return `the node gave no usable answer (${message})`;
  switch (error.number) {
    case CORE_ERROR.warmingUp:
      return `the node is starting up (${message})`;
    case CORE_ERROR.walletNotFound:
      return 'the wallet is not loaded in the node; BITCOIN_WALLET names it';
    case CORE_ERROR.walletNotNamed:
      return 'the node has several wallets; BITCOIN_WALLET must name one';
    case CORE_ERROR.walletLocked:
      return 'the wallet is locked by its passphrase';
    case CORE_ERROR.noSuchMethod:
      return `the node has no ${method}: it runs without a wallet, or is too old`;
    default:
      return method === 'getblock' && /prune/i.test(message)
        ? 'the node has pruned the block that holds the transaction, so that its proof cannot be made'
        : `the node refuses ${method}: ${message}`;
  }
}
