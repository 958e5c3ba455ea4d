import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatTime, isTime, normalizeTime, parseTime } from './time.js';

describe('times', () => {
  it('read back as written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 253_402_300_799_999 }), (ms) => {
        expect(parseTime(formatTime(ms))).toBe(ms);
        expect(normalizeTime(formatTime(ms))).toBe(formatTime(ms));
      }),
    );
  });

  it('are refused in any other form or when there is no such day', () => {
    const wrong = [
      '2026-03-01T08:00:00Z',
      '2026-03-01T08:00:00.1Z',
      '2026-03-01T08:00:00.1234Z',
      '2026-03-01t08:00:00.000Z',
      '2026-03-01T08:00:00.000z',
      '2026-03-01T08:00:00.000+00:00',
      '2026-02-29T08:00:00.000Z',
      '2026-03-01T24:00:00.000Z',
      '2026-03-01T08:00:60.000Z',
      '+02026-03-01T08:00:00.000Z',
      ' 2026-03-01T08:00:00.000Z',
      '2026-03-01T08:00:00.000Z\n',
      1,
      null,
    ];
    for (const text of wrong) {
      expect(isTime(text), String(text)).toBe(false);
      expect(() => parseTime(text)).toThrow(expect.objectContaining({ code: 'bad-time' }));
    }
    for (const ms of [-1, 0.5, Number.NaN, 253_402_300_800_000]) {
      expect(() => formatTime(ms)).toThrow(expect.objectContaining({ code: 'bad-time' }));
    }
  });

  it('are brought into the one form from any RFC 3339 form', () => {
    expect(normalizeTime('2026-03-01T08:00:00Z')).toBe('2026-03-01T08:00:00.000Z');
    expect(normalizeTime('2026-03-01t08:00:00.5z')).toBe('2026-03-01T08:00:00.500Z');
    expect(normalizeTime('2026-03-01T08:00:00.123456789+08:00')).toBe('2026-03-01T00:00:00.123Z');
    expect(normalizeTime('2026-02-28T23:30:00-01:00')).toBe('2026-03-01T00:30:00.000Z');
    expect(normalizeTime('2026-03-01T08:00:00-00:00')).toBe('2026-03-01T08:00:00.000Z');
  });

  it('are not made of what RFC 3339 refuses, or of years beyond four digits', () => {
    const wrong = [
      '2026-03-01',
      '2026-03-01 08:00:00Z',
      '2026-03-01T08:00Z',
      '2026-03-01T08:00:00',
      '2026-03-01T08:00:00+0800',
      '2026-03-01T08:00:00+24:00',
      '2026-03-01T08:00:00+08:60',
      '2026-02-30T08:00:00Z',
      '2026-13-01T08:00:00Z',
      '2016-12-31T23:59:60Z',
      '0000-01-01T00:00:00+01:00',
      '9999-12-31T23:59:59-01:00',
      '2026-03-01T08:00:00.Z',
    ];
    for (const text of wrong) expect(normalizeTime(text), text).toBeNull();
  });
});
