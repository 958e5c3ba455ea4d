import { describe, expect, it } from 'vitest';
import { lineEndingTwins, MAX_TWIN_BYTES } from './line-ending-twins.js';

const twins = (text: string) => lineEndingTwins(Buffer.from(text)).map((twin) => Buffer.from(twin).toString());

describe('the twins of a text', () => {
  it('are the same text with the other line endings', () => {
    expect(twins('a\nb\n')).toEqual(['a\r\nb\r\n']);
    expect(twins('a\r\nb')).toEqual(['a\nb']);
  });

  it('are both when it mixes them, and leave a carriage return alone that ends no line', () => {
    expect(twins('a\nb\r\n')).toEqual(['a\nb\n', 'a\r\nb\r\n']);
    expect(twins('a\rb\n')).toEqual(['a\rb\r\n']);
    expect(twins('a\r\r\n')).toEqual(['a\r\n']);
  });

  it('are none of what has no lines, is no text, or is large', () => {
    expect(twins('a')).toEqual([]);
    expect(twins('')).toEqual([]);
    expect(twins('a\0\n')).toEqual([]);
    expect(lineEndingTwins(new Uint8Array(MAX_TWIN_BYTES).fill(0x0a))).toHaveLength(1);
    expect(lineEndingTwins(new Uint8Array(MAX_TWIN_BYTES + 1).fill(0x0a))).toEqual([]);
  });
});
