import { describe, expect, it } from 'vitest';
import {
  isInnerList,
  parseDictionary,
  serializeInnerList,
  serializeItem,
  StructuredFieldError,
} from './structured-fields.js';
import { cpuMs } from '#setting/testing/cpu-time.js';

/** A dictionary written as it was read. */
const written = (text: string) =>
  [...parseDictionary(text)]
    .map(([key, member]) => `${key}=${isInnerList(member) ? serializeInnerList(member) : serializeItem(member)}`)
    .join(', ');

/** The ways to write each kind of item are those of RFC 9651 §3 and §4. */
describe('a dictionary of structured fields', () => {
  it.each([
    ['a=1,b=-0 ,\tc=1.50', 'a=1, b=0, c=1.5'],
    ['a=999999999999999, b=-999999999999.999, c=0.10', 'a=999999999999999, b=-999999999999.999, c=0.1'],
    ['a="x \\"y\\" \\\\", b=to/ken:*, c=:aGk=:, d=:aGk:', 'a="x \\"y\\" \\\\", b=to/ken:*, c=:aGk=:, d=:aGk=:'],
    ['a, b;x, c=?0;y=?0', 'a=?1, b=?1;x, c=?0;y=?0'],
    ['a=@1659578233, b=%"f%c3%bc%c3%bc %22%25"', 'a=@1659578233, b=%"f%c3%bc%c3%bc %22%25"'],
    ['a=(  "x"   b;p=1 ) ; q ;r="s", b=()', null],
    ['a=(  "x"   b;p=1 );q; r="s", b=()', 'a=("x" b;p=1);q;r="s", b=()'],
    ['a=1, b=2, a=3;x;y=1;x=2', 'a=3;x=2;y=1, b=2'],
    ['', ''],
  ])('%s', (text, expected) => {
    if (expected === null) expect(() => parseDictionary(text)).toThrow(StructuredFieldError);
    else expect(written(text)).toBe(expected);
  });

  const none = [
    ['A=1', '1=1', '=1', 'a=', 'a=1,', 'a=1,,b=2', 'a=1 b=2', ',', 'a=1;', 'a=1;A=1', 'a=1;=2'],
    ['a=1000000000000000', 'a=1.', 'a=1.1234', 'a=1234567890123.1', 'a=-', 'a=--1', 'a=.5', 'a=1e3'],
    ['a="x', 'a="\\x"', 'a="é"', 'a="\n"', 'a=:a b:', 'a=:aGk=', 'a=:-_:', 'a=?2', 'a=?', 'a=@1.5', 'a=@x'],
    ['a=(', 'a=("x""y")', 'a=(1,2)', 'a=((1))', 'a=%"%C3"', 'a=%"%c3"', 'a=%"%"', 'a={}', 'a=é', 'a=\u0000'],
  ].flat();
  it.each(none)('%j is none', (text) => {
    expect(() => parseDictionary(text)).toThrow(StructuredFieldError);
  });

  it('is read in time that grows with its length, whatever stands in it', () => {
    for (const text of [
      'a=("'.repeat(4000),
      `a=${'('.repeat(16_000)}`,
      `a="${'\\\\'.repeat(8000)}`,
      `a=:${'A'.repeat(16_000)}`,
    ]) {
      const ms = cpuMs(() => expect(() => parseDictionary(text)).toThrow(StructuredFieldError));
      expect(ms).toBeLessThan(500);
    }
  });
});
