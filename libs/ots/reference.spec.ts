import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { bytesToHex, concatBytes, hexToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attestationBytes } from './attestation.js';
import { parseDetachedFile, parseTimestamp, serializeDetachedFile, serializeTimestamp } from './codec.js';
import { OtsError } from './error.js';
import { mergeTimestamps } from './merge.js';
import { HASH_OPERATION_BYTES, type HashOperationType, OPERATION_TAGS } from './operation.js';
import {
  arbitraryMutation,
  arbitraryTimestamp,
  arbitraryTimestampPair,
  looseBytes,
  mutated,
} from './testing/arbitrary-timestamp.js';
import { askReference, type ReferenceAnswer, referenceIsInstalled } from './testing/reference.js';
import type { Timestamp } from './timestamp.js';
import { listAttestations } from './visit.js';

/** Refusals that are ours alone, each published in the README: a reader with these answers is stricter than the reference. */
const STRICTER_THAN_THE_REFERENCE = new Set(['bad-varuint', 'too-large']);

type OurAnswer = { ok: true; timestamp: Timestamp; bytes: string } | { ok: false; code: string };

function ours(read: () => { timestamp: Timestamp; bytes: Uint8Array }): OurAnswer {
  try {
    const { timestamp, bytes } = read();
    return { ok: true, timestamp, bytes: bytesToHex(bytes) };
  } catch (error) {
    if (!(error instanceof OtsError)) throw error;
    return { ok: false, code: error.code };
  }
}

function readTimestamp(bytes: Uint8Array, message: Uint8Array): OurAnswer {
  return ours(() => {
    const timestamp = parseTimestamp(bytes, message);
    return { timestamp, bytes: serializeTimestamp(timestamp) };
  });
}

function readFile(bytes: Uint8Array): OurAnswer {
  return ours(() => {
    const file = parseDetachedFile(bytes);
    return { timestamp: file.timestamp, bytes: serializeDetachedFile(file) };
  });
}

function attestationRows(timestamp: Timestamp): string[][] {
  return listAttestations(timestamp)
    .map(({ attestation, message }) => {
      const bytes = attestationBytes(attestation);
      // The payload follows the tag and its length, one byte per seven bits.
      let start = 8;
      while (bytes[start]! >= 0x80) start++;
      return [bytesToHex(message), bytesToHex(bytes.subarray(0, 8)), bytesToHex(bytes.subarray(start + 1))];
    })
    .sort((a, b) => (a.join() < b.join() ? -1 : 1));
}

function expectSame(our: OurAnswer, their: ReferenceAnswer, input: string): void {
  if (!our.ok && STRICTER_THAN_THE_REFERENCE.has(our.code)) return;
  const summary = our.ok ? { ok: true, bytes: our.bytes } : { ok: false };
  const expected = their.ok ? { ok: true, bytes: their.bytes } : { ok: false };
  expect(summary, `${input}: ours ${our.ok ? 'read' : our.code}, theirs ${their.ok ? 'read' : their.error}`).toEqual(
    expected,
  );
  if (our.ok && their.ok) {
    expect(attestationRows(our.timestamp)).toEqual(their.attestations.sort((a, b) => (a.join() < b.join() ? -1 : 1)));
  }
}

function asJson(timestamp: Timestamp): unknown {
  return JSON.parse(
    JSON.stringify(timestamp, (_key, value: unknown) => (value instanceof Uint8Array ? bytesToHex(value) : value)),
  );
}

const many = <T>(arbitrary: fc.Arbitrary<T>) => fc.array(arbitrary, { minLength: 150, maxLength: 150, size: 'max' });
const runs = { numRuns: 2, endOnFailure: true };

