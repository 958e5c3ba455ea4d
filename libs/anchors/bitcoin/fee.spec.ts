import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { feeAt, MAX_VERSIONS, raisedFee, toBtc, toSats } from './fee.js';

const rates = { least: 1000, increment: 1000, wanted: 1000 };

describe('the fee of a replacement', () => {
  it('pays the increment, a quarter more or the new estimate, whichever is most', () => {
    expect(raisedFee(rates, 150, 150, 20_000)).toBe(300);
    expect(raisedFee(rates, 150, 2000, 20_000)).toBe(2500);
    expect(raisedFee({ ...rates, wanted: 50_000 }, 150, 2000, 20_000)).toBe(7500);
  });

  it('is cut at the cap while that still pays for a replacement, and is none below that', () => {
    expect(raisedFee(rates, 150, 2000, 2150)).toBe(2150);
    expect(raisedFee(rates, 150, 2000, 2149)).toBeNull();
    expect(raisedFee({ ...rates, least: 20_000 }, 150, 150, 2999)).toBeNull();
  });

  it('gets from the least that nodes relay to the default limit without an estimate, in as many versions as there may be', () => {
    const cheapest = { least: 100, increment: 100, wanted: 100 };
    const fees = [feeAt(cheapest.least, 154)];
    for (let next: number | null = fees[0]!; next !== null; next = raisedFee(cheapest, 154, next, 20_000))
      if (next !== fees.at(-1)) fees.push(next);
    expect(fees.at(-1)).toBeGreaterThan(19_000);
    expect(fees.length).toBeLessThanOrEqual(MAX_VERSIONS);
  });

  it('always rises by the increment and never passes the cap', () => {
    const sats = fc.integer({ min: 0, max: 1_000_000 });
    fc.assert(
      fc.property(sats, sats, sats, fc.integer({ min: 100, max: 5000 }), (last, cap, wanted, size) => {
        const fee = raisedFee({ ...rates, wanted }, size, last, cap);
        return fee === null || (fee <= cap && fee >= last + feeAt(rates.increment, size));
      }),
    );
  });
});

describe('amounts', () => {
  it('survive the way through Bitcoin Core’s decimal numbers', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2_100_000_000_000_000 }), (sats) => toSats(Number(toBtc(sats))) === sats),
    );
  });
});
