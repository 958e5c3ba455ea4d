import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type ByteSource, joined, memorySource, partOf } from './byte-source.js';
import { embed, planEmbedding } from './embed.js';
import { EmbedError } from './error.js';
import { findEmbedded, findRemains, sealedPart } from './find-embedded.js';
import { nameWithoutProof, nameWithProof } from './file-name.js';
import { ascii } from './format.js';
import { SMALL_PDF, smallZip } from './testing/embed-cases.js';

const readAll = (source: ByteSource) => source.read(0, source.size);
const codeOf = (made: Promise<unknown>) =>
  made.then(
    () => undefined,
    (error: unknown) => (error instanceof EmbedError ? error.code : error),
  );

describe.each([
  ['PDF', SMALL_PDF, 2_097_152],
  ['ZIP', smallZip(), 49_137],
])('the longest proof in a %s', (_, document, most) => {
  it('goes in and comes out', async () => {
    const proof = new Uint8Array(most).fill(0x61);
    const file = await embed(document, proof);
    const found = await findEmbedded(memorySource(file));
    expect(Buffer.from(found!.proof).equals(proof)).toBe(true);
    expect(await readAll(sealedPart(memorySource(file), found!))).toEqual(document);
  });

  it('is not passed by a byte', async () => {
    expect(await codeOf(embed(document, new Uint8Array(most + 1)))).toBe('too-large');
  });
});

describe.each([
  ['PDF', SMALL_PDF],
  ['ZIP', smallZip()],
])('a %s with a proof in it', (_, document) => {
  const [early, late] = [ascii('early'), ascii('a later and longer proof')];

  it('is renewed in place: a later proof in its sealed part makes the file that it would have made at first', async () => {
    const file = memorySource(await embed(document, early));
    const { kept, tail } = await planEmbedding(sealedPart(file, (await findEmbedded(file))!), late);
    const renewed = joined(await file.read(0, kept), tail);
    expect(renewed).toEqual(await embed(document, late));
  });

  it('is not exact once any byte after the document is another', async () => {
    const file = await embed(document, early);
    for (let at = document.length - 2; at < file.length; at++) {
      const found = await findEmbedded(memorySource(file.with(at, file[at]! ^ 1)));
      // What is still exact is another proof of another document, never this one.
      if (found === undefined) continue;
      const part = await readAll(sealedPart(memorySource(file.with(at, file[at]! ^ 1)), found));
      expect([part.join(), found.proof.join()]).not.toEqual([document.join(), early.join()]);
    }
  });

  it('may have anything appended, and still tells its sealed part', async () => {
    const file = memorySource(joined(await embed(document, early), new Uint8Array(3_000_000)));
    expect(await findEmbedded(file)).toBeUndefined();
    const [found, ...others] = await findRemains(file);
    expect(others).toEqual([]);
    expect(found).toMatchObject({ exact: false, proof: early });
    expect(await readAll(sealedPart(file, found!))).toEqual(document);
  });
});

describe('a large file', () => {
  /** A gigabyte that is nowhere at once: what was read of it is counted. */
  function gigabyte(ending: Uint8Array): ByteSource & { readBytes: number; largest: number } {
    const size = 1_000_000_000;
    const start = size - ending.length;
    return {
      size,
      readBytes: 0,
      largest: 0,
      read(from, to) {
        this.readBytes += to - from;
        this.largest = Math.max(this.largest, to - from);
        const bytes = new Uint8Array(to - from);
        if (from === 0) bytes.set(ascii('%PDF-').subarray(0, bytes.length));
        if (to > start) bytes.set(ending.subarray(Math.max(0, from - start)), Math.max(0, start - from));
        return Promise.resolve(bytes);
      },
    };
  }

  it('is not read to find its proof, nor held in memory', async () => {
    const document = gigabyte(ascii('startxref\n9\n%%EOF\n'));
    const { kept, tail } = await planEmbedding(document, ascii('proof'), { signed: true });
    expect(kept).toBe(document.size);
    expect(document.readBytes).toBeLessThan(100_000);
    const file = partOf(document, kept, tail);
    const found = await findEmbedded(file);
    expect(found).toMatchObject({ exact: true, kept });
    expect(document.readBytes).toBeLessThan(300_000);
    expect(document.largest).toBeLessThan(100_000);
    expect(createHash('sha256').update(found!.proof).digest('hex')).toBe(
      createHash('sha256').update('proof').digest('hex'),
    );
  });
});

it.each([
  ['contract.pdf', 'contract.sealroot.pdf'],
  ['a.folder/contract', 'a.folder/contract.sealroot'],
  ['.hidden', '.hidden.sealroot'],
  ['archive.tar.gz', 'archive.tar.sealroot.gz'],
])('a file named %s is called %s with its proof inside, and back', (name, made) => {
  expect([nameWithProof(name), nameWithProof(made), nameWithoutProof(name)]).toEqual([made, made, name]);
  expect(nameWithoutProof(made)).toBe(name);
});
