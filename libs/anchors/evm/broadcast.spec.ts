import { describe, expect, it } from 'vitest';
import { refusalOf } from './broadcast.js';

/** As nodes word it. */
const WORDS: readonly [string, string | null][] = [
  // geth
  ['already known', null],
  ['nonce too low: next nonce 5, tx nonce 3', 'nonce'],
  ['replacement transaction underpriced', 'fee'],
  ['transaction underpriced: tip needed 1000000, tip permitted 0', 'fee'],
  ['max fee per gas less than block base fee: address 0x0, maxFeePerGas: 1, baseFee: 7', 'fee'],
  ['insufficient funds for gas * price + value: balance 0, tx cost 1, overshot 1', 'funds'],
  ['txpool is full', 'other'],
  ['intrinsic gas too low: gas 21000, minimum needed 21512', 'gas'],
  ['insufficient gas for floor data gas cost: gas 21600, minimum needed 22280', 'gas'],
  ['exceeds block gas limit', 'gas'],
  ['transaction gas limit too high (cap: 16777216, tx: 20000000)', 'gas'],
  // Nethermind
  ['AlreadyKnown', null],
  ['OldNonce, Current nonce: 5, nonce of rejected tx: 3.', 'nonce'],
  ['FeeTooLow, MaxFeePerGas too low. MaxFeePerGas: 1, BaseFee: 7, MaxPriorityFeePerGas:0, Block number: 1', 'fee'],
  ['InsufficientFunds, Balance is 0 less than sending value 1', 'funds'],
  // Besu
  ['Known transaction', null],
  ['Nonce too low', 'nonce'],
  ['Gas price below configured minimum gas price', 'fee'],
  ['Upfront cost exceeds account balance', 'funds'],
  ['Intrinsic gas exceeds gas limit', 'gas'],
  // Erigon, anvil
  ['INTERNAL_ERROR: existing tx with same hash', null],
  ['transaction already imported', null],
  ['Insufficient funds for gas * price + value', 'funds'],
];

describe('why a node does not take a transaction', () => {
  it.each(WORDS)('is understood from “%s”', (reason, about) => {
    expect(refusalOf(reason)).toEqual(about === null ? null : { about, words: reason });
  });
});
