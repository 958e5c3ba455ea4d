import { concatBytes, hexToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDetachedFile, parseTimestamp, serializeDetachedFile, serializeTimestamp } from './codec.js';
import { OtsError } from './error.js';
import { append, applyOperation, SHA256 } from './operation.js';
import { REVERSE } from './testing/operations.js';
import { arbitraryTimestamp } from './testing/arbitrary-timestamp.js';
import { pathFrom } from './timestamp-path.js';
import { MAX_NODES, MAX_TIMESTAMP_BYTES, type Timestamp } from './timestamp.js';

const message = new Uint8Array(32).fill(1);
const bitcoin = { type: 'bitcoin' as const, height: 5 };
const attestation = hexToBytes('000588960d73d719010105');

function fails(code: string) {
  return expect.objectContaining({ name: 'OtsError', code });
}

/** The message with `count` different children, each attested. */
function broad(count: number): Timestamp {
  const operations = Array.from({ length: count }, (_, i) => {
    const op = append(Uint8Array.of(i >> 8, i & 0xff));
    return { op, next: { message: applyOperation(op, message), attestations: [bitcoin], operations: [] } };
  });
  return { message, attestations: [], operations };
}

describe('the codec', () => {
  it('reads back what it writes, for any tree', () => {
    fc.assert(
      fc.property(arbitraryTimestamp, (timestamp) => {
        const bytes = serializeTimestamp(timestamp);
        const read = parseTimestamp(bytes, timestamp.message, { canonical: true });
        expect(serializeTimestamp(read)).toEqual(bytes);
      }),
    );
  });

  it('ends every random input in a tree or a coded error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.uint8Array({ maxLength: 40 }), (bytes, start) => {
        for (const read of [() => parseTimestamp(bytes, start), () => parseDetachedFile(bytes)]) {
          try {
            read();
          } catch (error) {
            expect(error).toBeInstanceOf(OtsError);
          }
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('keeps nothing of the buffer it read', () => {
    const bytes = serializeTimestamp(pathFrom(message).append(Uint8Array.of(7)).end([bitcoin]));
    const timestamp = parseTimestamp(bytes, message);
    bytes.fill(0);
    expect(timestamp.operations[0]!.op).toEqual({ type: 'append', operand: Uint8Array.of(7) });
  });

  it(`holds ${MAX_NODES} messages and no more`, () => {
    const full = broad(MAX_NODES - 1);
    const bytes = serializeTimestamp(full);
    expect(parseTimestamp(bytes, message).operations).toHaveLength(MAX_NODES - 1);
    expect(() => serializeTimestamp(broad(MAX_NODES))).toThrow(fails('too-large'));
    const tooMany = concatBytes(Uint8Array.of(0xff), hexToBytes('08'), attestation, bytes);
    expect(() => parseTimestamp(tooMany, message)).toThrow(fails('too-large'));
  });

  it('applies operations to no more than 1 MiB', () => {
    const start = new Uint8Array(4096);
    const reversed = (reversals: number) =>
      // A repeated operation is applied each time.
      concatBytes(
        ...Array.from({ length: reversals }, () => concatBytes(hexToBytes('fff2'), attestation)),
        attestation,
      );
    expect(parseTimestamp(reversed(256), start).operations).toHaveLength(1);
    expect(() => parseTimestamp(reversed(257), start)).toThrow(fails('too-large'));
  });

  it(`reads and writes ${MAX_TIMESTAMP_BYTES} bytes and no more`, () => {
    const unknown = (i: number, length: number) => ({
      type: 'unknown' as const,
      tag: Uint8Array.of(1, 1, 1, 1, 1, 1, i >> 8, i & 0xff),
      payload: new Uint8Array(length),
    });
    // 127 attestations of 8,204 bytes with their markers, and a last one, without marker, for the rest.
    const many = Array.from({ length: 127 }, (_, i) => unknown(i, 8192));
    const rest = MAX_TIMESTAMP_BYTES - 127 * 8204 - 11;
    const exact = { message, attestations: [...many, unknown(127, rest)], operations: [] };
    const bytes = serializeTimestamp(exact);
    expect(bytes).toHaveLength(MAX_TIMESTAMP_BYTES);
    expect(parseTimestamp(bytes, message).attestations).toHaveLength(128);
    const longer = { ...exact, attestations: [...many, unknown(127, rest + 1)] };
    expect(() => serializeTimestamp(longer)).toThrow(fails('too-large'));
    expect(() => parseTimestamp(new Uint8Array(MAX_TIMESTAMP_BYTES + 1), message)).toThrow(fails('too-large'));
    expect(() => parseDetachedFile(new Uint8Array(MAX_TIMESTAMP_BYTES + 1))).toThrow(fails('too-large'));
  });

  it('reads a file of eighty thousand attestations', () => {
    const one = concatBytes(Uint8Array.of(0xff), attestation);
    const bytes = concatBytes(...Array.from({ length: 80_000 }, () => one), attestation);
    expect(parseTimestamp(bytes, message).attestations).toEqual([bitcoin]);
  });

  it('does not spread out a tree whose branches share their ends', () => {
    // 2^100 leaves when written out; 100 objects in memory.
    let shared: Timestamp = { message: new Uint8Array(4), attestations: [bitcoin], operations: [] };
    for (let level = 0; level < 100; level++) {
      const twin = { ...shared };
      shared = {
        message: new Uint8Array(4),
        attestations: [],
        operations: [
          { op: REVERSE, next: shared },
          { op: { type: 'sha256' }, next: twin },
        ],
      };
    }
    expect(() => serializeTimestamp(shared)).toThrow(OtsError);
    const operations: Timestamp['operations'][number][] = [];
    const endless: Timestamp = { message: new Uint8Array(4), attestations: [], operations };
    operations.push({ op: REVERSE, next: endless });
    expect(() => serializeTimestamp(endless)).toThrow(fails('too-deep'));
  });

  it('refuses to write what it could not read back', () => {
    const empty = { message, attestations: [], operations: [] };
    expect(() => serializeTimestamp(empty)).toThrow(fails('empty-timestamp'));
    const leaf = { message, attestations: [bitcoin], operations: [] };
    expect(() => serializeTimestamp({ ...empty, operations: [{ op: SHA256, next: leaf }] })).toThrow(
      fails('wrong-result'),
    );
    const hashed = { ...leaf, message: applyOperation(SHA256, message) };
    const twice = [
      { op: SHA256, next: hashed },
      { op: SHA256, next: hashed },
    ];
    expect(() => serializeTimestamp({ ...empty, operations: twice })).toThrow(fails('duplicate-operation'));
    expect(() => serializeTimestamp({ ...leaf, message: new Uint8Array(4097) })).toThrow(fails('bad-message'));
    expect(() => serializeTimestamp({ ...leaf, attestations: [{ type: 'bitcoin', height: -1 }] })).toThrow(
      fails('bad-varuint'),
    );
    expect(() => serializeTimestamp({ ...leaf, attestations: [{ type: 'bitcoin', height: 2 ** 53 }] })).toThrow(
      fails('bad-varuint'),
    );
    expect(() => serializeTimestamp({ ...leaf, attestations: [{ type: 'pending', uri: 'https://a?b' }] })).toThrow(
      fails('bad-attestation'),
    );
    expect(() => serializeTimestamp({ ...leaf, attestations: [{ type: 'pending', uri: 'a'.repeat(1001) }] })).toThrow(
      fails('bad-attestation'),
    );
    const known = { type: 'unknown' as const, tag: hexToBytes('0588960d73d71901'), payload: Uint8Array.of(5) };
    expect(() => serializeTimestamp({ ...leaf, attestations: [known] })).toThrow(fails('bad-attestation'));
    expect(() => serializeTimestamp({ ...leaf, attestations: [{ ...known, tag: new Uint8Array(7) }] })).toThrow(
      fails('bad-attestation'),
    );
    const long = { ...known, tag: new Uint8Array(8), payload: new Uint8Array(8193) };
    expect(() => serializeTimestamp({ ...leaf, attestations: [long] })).toThrow(fails('bad-attestation'));
  });

  it('writes a detached file only for the digest its timestamp starts from', () => {
    const timestamp = pathFrom(message).end([bitcoin]);
    expect(serializeDetachedFile({ hash: 'sha256', digest: message, timestamp })).toHaveLength(31 + 1 + 1 + 32 + 11);
    expect(() => serializeDetachedFile({ hash: 'sha1', digest: message, timestamp })).toThrow(fails('bad-digest'));
    const other = new Uint8Array(32);
    expect(() => serializeDetachedFile({ hash: 'sha256', digest: other, timestamp })).toThrow(fails('bad-digest'));
  });
});
