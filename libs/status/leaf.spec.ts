import fc from 'fast-check';
import { bytesToHex } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { formatStatusLeaf, parseStatusLeaf } from './leaf.js';
import { mayFollow, nextStates, type StatusState } from './state.js';

const STATES = [0, 1, 2, 3, 12, 13];

const touched = fc.record({
  state: fc.constantFrom(...STATES.slice(1)),
  event: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
});
const leaves = fc
  .array(fc.option(touched, { nil: { state: 0, event: 0 } }), { minLength: 64, maxLength: 64 })
  .map((items) => ({
    states: Uint8Array.from(items.map(({ state }) => state)),
    lastEvents: Float64Array.from(items.map(({ event }) => event)),
  }));

describe('a status leaf', () => {
  it('is read back as it was written', () => {
    fc.assert(
      fc.property(leaves, (leaf) => {
        const bytes = formatStatusLeaf(leaf);
        expect(parseStatusLeaf(bytes)).toEqual(leaf);
        expect(bytes.length).toBe(32 + 8 * leaf.states.filter((state) => state !== 0).length);
      }),
    );
  });

  it('is refused unless it would be written back byte for byte', () => {
    fc.assert(
      fc.property(leaves, fc.nat(), fc.nat({ max: 7 }), (leaf, at, bit) => {
        const bytes = formatStatusLeaf(leaf);
        bytes[at % bytes.length]! ^= 1 << bit;
        let read;
        try {
          read = parseStatusLeaf(bytes);
        } catch {
          return;
        }
        expect(bytesToHex(formatStatusLeaf(read))).toBe(bytesToHex(bytes));
      }),
    );
  });

  it('is refused with a reserved nibble, a byte too few or too many, and an event of 0 or of 2^53', () => {
    const refused = (hex: string) => {
      try {
        parseStatusLeaf(Uint8Array.from(Buffer.from(hex, 'hex')));
      } catch (error) {
        return (error as { code: string }).code;
      }
      return 'read';
    };
    const zeros = '00'.repeat(32);
    const one = `01${'00'.repeat(31)}`;
    expect(refused(zeros)).toBe('read');
    expect(refused(`${one}${'00'.repeat(7)}05`)).toBe('read');
    expect(refused(zeros.slice(2))).toBe('bad-leaf');
    expect(refused(`${zeros}00`)).toBe('bad-leaf');
    expect(refused(one)).toBe('bad-leaf');
    expect(refused(`${one}${'00'.repeat(8)}`)).toBe('bad-leaf');
    expect(refused(`${one}0020${'00'.repeat(6)}`)).toBe('bad-leaf');
    expect(refused(`${one}001f${'ff'.repeat(6)}`)).toBe('read');
    for (const nibble of [4, 5, 6, 7, 8, 9, 10, 11, 14, 15]) {
      const hex = nibble.toString(16);
      expect(refused(`0${hex}${'00'.repeat(31)}${'00'.repeat(7)}05`), hex).toBe('bad-state');
      expect(refused(`${hex}0${'00'.repeat(31)}${'00'.repeat(7)}05`), hex).toBe('bad-state');
    }
  });

  it('is not written with a state without event, an event without state, or a reserved state', () => {
    const leaf = (state: number, event: number) => {
      const states = new Uint8Array(64);
      const lastEvents = new Float64Array(64);
      states[9] = state;
      lastEvents[9] = event;
      return () => formatStatusLeaf({ states, lastEvents });
    };
    expect(leaf(1, 0)).toThrow(expect.objectContaining({ code: 'bad-leaf' }));
    expect(leaf(0, 1)).toThrow(expect.objectContaining({ code: 'bad-leaf' }));
    expect(leaf(1, 1.5)).toThrow(expect.objectContaining({ code: 'bad-leaf' }));
    expect(leaf(5, 1)).toThrow(expect.objectContaining({ code: 'bad-state' }));
  });
});

describe('states', () => {
  it('follow one another as the table says', () => {
    const table: Record<StatusState, number[]> = {
      0: [1, 2, 3, 12],
      1: [],
      2: [1, 3, 13],
      3: [],
      12: [],
      13: [1, 2, 3, 12],
    };
    for (const from of STATES as StatusState[]) {
      expect([...nextStates(from)]).toEqual(table[from]);
      for (const to of [1, 2, 3, 12, 13] as const) expect(mayFollow(from, to)).toBe(table[from].includes(to));
    }
  });
});
