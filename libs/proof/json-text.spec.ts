import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JSON_MAX_DEPTH, parseJsonText } from './json-text.js';

const refused = (code: string) => expect.objectContaining({ name: 'ProofError', code });

describe('a JSON text', () => {
  it('is read as JSON.parse reads it', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), fc.nat({ max: 3 }), (json, indent) => {
        const text = JSON.stringify(JSON.parse(json), null, indent);
        expect(parseJsonText(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('is refused when JSON.parse refuses it', () => {
    const wrong = [
      '', ' ', '{', '[', '"', '{"a"}', '{"a":}', '{"a":1,}', '[1,]', '[,1]', '{,}', '01', '1.', '.5', '+1', '-', '1e', '0x1',
      'tru', 'True', 'nul', 'NaN', 'Infinity', "'a'", '{a:1}', '"\t"', '"\n"', '"\\x"', '"\\u12"', '"\\', '1 2', '{} {}',
      '[1]]', '\ufeff{}', '//\n1', '/**/1', '"a', '"\\"', '\u00a01', '[1 2]', '{"a":1 "b":2}', 'undefined',
    ]; // prettier-ignore
    for (const text of wrong) {
      expect(() => JSON.parse(text) as unknown, text).toThrow();
      expect(() => parseJsonText(text), text).toThrow(refused('bad-json'));
    }
  });

  it('is refused where JSON.parse looks the other way', () => {
    const wrong = [
      '{"a":1,"a":1}',
      '{"a":1,"\\u0061":2}',
      '[{"b":{"a":1,"a":2}}]',
      '"\\ud800"',
      '{"\\udc00":1}',
      '1e400',
      '-1e400',
    ];
    for (const text of wrong) {
      expect(() => JSON.parse(text) as unknown, text).not.toThrow();
      expect(() => parseJsonText(text), text).toThrow(refused('bad-json'));
    }
  });

  it('keeps a member named __proto__ a member', () => {
    const value = parseJsonText('{"__proto__":{"polluted":true}}');
    expect(Object.keys(value as object)).toEqual(['__proto__']);
    expect((value as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('may nest 32 levels and not 33', () => {
    const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
    expect(() => parseJsonText(nested(JSON_MAX_DEPTH))).not.toThrow();
    expect(() => parseJsonText(nested(JSON_MAX_DEPTH + 1))).toThrow(refused('too-deep'));
    expect(() => parseJsonText(nested(1_000_000))).toThrow(refused('too-deep'));
  });

  it('may hold a string of megabytes', () => {
    const long = 'x\\'.repeat(1_000_000);
    expect(parseJsonText(JSON.stringify(long))).toBe(long);
  });
});