describe.skipIf(!referenceIsInstalled())('the codec and python3-opentimestamps', () => {
  it('write the same bytes for the same tree, and the reference reads ours', () => {
    fc.assert(
      fc.property(many(arbitraryTimestamp), (timestamps) => {
        const answers = askReference(timestamps.map((tree) => ({ do: 'build', tree: asJson(tree) })));
        timestamps.forEach((timestamp, i) => {
          const bytes = serializeTimestamp(timestamp);
          expect(answers[i]).toMatchObject({ ok: true, bytes: bytesToHex(bytes) });
          expectSame(readTimestamp(bytes, timestamp.message), answers[i]!, bytesToHex(bytes));
          expect(parseTimestamp(bytes, timestamp.message, { canonical: true })).toBeDefined();
        });
      }),
      runs,
    );
  });

  it('read forms that are not canonical, repeated operations and padded integers included, as the same tree', () => {
    fc.assert(
      fc.property(many(fc.tuple(arbitraryTimestamp, fc.uint8Array({ maxLength: 40 }))), (cases) => {
        const inputs = cases.map(([timestamp, choices]) => looseBytes(timestamp, choices));
        const answers = askReference(
          inputs.map((bytes, i) => ({
            do: 'parse',
            message: bytesToHex(cases[i]![0].message),
            bytes: bytesToHex(bytes),
          })),
        );
        inputs.forEach((bytes, i) => {
          expect(answers[i]!.ok).toBe(true);
          expectSame(readTimestamp(bytes, cases[i]![0].message), answers[i]!, bytesToHex(bytes));
        });
      }),
      runs,
    );
  });

  it('agree on which damaged timestamps can still be read, and as what', () => {
    const damaged = fc.tuple(
      arbitraryTimestamp,
      fc.uint8Array({ maxLength: 8 }),
      fc.array(arbitraryMutation, { minLength: 1, maxLength: 4 }),
    );
    fc.assert(
      fc.property(many(damaged), (cases) => {
        const inputs = cases.map(([timestamp, choices, mutations]) =>
          mutations.reduce(mutated, looseBytes(timestamp, choices)),
        );
        const answers = askReference(
          inputs.map((bytes, i) => ({
            do: 'parse',
            message: bytesToHex(cases[i]![0].message),
            bytes: bytesToHex(bytes),
          })),
        );
        inputs.forEach((bytes, i) => {
          expectSame(readTimestamp(bytes, cases[i]![0].message), answers[i]!, bytesToHex(bytes));
        });
      }),
      { ...runs, numRuns: 6 },
    );
  });

  it('agree on detached files of every hash, whole and damaged', () => {
    const files = fc.tuple(
      arbitraryTimestamp,
      fc.constantFrom<HashOperationType>('sha1', 'ripemd160', 'sha256', 'keccak256'),
      fc.array(arbitraryMutation, { maxLength: 2 }),
    );
    fc.assert(
      fc.property(many(files), (cases) => {
        const inputs = cases.map(([timestamp, hash, mutations]) =>
          mutations.reduce(
            mutated,
            concatBytes(
              hexToBytes('004f70656e54696d657374616d7073000050726f6f6600bf89e2e884e89294'),
              Uint8Array.of(1, OPERATION_TAGS[hash]),
              new Uint8Array(HASH_OPERATION_BYTES[hash]).fill(5),
              serializeTimestamp(timestamp),
            ),
          ),
        );
        const answers = askReference(inputs.map((bytes) => ({ do: 'parse-file', bytes: bytesToHex(bytes) })));
        inputs.forEach((bytes, i) => expectSame(readFile(bytes), answers[i]!, bytesToHex(bytes)));
      }),
      runs,
    );
  });

  it('agree on every single-byte change of the head of a detached file', () => {
    const file = concatBytes(
      hexToBytes('004f70656e54696d657374616d7073000050726f6f6600bf89e2e884e892940108'),
      new Uint8Array(32).fill(9),
      hexToBytes('f00101080083dfe30d2ef90c8e0a0968747470733a2f2f61'),
    );
    const inputs = Array.from({ length: 33 }, (_, at) =>
      Array.from({ length: 256 }, (_, value) => file.with(at, value)),
    ).flat();
    const answers = askReference(inputs.map((bytes) => ({ do: 'parse-file', bytes: bytesToHex(bytes) })));
    inputs.forEach((bytes, i) => expectSame(readFile(bytes), answers[i]!, bytesToHex(bytes)));
    expect(answers.filter((answer) => answer.ok).length).toBe(34);
  });

  it('merge two timestamps to the same one', () => {
    fc.assert(
      fc.property(many(arbitraryTimestampPair), (pairs) => {
        const answers = askReference(
          pairs.map(([a, b]) => ({
            do: 'merge',
            message: bytesToHex(a.message),
            bytes: [bytesToHex(serializeTimestamp(a)), bytesToHex(serializeTimestamp(b))],
          })),
        );
        pairs.forEach(([a, b], i) => {
          expect(answers[i]).toMatchObject({ ok: true, bytes: bytesToHex(serializeTimestamp(mergeTimestamps(a, b))) });
        });
      }),
      runs,
    );
  });

  it('agree on the example files of npm opentimestamps', () => {
    const examples = join(dirname(createRequire(import.meta.url).resolve('opentimestamps/package.json')), 'examples');
    const names = readdirSync(examples, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ots'));
    expect(names.length).toBeGreaterThan(10);
    const inputs = names.map((name) => new Uint8Array(readFileSync(join(examples, name))));
    const answers = askReference(inputs.map((bytes) => ({ do: 'parse-file', bytes: bytesToHex(bytes) })));
    inputs.forEach((bytes, i) => expectSame(readFile(bytes), answers[i]!, names[i]!));
    expect(answers.filter((answer) => answer.ok).length).toBeGreaterThan(10);
  });

  it('draw the line at 255 operations on a path', () => {
    const attestation = '000588960d73d7190101' + '05';
    const inputs = [255, 256].map((count) => hexToBytes('08'.repeat(count) + attestation));
    const message = new Uint8Array(32);
    const answers = askReference(
      inputs.map((bytes) => ({ do: 'parse', message: bytesToHex(message), bytes: bytesToHex(bytes) })),
    );
    expect(answers.map((answer) => answer.ok)).toEqual([true, false]);
    inputs.forEach((bytes, i) => expectSame(readTimestamp(bytes, message), answers[i]!, bytesToHex(bytes)));
  });
});
