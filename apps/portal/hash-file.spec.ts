import { createHash } from 'node:crypto';
import { bytesToHex } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { DIGEST_ALGORITHMS } from '#statement/digest.js';
import { HashFileError, hashFile } from './hash-file.js';

const CHUNK = 2 * 1024 * 1024;

describe('hashFile', () => {
  it.each([0, 1, 64, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK + 7])(
    'agrees with Node on %d bytes, for every algorithm',
    async (size) => {
      const bytes = new Uint8Array(size).map((_, i) => (i * 31) & 0xff);
      const digests = await hashFile(new Blob([bytes]), DIGEST_ALGORITHMS);
      for (const algorithm of DIGEST_ALGORITHMS) {
        expect(bytesToHex(digests[algorithm]!)).toBe(createHash(algorithm).update(bytes).digest('hex'));
      }
    },
  );

  it('tells how far it is after each chunk', async () => {
    const seen: number[] = [];
    await hashFile(new Blob([new Uint8Array(2 * CHUNK + 5)]), ['sha256'], { onProgress: (done) => seen.push(done) });
    expect(seen).toEqual([CHUNK, 2 * CHUNK, 2 * CHUNK + 5]);
  });

  it('stops when it is aborted', async () => {
    const stop = new AbortController();
    const hashing = hashFile(new Blob([new Uint8Array(3 * CHUNK)]), ['sha256'], {
      onProgress: () => stop.abort(new Error('enough')),
      signal: stop.signal,
    });
    await expect(hashing).rejects.toThrow('enough');
  });

  it('says that a file could not be read when the browser refuses it', async () => {
    const gone = { size: 10, slice: () => ({ arrayBuffer: () => Promise.reject(new Error('NotReadableError')) }) };
    const hashing = hashFile(gone as unknown as Blob, ['sha256']);
    await expect(hashing).rejects.toMatchObject({ name: 'HashFileError', code: 'unreadable-file' });
    await expect(hashing).rejects.toBeInstanceOf(HashFileError);
  });

  it('says so too when the file ends early', async () => {
    const short = { size: 10, slice: () => ({ arrayBuffer: () => Promise.resolve(new ArrayBuffer(4)) }) };
    await expect(hashFile(short as unknown as Blob, ['sha256'])).rejects.toThrow('expected 10 bytes, got 4');
  });
});
