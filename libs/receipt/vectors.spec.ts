import { hexToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { parseNote } from '#tlog/note.js';
import { parseVerifierKey } from '#tlog/verifier-key.js';
import { formatReceiptHead, parseReceiptHead } from './head.js';
import { parseReceipt } from './receipt.js';
import { verifyReceipt } from './verify.js';
import vectors from './vectors/receipt.json' with { type: 'json' };

const logKey = parseVerifierKey(vectors.logKey);

describe('receipts made by Go', () => {
  for (const { name, receipt, leaves, found } of vectors.cases) {
    it(`${name}: ${'fault' in found ? found.fault : 'holds'}`, () => {
      expect(verifyReceipt(parseReceipt(receipt), leaves.map(hexToBytes), logKey)).toEqual(found);
    });
  }

  it('have the text that we write and read', () => {
    const { text } = parseNote(vectors.cases[0]!.receipt.note);
    expect(formatReceiptHead(parseReceiptHead(text))).toBe(text);
  });

  it('hold for nothing else: any other bit of leaf or path, any other index', () => {
    const { receipt, leaves } = vectors.cases.find(({ name }) => name === 'request 7 of 8')!;
    const flip = (bytes: Uint8Array, bit: number) =>
      bytes.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
    const given = leaves.map(hexToBytes);
    const others: [typeof receipt, Uint8Array[]][] = [
      [receipt, given.toReversed()],
      ...Array.from({ length: 256 }, (_, bit): [typeof receipt, Uint8Array[]] => [
        receipt,
        given.map((leaf, i) => (i === 2 ? flip(leaf, bit) : leaf)),
      ]),
      ...receipt.path.flatMap((hash, k) =>
        [0, 100, 255].map((bit): [typeof receipt, Uint8Array[]] => {
          const other = Buffer.from(flip(Buffer.from(hash, 'base64'), bit)).toString('base64');
          return [{ ...receipt, path: receipt.path.with(k, other) }, given];
        }),
      ),
      ...[0, 6, 8, 2 ** 40].map((index): [typeof receipt, Uint8Array[]] => [{ ...receipt, index }, given]),
    ];
    for (const [claimed, items] of others)
      expect(verifyReceipt(parseReceipt(claimed), items, logKey)).toEqual({ fault: 'other-items' });
  });
});

describe('a receipt as JSON', () => {
  const { receipt } = vectors.cases[0]!;
  const [hash] = vectors.cases[1]!.receipt.path as [string];

  it('is refused when malformed, each rule by itself', () => {
    const malformed: Record<string, unknown> = {
      'no object': 'receipt',
      nothing: null,
      'a list': [receipt],
      'no note': { ...receipt, note: undefined },
      'a negative index': { ...receipt, index: -1 },
      'half an index': { ...receipt, index: 0.5 },
      'an index as text': { ...receipt, index: '0' },
      'no path': { ...receipt, path: undefined },
      'a hash of 31 bytes': { ...receipt, path: [Buffer.alloc(31).toString('base64')] },
      'a hash without padding': { ...receipt, path: [hash.slice(0, -1)] },
      'a hash with stray bits': { ...receipt, path: [hash.replace(/.=$/, 'B=')] },
      'a path of 33 hashes': { ...receipt, path: Array.from({ length: 33 }, () => hash) },
      'another member': { ...receipt, includeBy: '2026-03-02T09:30:10.123Z' },
    };
    expect(parseReceipt({ ...receipt, path: Array.from({ length: 32 }, () => hash) }).path).toHaveLength(32);
    for (const [why, value] of Object.entries(malformed))
      expect(() => parseReceipt(value), why).toThrow(expect.objectContaining({ name: 'ReceiptError' }));
  });
});
