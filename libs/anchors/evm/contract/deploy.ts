import { getContractAddress, type Hex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { transactionCount } from '../broadcast.js';
import { count, createEvmRpc, type EvmRpcOptions, hash, quantity } from '../evm-rpc.js';
import { readMarket } from '../fee.js';
import contract from './checkpoint-anchor.json' with { type: 'json' };

/** The code that the contract has in a chain. */
export const CONTRACT_CODE = contract.deployedBytecode as Hex;

/** What it takes to create the contract: a node, and the key (`0x` hex) of an account with some money. */
export interface Deployment extends EvmRpcOptions {
  readonly privateKey: Hex;
}

/** Sends a transaction that creates the contract. It is not in a block yet when this returns its address and the transaction's hash.
 * @throws RpcError */
export async function deployContract(deployment: Deployment): Promise<{ address: Hex; transaction: Hex }> {
  const rpc = createEvmRpc(deployment);
  const account = privateKeyToAccount(deployment.privateKey);
  const chainId = await rpc.call(count, 'eth_chainId');
  const nonce = await transactionCount(rpc, account.address, 'pending');
  const { wanted } = await readMarket(rpc, null);
  const data = contract.bytecode as Hex;
  const gas = await rpc.call(quantity, 'eth_estimateGas', { from: account.address, data });
  // The old form, with twice the price that the node names: every chain takes it.
  const gasPrice = 2n * wanted.perGas;
  const raw = await account.signTransaction({ type: 'legacy', chainId, nonce, gas, gasPrice, data });
  const transaction = await rpc.call(hash, 'eth_sendRawTransaction', raw);
  return {
    address: getContractAddress({ from: account.address, nonce: BigInt(nonce) }).toLowerCase() as Hex,
    transaction,
  };
}
