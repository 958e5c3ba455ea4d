import { hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { fromRlp, toHex, toRlp } from 'viem';
import { describe, expect, it } from 'vitest';
import { bytesUint, decodeRlp, decodeRlpList, encodeRlp, uintBytes, type RlpItem } from './rlp.js';

const refused = expect.objectContaining({ name: 'EvmError', code: 'bad-rlp' });
const { tree } = fc.letrec<{ tree: RlpItem }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5, depthSize: 'small' },
    fc.uint8Array({ maxLength: 80 }),
    fc.array(tie('tree'), { maxLength: 5 }),
  ),
}));
type HexTree = `0x${string}` | readonly HexTree[];
const hexTree = (item: RlpItem): HexTree => (item instanceof Uint8Array ? toHex(item) : item.map(hexTree));

describe('RLP', () => {
  // Origin: the examples on Ethereum's page about the encoding.
  it.each<[string, RlpItem, string]>([
    ['dog', utf8ToBytes('dog'), '83646f67'],
    ['cat and dog', [utf8ToBytes('cat'), utf8ToBytes('dog')], 'c88363617483646f67'],
    ['the empty string', new Uint8Array(), '80'],
    ['the empty list', [], 'c0'],
    ['a byte 0', Uint8Array.of(0), '00'],
    ['a byte 15', Uint8Array.of(15), '0f'],
    ['the number 1024', uintBytes(1024n), '820400'],
    ['the set of three', [[], [[]], [[], [[]]]], 'c7c0c1c0c3c0c1c0'],
    [
      'a text of 56 bytes',
      utf8ToBytes('Lorem ipsum dolor sit amet, consectetur adipisicing elit'),
      'b8384c6f72656d20697073756d20646f6c6f722073697420616d65742c20636f6e7365637465747572206164697069736963696e6720656c6974',
    ],
  ])('encodes and decodes %s', (_, item, hex) => {
    expect(encodeRlp(item)).toEqual(hexToBytes(hex));
    expect(decodeRlp(hexToBytes(hex))).toEqual(item);
  });

  it('agrees with viem, both ways', () => {
    fc.assert(
      fc.property(tree, (item) => {
        const encoded = encodeRlp(item);
        expect(toHex(encoded)).toBe(toRlp(hexTree(item) as never));
        expect(decodeRlp(encoded)).toEqual(item);
        expect(fromRlp(encoded, 'hex')).toEqual(hexTree(item));
      }),
    );
  });

  it.each<[string, string]>([
    ['nothing', ''],
    ['a byte after the item', '8000'],
    ['a text cut short', '83646f'],
    ['a list cut short', 'c883636174'],
    ['an item that ends beyond its list', 'c28361'],
    ['a byte below 80 in two', '8100'],
    ['a byte 7f in two', '817f'],
    ['a length of its own byte although 55 are enough', `b837${'61'.repeat(55)}`],
    ['a length with a zero in front', `b90038${'61'.repeat(56)}`],
    ['a list with a length of its own byte although 55 are enough', `f837${'61'.repeat(55)}`],
    ['a list length with a zero in front', `f90038${'61'.repeat(56)}`],
    ['a length cut short', 'b9'],
    ['a length of five bytes', 'bc0100000000'],
    ['a length of eight bytes', 'bfffffffffffffffff'],
    ['a list of 17 levels', `${'c1'.repeat(0)}${nested(17)}`],
  ])('refuses %s', (_, hex) => {
    expect(() => decodeRlp(hexToBytes(hex))).toThrow(refused);
  });

  function nested(levels: number): string {
    return Array.from({ length: levels }, (_, i) => (0xc0 + levels - 1 - i).toString(16)).join('');
  }

  it('reads as many levels as it is asked to', () => {
    expect(() => decodeRlp(hexToBytes(nested(16)))).not.toThrow();
    expect(decodeRlp(hexToBytes('c1c0'), 2)).toEqual([[]]);
    expect(() => decodeRlp(hexToBytes('c1c0'), 1)).toThrow(refused);
    expect(() => decodeRlpList(hexToBytes('80'))).toThrow(refused);
  });

  it('reads no text in two ways: what decodes encodes to the same bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 70 }), (bytes) => {
        let item: RlpItem;
        try {
          item = decodeRlp(bytes);
        } catch (error) {
          expect(error).toEqual(refused);
          return;
        }
        expect(encodeRlp(item)).toEqual(bytes);
      }),
      { numRuns: 2000 },
    );
  });

  it('writes numbers without leading zeros', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), (value) => {
        const bytes = uintBytes(value);
        expect(bytesUint(bytes)).toBe(value);
        expect(bytes[0]).not.toBe(0);
      }),
    );
  });
});
