import { getContractAddress, type Hex } from 'viem';
import { z } from 'zod';
import { AnchorError } from '../../error.js';
import { createAccount } from '../account.js';
import { broadcast, transactionCount } from '../broadcast.js';
import { type ChainSettings, readChainState } from '../chain-state.js';
import { bytes, createEvmRpcs, type EvmRpc, quantity } from '../evm-rpc.js';
import { firstFees, gweiToWei, inGwei, readMarket, withGasRoom } from '../fee.js';
import { problemOf } from '../obstacle.js';
import contract from './checkpoint-anchor.json' with { type: 'json' };

/** The code that the contract has in a chain. */
export const CONTRACT_CODE = contract.deployedBytecode as Hex;

const receiptSchema = z.object({ status: quantity.nullish() });

/** What it takes to create the contract. */
export interface Deployment extends ChainSettings {
  /** JSON-RPC addresses of nodes, the preferred one first. */
  readonly rpcUrls: readonly string[];
  /** Key of an account with some money, 64 hex digits. Who creates the contract does not matter later. */
  readonly privateKey: string;
  /** Most that a unit of gas may cost. */
  readonly maxFeeGwei: number;
  readonly fetch: typeof fetch;
  /** Time for one call. */
  readonly timeoutMs: number;
}

/** A transaction that creates the contract. */
export interface SentDeployment {
  /** Where the contract will be. */
  readonly address: Hex;
  readonly transaction: Hex;
  /** Account that pays. */
  readonly from: Hex;
  /** Whether the contract is there: false while the transaction is in no block.
   * @throws AnchorError `not-deployed` when the chain refused it, or has other code there */
  isDone(): Promise<boolean>;
}

/** Sends a transaction that creates the contract, after the same checks of nodes and chain as before anchoring.
 * @throws AnchorError `bad-settings`; `not-deployed` with what is in the way, nothing being sent then */
export async function deployContract(deployment: Deployment): Promise<SentDeployment> {
  const { chainId, rpcUrls, privateKey, maxFeeGwei } = deployment;
  const account = createAccount(privateKey);
  const { ready, problems } = await readChainState(createEvmRpcs(rpcUrls, deployment), deployment);
  const [node] = ready;
  if (node === undefined) throw refused([...problems].map(([name, problem]) => `${name} ${problem}`).join(', '));
  const { rpc, baseFee } = node;
  return named(rpc, async () => {
    const data = contract.bytecode as Hex;
    const gas = withGasRoom(await rpc.call(quantity, 'eth_estimateGas', { from: account.address, data }));
    const market = await readMarket(rpc, baseFee);
    const fees = firstFees(market, gweiToWei(maxFeeGwei));
    if (fees === null)
      throw refused(
        `the chain asks ${inGwei(market.least)} gwei for a unit of gas, maxFeeGwei allows ${maxFeeGwei} gwei`,
      );
    const nonce = await transactionCount(rpc, account.address, 'pending');
    const transaction = await account.sign({ chainId, nonce, to: null, data, gas }, fees);
    const refusal = await broadcast(rpc, transaction);
    if (refusal !== null) throw refused(`${rpc.name} refuses the transaction: ${refusal.reason}`);
    const { hash, from } = transaction;
    const address = getContractAddress({ from, nonce: BigInt(nonce) }).toLowerCase() as Hex;
    return { address, transaction: hash, from, isDone: () => named(rpc, () => hasContract(rpc, hash, address)) };
  });
}

async function hasContract(rpc: EvmRpc, transaction: Hex, address: Hex): Promise<boolean> {
  const receipt = await rpc.call(receiptSchema.nullable(), 'eth_getTransactionReceipt', transaction);
  if (receipt === null) return false;
  if (receipt.status === 0n) throw refused(`the chain refused transaction ${transaction}`);
  const code = await rpc.call(bytes, 'eth_getCode', address, 'latest');
  if (code === CONTRACT_CODE) return true;
  throw refused(`${rpc.name} shows other code at ${address} than the contract's`);
}

/** What `work` comes to, with the node's name where the node is to blame. */
async function named<T>(rpc: EvmRpc, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const problem = problemOf(error);
    throw problem === null ? error : refused(`${rpc.name} ${problem}`, error);
  }
}

const refused = (reason: string, cause?: unknown): AnchorError =>
  new AnchorError('not-deployed', `Creating the contract: ${reason}`, cause === undefined ? {} : { cause });
