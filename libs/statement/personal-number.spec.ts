import { describe, expect, it } from 'vitest';
import { findPersonalNumber, personalNumberProblem } from './personal-number.js';
import { parseRecordRequest } from './record-request.js';

/** Examples as they are published: of GB 11643 (and one after it), test cards of payment networks, phones that are kept free for examples. */
const FOUND: Record<string, string[]> = {
  'identity-card': [
    '11010519491231002X',
    '440524198001010013',
    '110105 19491231 002X',
    'ID11010519491231002X',
    '姓名 110105-19491231-002X 号',
    '１１０１０５１９４９１２３１００２Ｘ',
  ],
  'bank-card': [
    '4111111111111111',
    '5555 5555 5555 4444',
    '2223003122003222',
    '378282246310005',
    '3782 822463 10005',
    '30569309025904',
    '3530111333300000',
    '6011111111111117',
    '6200000000000005',
    '6205500000000000004',
    'card 4111-1111-1111-1111, paid',
  ],
  phone: [
    '13800138000',
    '138-0013-8000',
    '138 0013 8000',
    '8613800138000',
    '0086 138 0013 8000',
    '+86 138 0013 8000',
    '+44 20 7946 0958',
    '+1 (202) 555-0143',
    'tel:+12025550143',
    '电话:13800138000',
  ],
};

const PASSES = [
  '11010519491231002',
  '110105194912310021', // check character
  '99010519491231002X', // no such region
  '11010519490230002X', // no such day
  '4111111111111112', // Luhn
  '1234567812345670', // no issuer
  '41111111111111111', // length
  '7-4111111111111111',
  'A4111111111111111',
  'A13800138000',
  '13800138000.50',
  '12800138000',
  '138001380001',
  '+9991234567890',
  'a+12025550143',
  'FILE-2026-000123',
  '京房权证朝字第1234567号',
  '91110000100000123X'.replace('X', '4'),
  '2026-03-01T08:00:00.123+08:00',
  '20260301080000123',
  '1772352000123',
  '9007199254740991',
];

/** Numbers from 0 up to, not including, `below`, the same in every run (xorshift32). */
function numbers(seed: number) {
  let x = seed;
  return (below: number) => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) % below;
  };
}

/** Texts of each form. */
const SAMPLES = 5000;

/** How many of `count` texts hold a number. */
function alarms(count: number, make: (next: (below: number) => number) => string): number {
  const next = numbers(20_260_301);
  let found = 0;
  for (let i = 0; i < count; i++) if (findPersonalNumber(make(next)) !== null) found++;
  return found;
}

const text = (next: (below: number) => number, alphabet: string, length: number) =>
  Array.from({ length }, () => alphabet[next(alphabet.length)]).join('');
const DIGITS = '0123456789';
const HEX = `${DIGITS}abcdef`;

describe('numbers of people', () => {
  it('are found by their form and their check digits', () => {
    for (const [kind, texts] of Object.entries(FOUND)) {
      for (const found of texts) expect(findPersonalNumber(found)?.kind, found).toBe(kind);
    }
    expect(findPersonalNumber('file 11010519491231002X')).toEqual({ kind: 'identity-card', from: 6, to: 23 });
  });

  it('are not seen in numbers of another form, length, range or check digit', () => {
    for (const passes of PASSES) expect(findPersonalNumber(passes), passes).toBeNull();
  });

  it('are not told from one wrong digit: every other check character passes', () => {
    const others = [...'0123456789X'].filter((last) => findPersonalNumber(`11010519491231002${last}`) === null);
    expect(others).toHaveLength(10);
    for (const digit of DIGITS.slice(0, 10)) {
      const card = `411111111111111${digit}`;
      expect(findPersonalNumber(card) === null, card).toBe(digit !== '1');
    }
  });

  it('are not seen in digests, UUIDs and names of files', () => {
    expect(alarms(SAMPLES, (next) => text(next, HEX, 64))).toBe(0);
    expect(alarms(SAMPLES, (next) => [8, 4, 4, 4, 12].map((length) => text(next, HEX, length)).join('-'))).toBe(0);
    expect(alarms(SAMPLES, (next) => `FILE-${2000 + next(100)}-${text(next, DIGITS, 6)}`)).toBe(0);
    expect(alarms(SAMPLES, (next) => `${text(next, 'ABCDEFGHJKLMNPQRSTUVWXYZ', 2)}${text(next, DIGITS, 16)}`)).toBe(0);
  });

  it('are seen by chance in few random digits, most where a number has no check digit', () => {
    const rate = (length: number) => alarms(SAMPLES, (next) => text(next, DIGITS, length)) / SAMPLES;
    for (const length of [8, 9, 10, 12, 17, 20]) expect(rate(length), `${length} digits`).toBeLessThan(0.002);
    for (const length of [14, 15, 18, 19]) expect(rate(length), `${length} digits`).toBeLessThan(0.006);
    expect(rate(13)).toBeLessThan(0.002);
    expect(rate(16)).toBeLessThan(0.03);
    expect(rate(11)).toBeLessThan(0.07);
  });

  it('are refused in references and claims, told without being repeated', () => {
    const id = '11010519491231002X';
    const record = { digests: { sha256: 'ab'.repeat(32) }, profile: 'generic@1' };
    const answer = parseRecordRequest({
      ...record,
      reference: `case ${id}`,
      claims: { holder: { phone: 13_800_138_000 }, list: ['x', '4111111111111111'], [id]: true },
    });
    const { errors } = 'error' in answer ? answer.error : { errors: [] };
    expect(errors.map(({ pointer }) => pointer)).toEqual([
      '/reference',
      '/claims/holder/phone',
      '/claims/list/1',
      '/claims',
    ]);
    expect(JSON.stringify(errors)).not.toContain(id);
    expect(errors[0]!.detail).toMatch(/resident identity card .* at characters 6 to 23: .* a number of your own/);
    expect(personalNumberProblem('FILE-2026-000123')).toBeNull();
  });

  it('are not looked for in what the profile calls an amount', () => {
    const invoice = { digests: { sha256: 'ab'.repeat(32) }, profile: 'invoice@1', blinded: true };
    expect(parseRecordRequest({ ...invoice, claims: { total: '13800138000', currency: 'VND' } })).toHaveProperty('ok');
    expect(parseRecordRequest({ ...invoice, claims: { type: '13800138000' } })).toHaveProperty('error');
  });
});
