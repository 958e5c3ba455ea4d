import { expect, it } from 'vitest';
import { knownChain } from '#evm/chain.js';
import type { Chain, Standing } from './chain.js';
import { standingOf } from './standing.js';

const bitcoin = (network: Extract<Chain, { kind: 'bitcoin' }>['network']): Chain => ({ kind: 'bitcoin', network });
const evm = (chainId: number, genesis: string | null): Chain => ({ kind: 'evm', chainId, genesis });
const ethereum = knownChain(1)!.genesis!;

it.each<[string, Chain, Standing]>([
  ['the main chain of Bitcoin is public', bitcoin('mainnet'), 'public'],
  ['regtest is for tests', bitcoin('regtest'), 'test'],
  ['signet is for tests', bitcoin('signet'), 'test'],
  ['a network that nobody tells has no name', bitcoin(null), 'unnamed'],
  ['Ethereum is public by its block 0', evm(1, ethereum), 'public'],
  ['its id with another block 0 is an impostor', evm(1, 'ab'.repeat(32)), 'impostor'],
  ['its id alone is anybody’s', evm(1, null), 'foreign'],
  ['Sepolia is for tests', evm(11_155_111, knownChain(11_155_111)!.genesis!), 'test'],
  ['the id of Sepolia with another block 0 is for tests as well', evm(11_155_111, 'ab'.repeat(32)), 'test'],
  ['a development chain is for tests whatever its block 0', evm(31_337, 'ab'.repeat(32)), 'test'],
  ['an unknown id is foreign', evm(4711, 'ab'.repeat(32)), 'foreign'],
])('%s', (_, chain, standing) => {
  expect(standingOf(chain)).toBe(standing);
});
