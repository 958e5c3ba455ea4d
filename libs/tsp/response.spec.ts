import { describe, expect, it } from 'vitest';
import { TAG } from './der.js';
import { writeDer, writeInteger, writeSequence } from './der-writer.js';
import { parseTimeStampResponse } from './response.js';

const status = (number: number, ...more: Uint8Array[]) =>
  writeSequence(writeSequence(writeInteger(Uint8Array.of(number)), ...more));
const words = (text: string) => writeSequence(writeDer(TAG.utf8String, new TextEncoder().encode(text)));
const failure = (bit: number) => {
  const bytes = new Uint8Array((bit >> 3) + 1);
  bytes[bit >> 3] = 0x80 >> (bit & 7);
  return writeDer(TAG.bitString, Uint8Array.of(7 - (bit & 7)), bytes);
};

describe("an authority's answer without a token", () => {
  it.each([
    [status(2), 'got rejection'],
    [status(2, failure(0)), 'got rejection, unrecognised algorithm'],
    [status(2, words('not on Sundays'), failure(15)), 'got rejection, policy not accepted, not on Sundays'],
    [status(3, failure(25)), 'got waiting, system failure'],
    [status(9), 'got status 9'],
    [status(2, words('策略不被接受。\u202e\nсистема занята\u2028')), 'got rejection, 策略不被接受。 система занята'],
    [status(2, words('<b> "x"')), 'got rejection, <b> "x"'],
    [status(2, words('印'.repeat(1000))), `got rejection, ${'印'.repeat(160)}`],
    [status(2, words('x'.repeat(1000))), `got rejection, ${'x'.repeat(160)}`],
  ])('is told in its own words, made harmless', (answer, expected) => {
    expect(() => parseTimeStampResponse(answer)).toThrow(
      expect.objectContaining({ code: 'rejected', message: expect.stringContaining(expected) as string }),
    );
  });

  it('is refused when it says that it grants one, and when it is none or too long', () => {
    expect(() => parseTimeStampResponse(status(0))).toThrow(expect.objectContaining({ code: 'bad-response' }));
    expect(() => parseTimeStampResponse(new TextEncoder().encode('<html>'))).toThrow(
      expect.objectContaining({ code: 'bad-der' }),
    );
    expect(() => parseTimeStampResponse(new Uint8Array(66_561))).toThrow(
      expect.objectContaining({ code: 'too-large' }),
    );
    expect(() => parseTimeStampResponse(new Uint8Array(66_560))).toThrow(expect.objectContaining({ code: 'bad-der' }));
  });
});
