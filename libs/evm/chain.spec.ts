import * as viemChains from 'viem/chains';
import { expect, it } from 'vitest';
import { chainName, knownChain } from './chain.js';

it('known chains have the ids that viem lists, and are for tests when viem says so', () => {
  const listed = Object.values(viemChains).filter((chain) => typeof chain === 'object' && 'id' in chain);
  let compared = 0;
  for (let id = 1; id < 12_000_000; id++) {
    const known = knownChain(id);
    if (known === undefined) continue;
    const others = listed.filter((chain) => chain.id === id);
    if (known.name === 'a development chain') continue;
    const names = others.map(({ name }) => name);
    expect(names, known.name).toContain(known.name);
    expect(
      others.some(({ testnet }) => testnet === true),
      known.name,
    ).toBe(known.test);
    compared++;
  }
  expect(compared).toBeGreaterThan(25);
});

it('chains are named in sentences, also those that nobody knows', () => {
  expect(chainName(1)).toBe('Ethereum (chain 1)');
  expect(chainName(31_337)).toBe('a development chain (chain 31337)');
  expect(chainName(4711)).toBe('chain 4711');
  expect(knownChain(4711)).toBeUndefined();
  expect([1337, 31_337, 11_155_111, 17_000, 560_048].map((id) => knownChain(id)?.test)).toEqual([
    true,
    true,
    true,
    true,
    true,
  ]);
});
