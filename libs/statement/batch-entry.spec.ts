import { utf8ToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BATCH_MAX_SIZE, batchOrigin, formatBatchEntry, parseBatchEntry, type BatchEntry } from './batch-entry.js';
import { formatTime } from './time.js';

const root = Uint8Array.from({ length: 32 }, (_, i) => i);
const statusRoot = Uint8Array.from({ length: 32 }, (_, i) => 255 - i);
const sample: BatchEntry = {
  origin: 'log.example/sealroot',
  number: 7,
  size: 120,
  first: 900,
  sealedAt: '2026-03-01T08:00:01.000Z',
  beacon: `bitcoin 940000 ${'0f'.repeat(32)}`,
  root,
  statusRoot,
};
const refused = expect.objectContaining({ name: 'StatementError', code: 'bad-batch-entry' });
const text = (head: string) => Uint8Array.of(...utf8ToBytes(head), ...root, ...statusRoot);
const lines = (...values: string[]) => text(`${values.join('\n')}\n`);
const good = ['sealroot/batch@2', 'log.example/sealroot', '7', '120', '900', '2026-03-01T08:00:01.000Z', '-', ''];
const changed = (index: number, value: string) => lines(...good.map((line, i) => (i === index ? value : line)));

describe('batch entries', () => {
  it('are seven lines, an empty line and two roots', () => {
    expect(formatBatchEntry({ ...sample, beacon: null })).toEqual(lines(...good));
    expect(parseBatchEntry(lines(...good))).toEqual({ ...sample, beacon: null });
  });

  it('read back as written', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[!-*,-~]{1,128}$/),
        fc.nat({ max: 2 ** 53 - 1 - BATCH_MAX_SIZE }),
        fc.integer({ min: 1, max: BATCH_MAX_SIZE }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 0, max: 253_402_300_799_999 }),
        fc.option(fc.stringMatching(/^[a-z][a-z0-9-]{0,31} (0|[1-9][0-9]{0,15}) [0-9a-f]{64}$/)),
        fc.uint8Array({ minLength: 64, maxLength: 64 }),
        (origin, number, size, share, ms, beacon, hashes) => {
          const most = Math.min(number * BATCH_MAX_SIZE, 2 ** 53 - 1 - size);
          const first = Math.min(most, number + Math.floor(share * (most - number)));
          const roots = { root: hashes.slice(0, 32), statusRoot: hashes.slice(32) };
          const entry = { origin, number, size, first, sealedAt: formatTime(ms), beacon, ...roots };
          expect(parseBatchEntry(formatBatchEntry(entry))).toEqual(entry);
        },
      ),
    );
  });

  it('are refused when any rule is broken', () => {
    const wrong: Record<string, Uint8Array> = {
      'another version': changed(0, 'sealroot/batch@1'),
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
      'more batches before than entries': changed(4, '6'),
      'fewer batches before than their entries take': changed(4, String(7 * BATCH_MAX_SIZE + 1)),
      'earlier entries with a leading zero': changed(4, '0900'),
      'ordinals of 2^53': lines(...good.with(2, String(2 ** 53 - 100)).with(4, String(2 ** 53 - 100))),
      'a time without milliseconds': changed(5, '2026-03-01T08:00:01Z'),
      'an empty beacon': changed(6, ''),
      'a beacon with upper-case hex': changed(6, `bitcoin 1 ${'AB'.repeat(32)}`),
      'a beacon with a leading zero': changed(6, `bitcoin 01 ${'ab'.repeat(32)}`),
      'one line more': lines(...good, 'more'),
      'one line less': lines(...good.filter((_, i) => i !== 6)),
      'no empty line': text(good.slice(0, 7).join('\n') + '\n'),
      'carriage returns': lines(...good.map((line) => `${line}\r`)),
      'a short root': lines(...good).slice(0, -1),
      'a long root': Uint8Array.of(...lines(...good), 0),
      nothing: new Uint8Array(0),
      'one root': lines(...good).slice(0, -32),
      'only roots': Uint8Array.of(...root, ...statusRoot),
    };
    for (const [why, bytes] of Object.entries(wrong)) expect(() => parseBatchEntry(bytes), why).toThrow(refused);
    expect(() => formatBatchEntry({ ...sample, size: 1.5 })).toThrow(refused);
    expect(() => formatBatchEntry({ ...sample, beacon: '-' })).toThrow(refused);
    expect(() => formatBatchEntry({ ...sample, root: root.slice(1) })).toThrow(refused);
    expect(() => formatBatchEntry({ ...sample, statusRoot: root.slice(1) })).toThrow(refused);
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
