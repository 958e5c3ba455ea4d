import { describe, expect, it } from 'vitest';
import { type AnchorBound, bestBound } from './anchor-check.js';

const bound = (place: string, time: string, standing: Partial<AnchorBound> = {}): AnchorBound => ({
  type: 'evm',
  time,
  checkpointSize: 5,
  finality: 'final',
  place,
  test: false,
  known: true,
  sources: 'rpc',
  ...standing,
});

describe('the bound that a time is told by', () => {
  const early = '2026-03-01T08:00:00.000Z';
  const late = '2026-03-01T09:00:00.000Z';
  const test = bound('a test chain', early, { test: true });
  const strange = bound('chain 4711', early, { known: false });
  const proper = bound('Ethereum', late);

  it('is the earliest of those that are worth the same', () => {
    expect(bestBound([proper, bound('a time-stamp authority', early)])?.place).toBe('a time-stamp authority');
    expect(bestBound([bound('another test chain', late, { test: true }), test])?.place).toBe('a test chain');
    expect(bestBound([])).toBeUndefined();
  });

  it('is never one that those who run the chain could have made up, as long as there is another', () => {
    expect(bestBound([strange, test, proper])?.place).toBe('Ethereum');
    expect(bestBound([test, strange])?.place).toBe('chain 4711');
  });
});
