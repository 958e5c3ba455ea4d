import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRecordId, recordId } from './record-id.js';

const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
const refused = expect.objectContaining({ name: 'StatementError', code: 'bad-record-id' });

describe('record ids', () => {
  it('hold the time and the first 74 bits of the hash, as a UUIDv7', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 48 - 1 }), hash, (ms, bytes) => {
        const id = recordId(ms, bytes);
        expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        const bits = BigInt(`0x${id.replaceAll('-', '')}`)
          .toString(2)
          .padStart(128, '0');
        const hashBits = BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
          .toString(2)
          .padStart(256, '0');
        expect(bits.slice(0, 48)).toBe(ms.toString(2).padStart(48, '0'));
        expect(bits.slice(48, 52)).toBe('0111');
        expect(bits.slice(64, 66)).toBe('10');
        expect(bits.slice(52, 64) + bits.slice(66)).toBe(hashBits.slice(0, 74));
      }),
    );
  });

  it('are refused in any other form', () => {
    const id = recordId(1_772_352_000_123, new Uint8Array(createHash('sha256').update('x').digest()));
    expect(isRecordId(id)).toBe(true);
    const wrong = [id.toUpperCase(), id.replaceAll('-', ''), `{${id}}`, `${id} `, id.replace(/-7/, '-4'), '', null, 7];
    for (const value of wrong) expect(isRecordId(value)).toBe(false);
    expect(() => recordId(-1, new Uint8Array(32))).toThrow(refused);
    expect(() => recordId(2 ** 48, new Uint8Array(32))).toThrow(refused);
    expect(() => recordId(0.5, new Uint8Array(32))).toThrow(refused);
    expect(() => recordId(0, new Uint8Array(31))).toThrow(refused);
  });
});
