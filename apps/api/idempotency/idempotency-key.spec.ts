import { describe, expect, it } from 'vitest';
import { KEY_MAX_CHARACTERS, parseIdempotencyKey } from './idempotency-key.js';

describe('an Idempotency-Key', () => {
  it('is the same quoted, as it is specified, and bare, as many clients send it', () => {
    const uuid = '8e03978e-40d5-43e8-bc93-6894a57f9324';
    for (const header of [uuid, `"${uuid}"`, ` ${uuid} `, `"${uuid}" `]) expect(parseIdempotencyKey(header)).toBe(uuid);
    expect(parseIdempotencyKey('"a \\"b\\" \\\\c"')).toBe('a "b" \\c');
    expect(parseIdempotencyKey('order 7, part 2')).toBe('order 7, part 2');
  });

  it(`has 1 to ${KEY_MAX_CHARACTERS} printable ASCII characters`, () => {
    const longest = 'k'.repeat(KEY_MAX_CHARACTERS);
    expect(parseIdempotencyKey(longest)).toBe(longest);
    expect(parseIdempotencyKey(`"${longest}"`)).toBe(longest);
    for (const header of ['', '""', '"', `${longest}k`, `"${longest}k"`, '"open', '"a"b', '"a\\b"', 'kä', 'a\tb'])
      expect(() => parseIdempotencyKey(header), header).toThrow(/Idempotency-Key/);
  });
});
