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

  it('agrees too where the browser reads no files as streams of bytes', async () => {
    const bytes = new Uint8Array(3 * CHUNK + 1).map((_, i) => (i * 17) & 0xff);
    const parts = [bytes.subarray(0, 1), bytes.subarray(1, CHUNK + 9), bytes.subarray(CHUNK + 9)];
    const older = { size: bytes.length, stream: () => new Blob(parts).stream() };
    const { sha256 } = await hashFile(older as unknown as Blob, ['sha256']);
    expect(bytesToHex(sha256!)).toBe(createHash('sha256').update(bytes).digest('hex'));
  });

  it('tells how far it is, in steps that are worth telling, and at the end', async () => {
    const seen: number[] = [];
    await hashFile(new Blob([new Uint8Array(2 * CHUNK + 5)]), ['sha256'], { onProgress: (done) => seen.push(done) });
    expect(seen.length).toBeLessThanOrEqual(3);
    expect(seen.length).toBeGreaterThan(1);
    expect(seen.at(-1)).toBe(2 * CHUNK + 5);
    expect(seen).toEqual(seen.toSorted((one, other) => one - other));
  });

  it('stops when it is aborted', async () => {
    const stop = new AbortController();
    const hashing = hashFile(new Blob([new Uint8Array(3 * CHUNK)]), ['sha256'], {
      onProgress: () => stop.abort(new Error('enough')),
      signal: stop.signal,
    });
    await expect(hashing).rejects.toThrow('enough');
  });

  it.each([10, 3 * CHUNK])(
    'says that a file of %d bytes could not be read when the browser refuses it',
    async (size) => {
      const refuse = () => Promise.reject(new Error('NotReadableError'));
      const gone = { size, arrayBuffer: refuse, stream: () => new ReadableStream({ type: 'bytes', pull: refuse }) };
      const hashing = hashFile(gone as unknown as Blob, ['sha256']);
      await expect(hashing).rejects.toMatchObject({ name: 'HashFileError', code: 'unreadable-file' });
      await expect(hashing).rejects.toBeInstanceOf(HashFileError);
    },
  );

  it('says so too when the file ends early', async () => {
    const short = { size: 10, arrayBuffer: () => Promise.resolve(new ArrayBuffer(4)) };
    await expect(hashFile(short as unknown as Blob, ['sha256'])).rejects.toThrow('expected 10 bytes, got 4');
  });
});
