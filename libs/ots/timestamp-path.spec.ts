import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { parseTimestamp, serializeTimestamp } from './codec.js';
import { append, prepend, SHA256 } from './operation.js';
import { HEXLIFY } from './testing/operations.js';
import { pathFrom } from './timestamp-path.js';
import { listAttestations } from './visit.js';

const digest = new Uint8Array(32).fill(3);
const bitcoin = { type: 'bitcoin' as const, height: 5 };

describe('a timestamp path', () => {
  it('knows the message it has reached', () => {
    const path = pathFrom(digest).append(Uint8Array.of(1)).prepend(Uint8Array.of(0)).sha256();
    expect(path.message).toEqual(sha256(concatBytes(Uint8Array.of(0), digest, Uint8Array.of(1))));
    expect(path.operations).toEqual([append(Uint8Array.of(1)), prepend(Uint8Array.of(0)), SHA256]);
  });

  it('ends at attestations or at a timestamp of the message it has reached', () => {
    const end = pathFrom(digest).sha256();
    const tip = pathFrom(end.message).apply(HEXLIFY).end([bitcoin]);
    const whole = end.end(tip);
    expect(listAttestations(whole)).toMatchObject([{ attestation: bitcoin, depth: 2, path: [SHA256, HEXLIFY] }]);
    expect(parseTimestamp(serializeTimestamp(whole), digest)).toEqual(whole);
    expect(() => pathFrom(digest).end(tip)).toThrow(expect.objectContaining({ code: 'different-messages' }));
  });

  it('is not changed by the paths that continue it', () => {
    const start = pathFrom(digest).sha256();
    start.append(Uint8Array.of(1));
    expect(start.operations).toEqual([SHA256]);
  });

  it('refuses steps and messages beyond the limits', () => {
    const coded = (code: string) => expect.objectContaining({ code });
    expect(() => pathFrom(new Uint8Array(4097))).toThrow(coded('bad-message'));
    expect(pathFrom(new Uint8Array(4095)).append(Uint8Array.of(0)).message).toHaveLength(4096);
    expect(() => pathFrom(new Uint8Array(4096)).append(Uint8Array.of(0))).toThrow(coded('bad-message'));
    expect(pathFrom(new Uint8Array(2048)).apply(HEXLIFY).message).toHaveLength(4096);
    expect(() => pathFrom(new Uint8Array(2049)).apply(HEXLIFY)).toThrow(coded('bad-message'));
    expect(() => pathFrom(digest).append(new Uint8Array(0))).toThrow(coded('bad-operand'));
    expect(() => pathFrom(digest).prepend(new Uint8Array(4097))).toThrow(coded('bad-operand'));
    expect(() => pathFrom(digest).apply({ type: 'append', operand: new Uint8Array(0) })).toThrow(coded('bad-operand'));
  });
});
