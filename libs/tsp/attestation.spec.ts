import { base64 } from '@scure/base';
import { describe, expect, it } from 'vitest';
import {
  attestationParts,
  formatRfc3161Attestation,
  parseRfc3161Attestation,
  readRfc3161Attestation,
  rfc3161AttestationBytes,
} from './attestation.js';

const parts = { token: Uint8Array.of(1, 2, 3), certificates: [Uint8Array.of(4)], revocations: [Uint8Array.of(5, 6)] };
const attestation = formatRfc3161Attestation(parts);
const utf8 = (text: string) => new TextEncoder().encode(text);

describe('a time-stamp attestation', () => {
  it('is stored as canonical JSON, and read back from nothing else', () => {
    const bytes = rfc3161AttestationBytes(attestation);
    expect(new TextDecoder().decode(bytes)).toBe('{"certificates":["BA=="],"revocations":["BQY="],"token":"AQID"}');
    expect(attestationParts(readRfc3161Attestation(bytes))).toEqual(parts);
    for (const text of [
      '{"token":"AQID","certificates":["BA=="],"revocations":["BQY="]}',
      ' {"certificates":["BA=="],"revocations":["BQY="],"token":"AQID"}',
      '{"certificates":["BA=="],"revocations":["BQY="],"token":"AQID","token":"AQID"}',
      '{',
      '[]',
      'null',
    ]) {
      expect(() => readRfc3161Attestation(utf8(text)), text).toThrow(
        expect.objectContaining({ code: 'bad-attestation' }),
      );
    }
    expect(() => readRfc3161Attestation(Uint8Array.of(0xff))).toThrow('expected JSON');
  });

  const bytes = (length: number) => base64.encode(new Uint8Array(length));
  const distinct = (count: number) => Array.from({ length: count }, (_, i) => base64.encode(Uint8Array.of(i)));
  it.each([
    ['a token of 65,536 bytes', { token: bytes(65_536) }, { token: bytes(65_539) }],
    ['a certificate of 16,384 bytes', { certificates: [bytes(16_384)] }, { certificates: [bytes(16_387)] }],
    ['a list of 262,144 bytes', { revocations: [bytes(262_144)] }, { revocations: [bytes(262_147)] }],
    ['8 certificates', { certificates: distinct(8) }, { certificates: distinct(9) }],
    ['8 lists', { revocations: distinct(8) }, { revocations: distinct(9) }],
    ['no certificates and no lists', { certificates: [], revocations: [] }, { certificates: null }],
    ['different certificates', { certificates: distinct(2) }, { certificates: ['AA==', 'AA=='] }],
    ['a short token', { token: 'AA==' }, { token: '' }],
    ['canonical base64', { token: 'AAA=' }, { token: 'AAB=' }],
  ])('may have %s, not more or other', (_, most, beyond) => {
    expect(parseRfc3161Attestation({ ...attestation, ...most })).toEqual({ ...attestation, ...most });
    expect(() => parseRfc3161Attestation({ ...attestation, ...beyond })).toThrow(
      expect.objectContaining({ code: 'bad-attestation' }),
    );
  });
});
