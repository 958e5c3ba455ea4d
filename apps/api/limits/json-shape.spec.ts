import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countMembers, jsonShape } from './json-shape.js';
import { cpuMs } from '#setting/testing/cpu-time.js';

const shape = (text: string, limits = { depth: 32, width: 4096 }) => jsonShape(Buffer.from(text), limits);

describe('jsonShape', () => {
  it('counts the members of any JSON as the parsed value has them', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (text) => {
        expect(shape(text)).toEqual({ members: countMembers(JSON.parse(text)) });
      }),
    );
  });

  it.each([
    ['a name twice', '{"a":1,"a":2}'],
    ['a name twice, once with an escape', '{"a":1,"\\u0061":2}'],
    ['a name twice, deep inside', '[{"b":[{"a":1,"c":"\\\\","a":{"x":":"}}]}]'],
  ])('counts more than the parsed value has where an object has %s', (_name, text) => {
    const counted = shape(text) as { members: number };
    expect(counted.members).toBeGreaterThan(countMembers(JSON.parse(text)));
  });

  it('takes what stands at its limits, and nothing beyond', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(shape(nested(32))).toEqual({ members: 0 });
    expect(shape(nested(33))).toMatch(/32 levels/);
    const wide = (width: number) => `{"a":[${Array.from({ length: width }, () => '1').join()}]}`;
    expect(shape(wide(4096))).toEqual({ members: 1 });
    expect(shape(wide(4097))).toMatch(/4096 members or elements/);
  });

  it('does not take brackets and commas in strings for structure', () => {
    expect(shape(`["${'[,{:\\"'.repeat(5000)}"]`)).toEqual({ members: 0 });
  });

  it('is done with the deepest and the widest texts before they cost anything', () => {
    const size = 4 * 1024 * 1024;
    for (const text of [
      '['.repeat(size),
      '{"a":'.repeat(size / 5),
      `[${'{},'.repeat(size / 3)}`,
      '"'.padEnd(size, 'x'),
    ]) {
      expect(cpuMs(() => shape(text))).toBeLessThan(500);
    }
  });
});
