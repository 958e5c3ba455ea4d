import { describe, expect, it } from 'vitest';
import {
  checkOpenElement,
  elementsOf,
  readBitString,
  readBoolean,
  readDer,
  readInteger,
  readNamedBits,
  readOid,
  sameBytes,
  TAG,
} from './der.js';
import { writeDer, writeInteger, writeOid } from './der-writer.js';
import { readGenTime, readTime } from './time.js';

const hex = (text: string) => new Uint8Array(Buffer.from(text, 'hex'));
const der = (text: string) => readDer(hex(text), 'a test');
const bad = expect.objectContaining({ code: 'bad-der' }) as Error;
const time = (tag: number, text: string) => readDer(writeDer(tag, Buffer.from(text)), 'a time');

describe('DER', () => {
  it.each(['0500', '040100', `0481${'80'}${'00'.repeat(128)}`, `04820100${'00'.repeat(256)}`])('reads %s', (text) =>
    expect(der(text).bytes).toEqual(hex(text)),
  );

  it.each([
    ['nothing', ''],
    ['a tag alone', '04'],
    ['a long tag', '1f8100'],
    ['an indefinite length', '30800000'],
    ['a length of five bytes', '0485000000000100'],
    ['a length byte too many', '04810100'],
    ['two length bytes too many', `04820080${'00'.repeat(128)}`],
    ['too few bytes', '040200'],
    ['a length without its bytes', '0482'],
    ['a byte after the end', '050000'],
  ])('refuses %s', (_, text) => expect(() => der(text)).toThrow(bad));

  it('reads whole numbers of any size, in their shortest form', () => {
    for (const [text, value] of [
      ['020100', 0n],
      ['02017f', 127n],
      ['02020080', 128n],
      ['0201ff', -1n],
      ['020180', -128n],
      ['02090100000000000000 00', 2n ** 64n],
    ] as const) {
      expect(readInteger(der(text.replace(' ', '')), 'a test')).toBe(value);
    }
    for (const text of ['0200', '0202007f', '0202ff80', '040100']) {
      expect(() => readInteger(der(text), 'a test'), text).toThrow(bad);
    }
    for (const value of [0, 1, 127, 128, 255, 256, 65_535]) {
      const bytes = Uint8Array.of(0, value >> 8, value & 255);
      expect(readInteger(readDer(writeInteger(bytes), 'a test'), 'a test')).toBe(BigInt(value));
    }
  });

  it('reads whole numbers of 64 bytes and no longer ones, unless it is told that they may be', () => {
    const number = (bytes: number) => readDer(writeDer(TAG.integer, new Uint8Array(bytes).fill(0x55)), 'a test');
    expect(readInteger(number(64), 'a test')).toBe(BigInt(`0x${'55'.repeat(64)}`));
    expect(() => readInteger(number(65), 'a test')).toThrow(bad);
    expect(readInteger(number(2049), 'a test', 2049).toString(16)).toBe('55'.repeat(2049));
    expect(() => readInteger(number(2050), 'a test', 2049)).toThrow(bad);
    expect(() => readNamedBits(der(`030600${'01'.repeat(5)}`), 'a test')).toThrow(bad);
  });

  it('reads identifiers and writes them', () => {
    for (const oid of [
      '1.2.840.113549.1.9.16.1.4',
      '2.16.840.1.101.3.4.2.1',
      '0.9.2342.19200300.100.1.1',
      '2.5.29.37',
    ]) {
      expect(readOid(readDer(writeOid(oid), 'a test'), 'a test')).toBe(oid);
    }
    expect(readOid(der('0603883703'), 'a test')).toBe('2.999.3');
    for (const text of ['0600', '060180', '06028001', '06022a80', '050 0'.replace(' ', '')]) {
      expect(() => readOid(der(text), 'a test'), text).toThrow(bad);
    }
  });

  it('reads booleans and bits', () => {
    expect([readBoolean(der('0101ff'), ''), readBoolean(der('010100'), '')]).toEqual([true, false]);
    for (const text of ['010101', '0100', '0102ffff']) expect(() => readBoolean(der(text), '')).toThrow(bad);
    expect([...readNamedBits(der('030205a0'), '')]).toEqual([0, 2]);
    expect(readBitString(der('030100'), '')).toEqual({ bytes: new Uint8Array(), unused: 0 });
    for (const text of ['0300', '030208ff', '030101', '030205ff', '040100']) {
      expect(() => readBitString(der(text), ''), text).toThrow(bad);
    }
  });

  it('looks into simple elements of a type left open, and into no others', () => {
    for (const text of [
      '0500',
      '0101ff',
      '020105',
      '06022a03',
      '030100',
      '3002ffff',
      '3102ffff',
      'a002ffff',
      '04020000',
    ])
      expect(() => checkOpenElement(der(text), ''), text).not.toThrow();
    for (const text of [
      '050100',
      '0102ffff',
      '0200',
      '02020005',
      '0600',
      '060180',
      '0300',
      '2500',
      '1000',
      '1100',
      '0000',
    ])
      expect(() => checkOpenElement(der(text), ''), text).toThrow(bad);
  });

  it('reads elements in their order and says what is missing', () => {
    const fields = elementsOf(der('300502010105 00'.replace(' ', '')), 'a test');
    expect(fields.maybe(TAG.oid)).toBeUndefined();
    expect(fields.take(TAG.integer).bytes).toEqual(hex('020101'));
    expect(() => fields.end()).toThrow('expected the end, got null');
    expect(() => fields.take(TAG.set)).toThrow('expected set, got null');
    fields.any();
    fields.end();
    expect(() => fields.any()).toThrow('expected another element, got the end');
    expect(() => elementsOf(der('0500'), 'a test')).toThrow('expected sequence, got null');
    expect(sameBytes(hex('00'), hex('0000'))).toBe(false);
  });
});

describe('a time', () => {
  it.each([
    [TAG.utcTime, '491231235959Z', '2049-12-31T23:59:59.000Z'],
    [TAG.utcTime, '700101000000Z', '1970-01-01T00:00:00.000Z'],
    [TAG.generalizedTime, '20500101000000Z', '2050-01-01T00:00:00.000Z'],
  ])('of a certificate is read: %i %s', (tag, text, expected) =>
    expect(new Date(readTime(time(tag, text), 'a time')).toISOString()).toBe(expected),
  );

  it.each([
    [TAG.utcTime, '500101000000Z'],
    [TAG.utcTime, '2601010000Z'],
    [TAG.utcTime, '260101000000+0100'],
    [TAG.utcTime, '260230000000Z'],
    [TAG.generalizedTime, '20260101000000.5Z'],
    [TAG.generalizedTime, '20260101000060Z'],
    [TAG.utf8String, '20260101000000Z'],
  ])('of a certificate is refused: %i %s', (tag, text) =>
    expect(() => readTime(time(tag, text), 'a time')).toThrow(bad),
  );

  it.each([
    ['20260101000000Z', 0],
    ['20260101000000.5Z', 500],
    ['20260101000000.123456Z', 124],
    ['20260101000000.9999Z', 1000],
  ])('of a token is rounded up: %s', (text, ms) =>
    expect(readGenTime(time(TAG.generalizedTime, text), 'a time') - Date.parse('2026-01-01T00:00:00Z')).toBe(ms),
  );

  it.each(['20260101000000', '20260101000000.50Z', '20260101000000.Z', '20260101000000,5Z', '19690101000000Z'])(
    'of a token is refused: %s',
    (text) => expect(() => readGenTime(time(TAG.generalizedTime, text), 'a time')).toThrow(bad),
  );
});
