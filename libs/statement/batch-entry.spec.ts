import { utf8ToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BATCH_MAX_SIZE, batchOrigin, formatBatchEntry, parseBatchEntry, type BatchEntry } from './batch-entry.js';
import { formatTime } from './time.js';

const root = Uint8Array.from({ length: 32 }, (_, i) => i);
const sample: BatchEntry = {
  origin: 'log.example/sealroot',
  number: 7,
  size: 120,
  sealedAt: '2026-03-01T08:00:01.000Z',
  beacon: `bitcoin 940000 ${'0f'.repeat(32)}`,
  root,
};
const refused = expect.objectContaining({ name: 'StatementError', code: 'bad-batch-entry' });
const text = (head: string) => Uint8Array.of(...utf8ToBytes(head), ...root);
const lines = (...values: string[]) => text(`${values.join('\n')}\n`);
const good = ['sealroot/batch@1', 'log.example/sealroot', '7', '120', '2026-03-01T08:00:01.000Z', '-', ''];
const changed = (index: number, value: string) => lines(...good.map((line, i) => (i === index ? value : line)));

describe('batch entries', () => {
  it('are six lines, an empty line and the root', () => {
    expect(formatBatchEntry({ ...sample, beacon: null })).toEqual(lines(...good));
    expect(parseBatchEntry(lines(...good))).toEqual({ ...sample, beacon: null });
  });

  it('read back as written', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[!-*,-~]{1,128}$/),
        fc.nat({ max: 2 ** 53 - 1 }),
        fc.integer({ min: 1, max: BATCH_MAX_SIZE }),
        fc.integer({ min: 0, max: 253_402_300_799_999 }),
        fc.option(fc.stringMatching(/^[a-z][a-z0-9-]{0,31} (0|[1-9][0-9]{0,15}) [0-9a-f]{64}$/)),
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        (origin, number, size, ms, beacon, hash) => {
          const entry = { origin, number, size, sealedAt: formatTime(ms), beacon, root: new Uint8Array(hash) };
          expect(parseBatchEntry(formatBatchEntry(entry))).toEqual(entry);
        },
      ),
    );
  });

  it('are refused when any rule is broken', () => {
    const wrong: Record<string, Uint8Array> = {
      'another version': changed(0, 'sealroot/batch@2'),
      'no origin': changed(1, ''),
      'an origin with a space': changed(1, 'log example'),
      'an origin with a plus': changed(1, 'log+example'),
      'an origin of 129 characters': changed(1, 'a'.repeat(129)),
      'an origin beyond ASCII': changed(1, 'lög'),
      'a leading zero': changed(2, '07'),
      'a sign': changed(2, '-7'),
      'a number of 2^53': changed(2, String(2 ** 53)),
      'an empty batch': changed(3, '0'),
      'a batch of 2^20 + 1': changed(3, String(BATCH_MAX_SIZE + 1)),
      'a time without milliseconds': changed(4, '2026-03-01T08:00:01Z'),
      'an empty beacon': changed(5, ''),
      'a beacon with upper-case hex': changed(5, `bitcoin 1 ${'AB'.repeat(32)}`),
      'a beacon with a leading zero': changed(5, `bitcoin 01 ${'ab'.repeat(32)}`),
      'one line more': lines(...good, 'more'),
      'one line less': lines(...good.filter((_, i) => i !== 5)),
      'no empty line': text(good.slice(0, 6).join('\n') + '\n'),
      'carriage returns': lines(...good.map((line) => `${line}\r`)),
      'a short root': lines(...good).slice(0, -1),
      'a long root': Uint8Array.of(...lines(...good), 0),
      nothing: new Uint8Array(0),
      'only a root': root,
    };
    for (const [why, bytes] of Object.entries(wrong)) expect(() => parseBatchEntry(bytes), why).toThrow(refused);
    expect(() => formatBatchEntry({ ...sample, size: 1.5 })).toThrow(refused);
    expect(() => formatBatchEntry({ ...sample, beacon: '-' })).toThrow(refused);
    expect(() => formatBatchEntry({ ...sample, root: root.slice(1) })).toThrow(refused);
    expect(() => formatBatchEntry({ ...sample, origin: 'a\nb' })).toThrow(refused);
  });

  it('differ, or are refused, after any bit is flipped', () => {
    const bytes = formatBatchEntry(sample);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = bytes.slice();
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      try {
        expect(formatBatchEntry(parseBatchEntry(flipped))).toEqual(flipped);
      } catch (error) {
        expect(error).toEqual(refused);
      }
    }
  });

  it('have a checkpoint origin of their own', () => {
    expect(batchOrigin('log.example/sealroot', 7)).toBe('log.example/sealroot/batch/7');
  });
});
