import { describe, expect, it } from 'vitest';
import { parseTimestamp, serializeTimestamp } from '#ots/codec.js';
import { mergeTimestamps } from '#ots/merge.js';
import { pathFrom } from '#ots/timestamp-path.js';
import { listAttestations } from '#ots/visit.js';
import { proofTimestamp } from './proof-timestamp.js';

const root = new Uint8Array(32).fill(1);
const at = (nonce: number) => pathFrom(root).append(Uint8Array.of(nonce)).sha256();
const pending = at(1).end([{ type: 'pending', uri: 'https://calendar.example' }]);
const confirmed = at(1)
  .append(Uint8Array.of(9))
  .sha256()
  .end([{ type: 'bitcoin', height: 100 }]);
const second = at(2).end([{ type: 'bitcoin', height: 101 }]);
const odd = at(3).end([
  { type: 'litecoin', height: 5 },
  { type: 'unknown', tag: new Uint8Array(8), payload: root },
]);
const types = (bytes: Uint8Array | null) =>
  bytes === null
    ? null
    : listAttestations(parseTimestamp(bytes, root, { canonical: true })).map(({ attestation }) => attestation.type);

describe('what a proof keeps of a stored timestamp', () => {
  it('is the promises while nothing else is there', () => {
    expect(types(proofTimestamp(serializeTimestamp(mergeTimestamps(pending, odd)), root))).toEqual(['pending']);
  });

  it('is the Bitcoin attestations once there are any', () => {
    const all = [confirmed, second, odd].reduce(mergeTimestamps, pending);
    expect(types(proofTimestamp(serializeTimestamp(all), root))).toEqual(['bitcoin', 'bitcoin']);
  });

  it('is nothing when only attestations that no verifier here can check are there', () => {
    expect(proofTimestamp(serializeTimestamp(odd), root)).toBeNull();
  });

  it('is canonical even when what was stored is not', () => {
    const [a, b] = [serializeTimestamp(confirmed), serializeTimestamp(second)];
    const reversed = Uint8Array.of(0xff, ...b, ...a);
    const kept = proofTimestamp(reversed, root)!;
    expect(kept).not.toEqual(reversed);
    expect(types(kept)).toEqual(['bitcoin', 'bitcoin']);
  });
});
