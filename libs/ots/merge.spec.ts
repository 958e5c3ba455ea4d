import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { serializeTimestamp } from './codec.js';
import { graftTimestamp, mergeTimestamps } from './merge.js';
import { append } from './operation.js';
import { REVERSE } from './testing/operations.js';
import { arbitraryTimestampPair } from './testing/arbitrary-timestamp.js';
import { pathFrom } from './timestamp-path.js';
import type { Timestamp } from './timestamp.js';
import { listAttestations } from './visit.js';

const digest = new Uint8Array(32).fill(3);
const bitcoin = { type: 'bitcoin' as const, height: 5 };
const pending = (uri: string) => ({ type: 'pending' as const, uri });

describe('merging timestamps', () => {
  it('keeps what each says, in either order, and changes nothing when done again', () => {
    fc.assert(
      fc.property(arbitraryTimestampPair, ([a, b]) => {
        const merged = mergeTimestamps(a, b);
        const bytes = serializeTimestamp(merged);
        expect(serializeTimestamp(mergeTimestamps(b, a))).toEqual(bytes);
        expect(serializeTimestamp(mergeTimestamps(merged, a))).toEqual(bytes);
        const said = new Set(listAttestations(merged).map((item) => JSON.stringify(item)));
        for (const item of [...listAttestations(a), ...listAttestations(b)]) {
          expect(said.has(JSON.stringify(item))).toBe(true);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('joins paths of 255 operations', () => {
    const path = pathFrom(digest).apply(...Array.from({ length: 255 }, () => ({ type: 'sha256' as const })));
    const merged = mergeTimestamps(path.end([bitcoin]), path.end([pending('https://a')]));
    expect(listAttestations(merged)).toHaveLength(2);
  });

  it('refuses different messages', () => {
    const other = pathFrom(new Uint8Array(32)).end([bitcoin]);
    expect(() => mergeTimestamps(pathFrom(digest).end([bitcoin]), other)).toThrow(
      expect.objectContaining({ code: 'different-messages' }),
    );
  });

  it('ends at the limits when a hand-made tree contains itself', () => {
    const operations: Timestamp['operations'][number][] = [];
    const endless: Timestamp = { message: new Uint8Array(4), attestations: [], operations };
    operations.push({ op: REVERSE, next: endless }, { op: REVERSE, next: endless });
    expect(() => mergeTimestamps(endless, endless)).toThrow(expect.objectContaining({ code: 'too-deep' }));
    expect(() => listAttestations(endless)).toThrow(expect.objectContaining({ code: 'too-deep' }));
  });
});

describe('grafting a calendar’s answer', () => {
  it('puts it where its message stands, wherever that is', () => {
    const commitment = pathFrom(digest).append(Uint8Array.of(9)).sha256();
    const waiting = mergeTimestamps(
      commitment.end([pending('https://a')]),
      pathFrom(digest)
        .append(Uint8Array.of(8))
        .end([pending('https://b')]),
    );
    const answer = pathFrom(commitment.message).append(Uint8Array.of(7)).sha256().end([bitcoin]);
    const complete = graftTimestamp(waiting, answer);
    expect(listAttestations(complete).map(({ attestation, depth }) => ({ attestation, depth }))).toEqual([
      { attestation: pending('https://b'), depth: 1 },
      { attestation: pending('https://a'), depth: 2 },
      { attestation: bitcoin, depth: 4 },
    ]);
    expect(serializeTimestamp(graftTimestamp(complete, answer))).toEqual(serializeTimestamp(complete));
  });

  it('refuses an answer for a message that is not there', () => {
    const waiting = pathFrom(digest)
      .apply(append(Uint8Array.of(9)))
      .end([pending('https://a')]);
    const answer = pathFrom(new Uint8Array(32)).end([bitcoin]);
    expect(() => graftTimestamp(waiting, answer)).toThrow(expect.objectContaining({ code: 'different-messages' }));
  });
});
