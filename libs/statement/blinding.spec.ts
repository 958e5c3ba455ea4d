import { createHash, getHashes } from 'node:crypto';
import { bytesToHex } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blindedDigest, digestOf } from './blinding.js';
import { DIGEST_ALGORITHMS, DIGEST_BYTES } from './digest.js';
import { createSm3, sm3 } from './sm3.js';

const ascii = (text: string) => new TextEncoder().encode(text);

describe('digests', () => {
  it('agree with the published SM3 examples (GB/T 32905-2016, appendix A)', () => {
    expect(bytesToHex(sm3(ascii('abc')))).toBe('66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0');
    expect(bytesToHex(sm3(ascii('abcd'.repeat(16))))).toBe(
      'debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732',
    );
  });

  it('agree with OpenSSL for every length around the block sizes', () => {
    for (const algorithm of DIGEST_ALGORITHMS) {
      if (!getHashes().includes(algorithm)) throw new Error(`expected an OpenSSL with ${algorithm}, got one without`);
      for (let length = 0; length < 300; length++) {
        const data = Uint8Array.from({ length }, (_, i) => (i * 7 + length) & 0xff);
        expect(bytesToHex(digestOf(algorithm, data))).toBe(createHash(algorithm).update(data).digest('hex'));
      }
    }
  });

  it('are the same in pieces, SM3 too', () => {
    const pieces = fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 8 });
    fc.assert(
      fc.property(pieces, (parts) => {
        const running = createSm3();
        for (const part of parts) running.update(part);
        expect(bytesToHex(running.digest())).toBe(createHash('sm3').update(Buffer.concat(parts)).digest('hex'));
      }),
    );
  });

  it('are blinded by hashing the salt before the digest', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...DIGEST_ALGORITHMS),
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.uint8Array({ minLength: 64, maxLength: 64 }),
        (algorithm, salt, bytes) => {
          const digest = bytes.slice(0, DIGEST_BYTES[algorithm]);
          expect(bytesToHex(blindedDigest(algorithm, salt, digest))).toBe(
            createHash(algorithm).update(salt).update(digest).digest('hex'),
          );
        },
      ),
    );
    const refused = expect.objectContaining({ name: 'StatementError', code: 'bad-digest' });
    expect(() => blindedDigest('sha256', new Uint8Array(31), new Uint8Array(32))).toThrow(refused);
    expect(() => blindedDigest('sha512', new Uint8Array(32), new Uint8Array(32))).toThrow(refused);
  });
});
