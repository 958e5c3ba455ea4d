import { hexToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { readDer, TAG } from './der.js';
import { writeDer, writeOid, writeSequence } from './der-writer.js';
import { readName, sameName } from './name.js';

/** What a name with one common name of this type and content is shown as. */
function shown(tag: number, hex: string): string {
  const attribute = writeSequence(writeOid('2.5.4.3'), writeDer(tag, hexToBytes(hex)));
  return readName(readDer(writeSequence(writeDer(TAG.set, attribute)), 'a name'), 'a name').text;
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

  it('is shown without what would change the look of a line', () => {
    const hex = Buffer.from('a\u001b[2J\u009b\u202eb\u2028c').toString('hex');
    expect(shown(TAG.utf8String, hex)).toBe('CN=a\ufffd[2J\ufffd\ufffdb\ufffdc');
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

describe('names are the same by value', () => {
  const nameOf = (...sets: [string, number, string][][]) =>
    readName(
      readDer(
        writeSequence(
          ...sets.map((set) =>
            writeDer(
              TAG.set,
              ...set.map(([type, tag, text]) => writeSequence(writeOid(type), writeDer(tag, encoded(tag, text)))),
            ),
          ),
        ),
        'a name',
      ),
      'a name',
    );
  const encoded = (tag: number, text: string): Uint8Array => {
    const utf8 = new TextEncoder().encode(text);
    if (tag === TAG.bmpString)
      return Uint8Array.from([...text].flatMap((c) => [c.charCodeAt(0) >> 8, c.charCodeAt(0) & 0xff]));
    return tag === TAG.teletexString ? Uint8Array.from([...text].map((c) => c.charCodeAt(0))) : utf8;
  };
  const [CN, O] = ['2.5.4.3', '2.5.4.10'];
  const plain = nameOf([[O, TAG.printableString, 'Example Trust']], [[CN, TAG.printableString, 'Root 1']]);

  it.each([
    ['other types of text', nameOf([[O, TAG.utf8String, 'Example Trust']], [[CN, TAG.bmpString, 'Root 1']])],
    ['other case', nameOf([[O, TAG.utf8String, 'EXAMPLE trust']], [[CN, TAG.ia5String, 'rOOT 1']])],
    ['other spaces', nameOf([[O, TAG.utf8String, '  Example \t Trust ']], [[CN, TAG.teletexString, 'Root  1\n']])],
  ])('with %s', (_, other) => expect(sameName(plain, other)).toBe(true));

  it.each([
    ['another order', nameOf([[CN, TAG.printableString, 'Root 1']], [[O, TAG.printableString, 'Example Trust']])],
    [
      'one set for two',
      nameOf([
        [O, TAG.printableString, 'Example Trust'],
        [CN, TAG.printableString, 'Root 1'],
      ]),
    ],
    [
      'another attribute',
      nameOf([['2.5.4.11', TAG.printableString, 'Example Trust']], [[CN, TAG.printableString, 'Root 1']]),
    ],
    ['no space for one', nameOf([[O, TAG.printableString, 'ExampleTrust']], [[CN, TAG.printableString, 'Root 1']])],
    ['a part less', nameOf([[O, TAG.printableString, 'Example Trust']])],
    ['a number string', nameOf([[O, TAG.printableString, 'Example Trust']], [[CN, TAG.numericString, '1']])],
  ])('and are not with %s', (_, other) => expect(sameName(plain, other)).toBe(false));

  it('as OpenSSL has it: Ü is not ü, ü is ü in any type, and a set has no order', () => {
    const of = (tag: number, text: string) => nameOf([[CN, tag, text]]);
    expect(sameName(of(TAG.utf8String, 'ü'), of(TAG.teletexString, 'ü'))).toBe(true);
    expect(sameName(of(TAG.utf8String, 'ü'), of(TAG.utf8String, 'Ü'))).toBe(false);
    expect(sameName(of(TAG.utf8String, '17'), of(TAG.numericString, '17'))).toBe(false);
    const pair: [string, number, string][] = [
      [O, TAG.utf8String, 'a'],
      [CN, TAG.utf8String, 'b'],
    ];
    expect(sameName(nameOf(pair), nameOf(pair.toReversed()))).toBe(true);
  });
});
