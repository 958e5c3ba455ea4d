import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstFees, gweiToWei, inGwei, raisedFees } from './fee.js';

const GWEI = 1_000_000_000n;
const market = { least: 10n * GWEI, wanted: { perGas: 21n * GWEI, tip: GWEI } };

describe('the first fees of a transaction', () => {
  it('survive a doubled base fee, are cut at the cap, and are none below the base fee', () => {
    expect(firstFees(market, 50n * GWEI)).toEqual(market.wanted);
    expect(firstFees(market, 10n * GWEI)).toEqual({ perGas: 10n * GWEI, tip: GWEI });
    expect(firstFees(market, 10n * GWEI - 1n)).toBeNull();
    expect(firstFees(market, 0n)).toBeNull();
  });

  it('are nothing on a chain that asks nothing, and a plain price on one without a base fee', () => {
    const free = { least: 0n, wanted: { perGas: 0n, tip: 0n } };
    expect(firstFees(free, 0n)).toEqual({ perGas: 0n, tip: 0n });
    expect(firstFees({ least: 7n, wanted: { perGas: 7n, tip: null } }, 10n)).toEqual({ perGas: 7n, tip: null });
    expect(firstFees({ least: 7n, wanted: { perGas: 7n, tip: null } }, 6n)).toBeNull();
  });
});

describe('the fees of a replacement', () => {
  const wei = fc.bigInt({ min: 0n, max: 10n ** 13n });
  const fees = fc.record({ perGas: wei, tip: fc.option(wei) });

  it('are an eighth more, or what the chain wants now, and none where the cap does not allow that', () => {
    const last = { perGas: 16n * GWEI, tip: GWEI };
    expect(raisedFees({ ...market, wanted: { perGas: GWEI, tip: 1n } }, last, 50n * GWEI)).toEqual({
      perGas: 18n * GWEI,
      tip: (GWEI * 9n) / 8n,
    });
    expect(raisedFees(market, last, 50n * GWEI)).toEqual({ perGas: 21n * GWEI, tip: (GWEI * 9n) / 8n });
    expect(raisedFees(market, last, 18n * GWEI)?.perGas).toBe(18n * GWEI);
    expect(raisedFees(market, last, 18n * GWEI - 1n)).toBeNull();
    expect(raisedFees({ ...market, least: 40n * GWEI }, last, 30n * GWEI)).toBeNull();
  });

  it('always raise both fees by a tenth and by something, stay within the cap, and keep the form', () => {
    fc.assert(
      fc.property(fees, wei, wei, fees, (last, least, most, wanted) => {
        if (last.tip !== null && last.tip > last.perGas) return true;
        const raised = raisedFees({ least, wanted }, last, most);
        if (raised === null) return true;
        const isRaised = (after: bigint, before: bigint) => after > before && after * 10n >= before * 11n;
        if (raised.perGas > most || !isRaised(raised.perGas, last.perGas)) return false;
        if (last.tip === null || raised.tip === null) return last.tip === raised.tip;
        return raised.tip <= raised.perGas && isRaised(raised.tip, last.tip);
      }),
    );
  });
});

describe('gwei', () => {
  it('are read and shown without loss', () => {
    expect(gweiToWei(0.1)).toBe(GWEI / 10n);
    expect([0n, 1n, GWEI, 120n * GWEI, 1_500_000_000n].map(inGwei)).toEqual(['0', '0.000000001', '1', '120', '1.5']);
  });
});
