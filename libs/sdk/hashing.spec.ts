import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { DIGEST_ALGORITHMS } from '#statement/digest.js';
import { blindDigests, digestDocument, digestsToHex, type DocumentSource, drawSalt } from './hashing.js';

const document = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 31) & 0xff);
const expected = Object.fromEntries(
  DIGEST_ALGORITHMS.map((name) => [name, createHash(name).update(document).digest('hex')]),
);

async function* pieces() {
  for (let at = 0; at < document.length; at += 7001) yield await Promise.resolve(document.subarray(at, at + 7001));
}

describe('hashing a document', () => {
  const sources: [string, () => DocumentSource][] = [
    ['in memory', () => document],
    ['in a buffer', () => document.slice().buffer],
    ['in a file', () => new Blob([document])],
    ['as a stream', () => new Blob([document]).stream()],
    ['piece by piece', pieces],
  ];
  it.each(sources)('gives the digests that OpenSSL gives: %s', async (_, source) => {
    expect(digestsToHex(await digestDocument(source(), { algorithms: DIGEST_ALGORITHMS }))).toEqual(expected);
  });

  it('uses functions of the platform, tells how far it is, and stops when asked to', async () => {
    const told: number[] = [];
    const options = { createHash: (name: string) => createHash(name), onProgress: (bytes: number) => told.push(bytes) };
    expect(digestsToHex(await digestDocument(pieces(), options))).toEqual({ sha256: expected['sha256'] });
    expect(told.at(-1)).toBe(document.length);
    const stopping = AbortSignal.abort(new Error('enough'));
    await expect(digestDocument(pieces(), { signal: stopping })).rejects.toThrow('enough');
  });

  it('is blinded by a salt of 32 random bytes', async () => {
    const salt = drawSalt();
    expect(salt).toHaveLength(32);
    expect(drawSalt()).not.toEqual(salt);
    const digests = await digestDocument(document);
    expect(digestsToHex(blindDigests(digests, salt))).toEqual({
      sha256: createHash('sha256').update(salt).update(digests.sha256!).digest('hex'),
    });
  });
});
