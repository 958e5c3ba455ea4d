import type { BitcoinNode } from './bitcoin-node.js';

/** Height from which regtest knows witnesses, which this wallet's coins are spent with. */
const WITNESS_HEIGHT = 432;

/** Blocks mined to a new wallet at least: coins of a block can be spent 100 blocks later, and each spendable one pays for one transaction. */
const FUNDING_BLOCKS = 110;

/** Makes a wallet in the node, apart from the one that the calendars pay with, and mines coins for it that can be spent at once. */
export async function createFundedWallet(node: BitcoinNode, name: string): Promise<void> {
  await callWallet(node, name, 'createwallet', name);
  const address = (await callWallet(node, name, 'getnewaddress')) as string;
  await node.mineEarlier(Math.max(FUNDING_BLOCKS, WITNESS_HEIGHT - (await node.height())), address);
}

/** Calls a method at the wallet's own path. */
export async function callWallet(
  node: BitcoinNode,
  wallet: string,
  method: string,
  ...params: unknown[]
): Promise<unknown> {
  const { origin, username, password } = new URL(node.rpcUrl);
  const response = await fetch(`${origin}/wallet/${wallet}`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` },
    body: JSON.stringify({ method, params }),
  });
  const { result, error } = (await response.json()) as { result: unknown; error: { message: string } | null };
  if (error) throw new Error(`calling ${method} of the wallet ${wallet}: expected a result, got ${error.message}`);
  return result;
}
