import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { derOfBer } from './ber.js';
import { TAG } from './der.js';
import { writeDer } from './der-writer.js';
import { TspError } from './error.js';
import { asBer } from './testing/ber.js';

const primitive = fc
  .record({
    tag: fc.constantFrom(TAG.integer, TAG.octetString, TAG.utf8String, 0x80),
    content: fc.uint8Array({ maxLength: 300 }),
  })
  .map(({ tag, content }) => writeDer(tag, content));
const tree = fc.letrec<{ element: Uint8Array }>((tie) => ({
  element: fc.oneof(
    { maxDepth: 5 },
    primitive,
    fc
      .record({ tag: fc.constantFrom(TAG.sequence, 0xa0), parts: fc.array(tie('element'), { maxLength: 4 }) })
      .map(({ tag, parts }) => writeDer(tag, ...parts)),
  ),
})).element;

describe('an element in BER', () => {
  it('is written in DER, whatever its form, and DER stays as it is', () => {
    fc.assert(
      fc.property(tree, (der) => {
        expect(derOfBer(der, 'an element')).toEqual(der);
        for (const form of ['open lengths', 'long lengths', 'content in pieces'] as const)
          expect(derOfBer(asBer(der, form), 'an element')).toEqual(der);
      }),
    );
  });

  it('that is none is refused by code, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        try {
          derOfBer(bytes, 'an element');
        } catch (error) {
          expect(error).toBeInstanceOf(TspError);
          expect(error).toMatchObject({ code: 'bad-der' });
        }
      }),
      { numRuns: 300 },
    );
  });
});
