import { hexToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { readDer, TAG } from './der.js';
import { writeDer, writeOid, writeSequence } from './der-writer.js';
import { formatName } from './name.js';

/** What a name with one common name of this type and content is shown as. */
function shown(tag: number, hex: string): string {
  const attribute = writeSequence(writeOid('2.5.4.3'), writeDer(tag, hexToBytes(hex)));
  return formatName(readDer(writeSequence(writeDer(TAG.set, attribute)), 'a name'), 'a name');
}

describe('a name', () => {
  it.each([
    ['UTF8String', TAG.utf8String, 'e58db0e8af81', '印证'],
    ['PrintableString', TAG.printableString, '5453', 'TS'],
    ['NumericString', TAG.numericString, '3137', '17'],
    ['TeletexString, as Latin-1', TAG.teletexString, 'fc', 'ü'],
    ['BMPString', TAG.bmpString, '53708bc1', '印证'],
    ['UniversalString', TAG.universalString, '00005370', '印'],
    ['BIT STRING', TAG.bitString, '00ff', '#ff'],
  ])('is read from a %s', (_, tag, hex, text) => {
    expect(shown(tag, hex)).toBe(`CN=${text}`);
  });

  it.each([
    ['a byte that is no UTF-8', TAG.utf8String, 'd2'],
    ['half a character of a BMPString', TAG.bmpString, '537041'],
    ['half a pair in a BMPString', TAG.bmpString, 'd800'],
    ['three bytes of a UniversalString', TAG.universalString, '000053'],
    ['a character beyond Unicode', TAG.universalString, '00110000'],
    ['a BIT STRING without its first byte', TAG.bitString, ''],
    ['a BOOLEAN', TAG.boolean, 'ff'],
    ['a type of another class', 0x4c, '41'],
  ])('is refused with %s, as openssl does', (_, tag, hex) => {
    expect(() => shown(tag, hex)).toThrow(expect.objectContaining({ code: 'bad-der' }));
  });
});
