import { readFileSync } from 'node:fs';
import * as viemChains from 'viem/chains';
import { describe, expect, it } from 'vitest';
import { chainName, type EvmChain, identifyChain, knownChain } from './chain.js';

/** Every id that the table may hold: viem's, and those of development nodes. */
const listed = Object.values(viemChains).filter((chain) => typeof chain === 'object' && 'id' in chain);
const rows = [...new Set([...listed.map(({ id }) => id), 1337, 31_337])].flatMap((id) => knownChain(id) ?? []);
const named = rows.filter((row): row is EvmChain & { name: string; genesis: string } => row.name !== undefined);
const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');

describe('the table of chains', () => {
  it('has the ids and names that viem lists, and is for tests where viem says so', () => {
    for (const { id, name, test } of named) {
      const others = listed.filter((chain) => chain.id === id);
      expect(others.map((chain) => chain.name)).toContain(name);
      expect(
        others.some(({ testnet }) => testnet === true),
        name,
      ).toBe(test);
    }
    expect(named.length).toBeGreaterThan(20);
  });

  it('names a chain only where block 0 is known, and each block 0 but Avalanche’s is one chain’s', () => {
    for (const row of rows) {
      expect(row.name === undefined).toBe(row.genesis === undefined);
      if (row.genesis === undefined) expect(row.test).toBe(true);
      else expect(row.genesis).toMatch(/^[0-9a-f]{64}$/);
    }
    expect(named.length - new Set(named.map(({ genesis }) => genesis)).size).toBe(1);
  });

  it('stands in the specification', () => {
    const told = [...readme.matchAll(/^\| (\d+) +\| ([^|]+?) +\| (yes|no) +\| `([0-9a-f]{64})` \|/gm)].map(
      ([, id, name, test, genesis]) => ({ id: Number(id), name, test: test === 'yes', genesis }),
    );
    expect(told).toEqual(named.toSorted((x, y) => x.id - y.id));
    const nameless = rows.filter(({ name }) => name === undefined).map(({ id }) => id);
    const byId = readme.split('\n').find((line) => line.startsWith('For tests by their ids alone'));
    for (const id of nameless) expect(byId).toMatch(new RegExp(`\\b${id}\\b`));
  });
});

describe('a chain', () => {
  const genesisOf = (id: number) => knownChain(id)!.genesis!;
  const other = '00'.repeat(32);

  it('is named by its id and its block 0 together', () => {
    expect(chainName(1, genesisOf(1))).toBe('Ethereum (chain 1)');
    expect(chainName(1, `0x${genesisOf(1).toUpperCase()}`)).toBe('Ethereum (chain 1)');
    expect(chainName(137, other)).toBe('chain 137');
    expect(chainName(137, null)).toBe('chain 137');
    expect(chainName(137, genesisOf(1))).toBe('chain 137');
    expect(chainName(4711, genesisOf(1))).toBe('chain 4711');
    expect(chainName(31_337, other)).toBe('a development chain (chain 31337)');
  });

  it('counts as public only where its block 0 is the known one', () => {
    for (const { id, name, test, genesis } of named) {
      expect(identifyChain(id, genesis)).toEqual({ id, name, standing: test ? 'test' : 'public' });
      expect(identifyChain(id, other)).toEqual({ id, name: null, standing: test ? 'test' : 'impostor' });
      expect(identifyChain(id, null)).toEqual({ id, name: null, standing: test ? 'test' : 'foreign' });
    }
    expect(identifyChain(4711, other)).toEqual({ id: 4711, name: null, standing: 'foreign' });
    expect(identifyChain(31_337, other)).toEqual({ id: 31_337, name: null, standing: 'test' });
  });
});
