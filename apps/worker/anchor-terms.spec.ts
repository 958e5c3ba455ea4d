import { expect, it } from 'vitest';
import { startTerms } from './anchor-terms.js';
import { ScriptedAnchor } from './testing/scripted-anchor.js';

const settings = {
  anchorIntervalSeconds: 60,
  anchorIntervals: new Map([['evm:main', 300n]]),
  anchorBudgets: new Map([['evm:main', 10n ** 30n]]),
};

it('an anchor has its own interval and budget, or what holds for all', () => {
  const mostSpent = { amount: '1000000000000000000000', unit: 'wei' as const };
  expect(startTerms(new ScriptedAnchor('evm:main', [], { mostSpent, oneAtATime: true }), settings)).toEqual({
    anchor: 'evm:main',
    intervalSeconds: 300,
    oneAtATime: true,
    budget: { amount: 10n ** 30n, most: 10n ** 21n, unit: 'wei' },
  });
  expect(startTerms(new ScriptedAnchor('other', [], { mostSpent }), settings)).toEqual({
    anchor: 'other',
    intervalSeconds: 60,
    oneAtATime: false,
    budget: null,
  });
});

it('an anchor with a budget has to say what a submission may cost', () => {
  expect(() => startTerms(new ScriptedAnchor('evm:main', []), settings)).toThrow(
    /expected evm:main to say what a submission may cost/,
  );
});
