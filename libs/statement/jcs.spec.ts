import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalize, JCS_MAX_DEPTH } from './jcs.js';
import vectors from './vectors/jcs.json' with { type: 'json' };

const double = (bits: string) => new DataView(Uint8Array.from(Buffer.from(bits, 'hex')).buffer).getFloat64(0);
const refused = (code: string) => expect.objectContaining({ name: 'StatementError', code });

describe('canonical JSON', () => {
  it('writes the numbers of RFC 8785 appendix B', () => {
    for (const { bits, text } of vectors.numbers) expect(canonicalize(double(bits)), bits).toBe(text);
  });

  it('refuses the numbers that JSON cannot write', () => {
    for (const bits of vectors.refusedNumbers) {
      expect(() => canonicalize(double(bits)), bits).toThrow(refused('not-json'));
    }
  });

  it('writes the texts of the vectors', () => {
    for (const { source, input, output } of vectors.texts) expect(canonicalize(JSON.parse(input)), source).toBe(output);
  });

  it('keeps every JSON value, and is the same whatever the order of members', () => {
    const reverse = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(reverse);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .toReversed()
          .map(([name, member]) => [name, reverse(member)]),
      );
    };
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (json) => {
        const value: unknown = JSON.parse(json);
        const text = canonicalize(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalize(reverse(value))).toBe(text);
      }),
    );
  });

  it('keeps a member named __proto__', () => {
    expect(canonicalize(JSON.parse('{"__proto__":{"a":1}}'))).toBe('{"__proto__":{"a":1}}');
  });

  it('refuses what is not JSON', () => {
    const loose: unknown[] = [
      undefined,
      () => 1,
      1n,
      Symbol('s'),
      [undefined],
      { a: undefined },
      new Date(0),
      new Map(),
    ];
    const sparse: unknown[] = [];
    sparse[1] = 1;
    for (const value of [...loose, sparse, '\ud800', { '\udfff': 1 }, ['a\udc00b']]) {
      expect(() => canonicalize(value)).toThrow(refused('not-json'));
    }
  });

  it('follows 64 levels and not 65', () => {
    const nest = (levels: number): unknown => (levels === 0 ? 0 : [nest(levels - 1)]);
    expect(canonicalize(nest(JCS_MAX_DEPTH))).toHaveLength(2 * JCS_MAX_DEPTH + 1);
    expect(() => canonicalize(nest(JCS_MAX_DEPTH + 1))).toThrow(refused('too-deep'));
  });
});
