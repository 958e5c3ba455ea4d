import { describe, expect, it } from 'vitest';
import { chooseCoins, type Coin, outpoint } from './coins.js';

const coin = (name: string, amount: number, confirmations: number): Coin => ({
  txid: name.repeat(64),
  vout: 0,
  amount,
  confirmations,
  spendable: true,
});
const purse = { maxFeeSats: 20_000, safeConfirmations: 6, promised: [] as string[] };
const names = (chosen: Coin[] | string) => (typeof chosen === 'string' ? chosen : chosen.map(({ txid }) => txid[0]));

describe('the coins of a transaction', () => {
  it('are the smallest single one that suffices, rather one that no reorganisation takes away', () => {
    const coins = [coin('a', 1, 9), coin('b', 0.001, 9), coin('c', 0.0005, 2), coin('d', 0.0001, 9)];
    expect(names(chooseCoins(coins, purse))).toEqual(['b']);
    expect(names(chooseCoins(coins.slice(2), purse))).toEqual(['c']);
  });

  it('are the largest together where none suffices alone, and never more than twenty', () => {
    const small = [coin('a', 0.0001, 9), coin('b', 0.00015, 9), coin('c', 0.0001, 9)];
    expect(names(chooseCoins(small, purse))).toEqual(['b', 'a']);
    const dust = Array.from({ length: 30 }, (_, vout) => ({ ...coin('a', 0.000001, 9), vout }));
    expect(chooseCoins(dust, purse)).toHaveLength(20);
  });

  it('are none of an empty wallet, nor of one whose coins wait for their first confirmation, which is not called empty', () => {
    expect(chooseCoins([], purse)).toMatch(/^the wallet has nothing to spend: it is empty, or/);
    expect(chooseCoins([coin('a', 0.5, 0)], purse)).toBe(
      'the wallet has nothing to spend yet: its 50000000 sat wait for their first confirmation',
    );
  });

  it('are none that are promised to another checkpoint', () => {
    const [a, b] = [coin('a', 1, 9), coin('b', 2, 9)];
    expect(names(chooseCoins([a, b], { ...purse, promised: [outpoint(a)] }))).toEqual(['b']);
    const all = { ...purse, promised: [outpoint(a), outpoint(b)] };
    expect(chooseCoins([a, b], all)).toMatch(/what is confirmed, 300000000 sat, is promised to other checkpoints$/);
    expect(chooseCoins([a, b, coin('c', 1, 0)], all)).toMatch(/, and 100000000 sat wait for their first confirmation$/);
  });
});
