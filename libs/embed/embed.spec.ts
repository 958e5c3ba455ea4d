import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type ByteSource, joined, memorySource } from './byte-source.js';
import { embed, planEmbedding } from './embed.js';
import { EmbedError } from './error.js';
import { fileOf, findEmbedded, findRemains, sealedPart } from './find-embedded.js';
import { nameWithoutProof, nameWithProof } from './file-name.js';
import { ascii } from './format.js';
import { SMALL_PDF, smallZip, smallZip64 } from './testing/embed-cases.js';

const readAll = (source: ByteSource) => source.read(0, source.size);
const codeOf = (made: Promise<unknown>) =>
  made.then(
    () => undefined,
    (error: unknown) => (error instanceof EmbedError ? error.code : error),
  );

describe.each([
  ['PDF', SMALL_PDF, 2_097_152],
  ['ZIP', smallZip(), 2_097_152],
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
  ['ZIP64', smallZip64()],
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
    const plan = await planEmbedding(document, ascii('proof'), { signed: true });
    expect(plan.kept).toBe(document.size);
    expect(document.readBytes).toBeLessThan(100_000);
    const file = fileOf(document, plan);
    const found = await findEmbedded(file);
    expect(found).toMatchObject({ exact: true, kept: document.size });
    expect(document.readBytes).toBeLessThan(300_000);
    expect(document.largest).toBeLessThan(100_000);
    expect(createHash('sha256').update(found!.proof).digest('hex')).toBe(
      createHash('sha256').update('proof').digest('hex'),
    );
  });
});

describe('a container', () => {
  const document = ascii('a document of any kind');
  const proof = ascii('{"not":"looked into"}\n');

  it('is exact with no bit changed, no byte cut off and none added', async () => {
    const file = await embed(document, proof, { container: 'a.txt' });
    const exact = async (bytes: Uint8Array) => {
      const found = await findEmbedded(memorySource(bytes));
      const part = found && (await readAll(sealedPart(memorySource(bytes), found)));
      return part?.join() === document.join() && found!.proof.join() === proof.join() && found!.name === 'a.txt';
    };
    expect(await exact(file)).toBe(true);
    for (let at = 0; at < file.length; at++)
      for (let bit = 1; bit < 256; bit *= 2) if (await exact(file.with(at, file[at]! ^ bit))) expect([at, bit]).toBe(0);
    for (let at = 0; at <= file.length; at++)
      if (await exact(joined(file.subarray(0, at), ascii('\0'), file.subarray(at)))) expect(at).toBe(-1);
    expect(await exact(file.subarray(0, -1))).toBe(false);
  });

  it('takes documents of any kind but one with a proof in it, and no proof that is too long', async () => {
    const made = (of: Uint8Array, by = proof) => codeOf(embed(of, by, { container: 'a' }));
    expect(await made(new Uint8Array())).toBeUndefined();
    expect(await made(await embed(document, proof, { container: 'a' }))).toBe('embedded');
    expect(await made(document, new Uint8Array(2_097_152))).toBeUndefined();
    expect(await made(document, new Uint8Array(2_097_153))).toBe('too-large');
  });

  it('is made of 4 gigabytes at most, and of more than is in memory', async () => {
    let largest = 0;
    const zeros = (size: number): ByteSource => ({
      size,
      read: (from, to) => {
        largest = Math.max(largest, to - from);
        return Promise.resolve(new Uint8Array(to - from));
      },
    });
    const { tail } = await planEmbedding(zeros(50_000_000), proof, { container: 'a' });
    expect(largest).toBeLessThan(2_000_000);
    expect(tail.length).toBeLessThan(500);
    const huge: ByteSource = { ...zeros(0), size: 4_290_000_001 };
    expect(await codeOf(planEmbedding(huge, proof, { container: 'a' }))).toBe('too-large');
  });
});

it.each([
  ['permit.pdf', 'permit.pdf'],
  ['许可证.ofd', '许可证.ofd'],
  ['../../etc/passwd', '_.._etc_passwd'],
  ['con\u202efdp.exe', 'con_fdp.exe'],
  ['a\0b', 'a_b'],
  ['.hidden', 'hidden'],
  ['MimeType', 'document-MimeType'],
  ['...', 'document-'],
  [`${'a'.repeat(300)}.pdf`, `${'a'.repeat(196)}.pdf`],
  ['e\u0301.txt', 'é.txt'],
])('a document named %j is called %j in its container', async (name, called) => {
  const found = await findEmbedded(memorySource(await embed(ascii('a'), ascii('p'), { container: name })));
  expect(found?.name).toBe(called);
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
