import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memorySource } from './byte-source.js';
import { embed } from './embed.js';
import { findEmbedded } from './find-embedded.js';
import { hasPrograms } from '#setting/testing/programs.js';
import { makePdfs, makeZips } from './testing/documents.js';

const run = promisify(execFile);
/** What a program says, on both of its outputs; it must not fail. */
const said = async (program: string, ...args: string[]) => {
  const { stdout, stderr } = await run(program, args, { maxBuffer: 1 << 26 });
  return stdout + stderr;
};
const proof = new TextEncoder().encode('{"not":"looked into here"}\n'.repeat(300));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sealroot-embed-'));
});
afterAll(() => rm(folder, { recursive: true }));

const pdfPrograms = { pdfinfo: 'poppler-utils', qpdf: 'qpdf', mutool: 'mupdf-tools', openssl: 'openssl' };
describe.skipIf(!hasPrograms(pdfPrograms))('a real PDF with a proof in it', () => {
  let pdfs: Record<string, string>;
  beforeAll(async () => {
    pdfs = await makePdfs(folder);
  });
  const embedded = async (kind: string) => {
    const path = join(folder, `${kind}.with-proof.pdf`);
    await writeFile(path, await embed(new Uint8Array(await readFile(pdfs[kind]!)), proof, { signed: true }));
    return path;
  };

  it.each(['classic', 'xref-stream', 'linearised', 'encrypted', 'signed'])(
    'is read as before by poppler, qpdf and mupdf, none of which repairs it: %s',
    async (kind) => {
      const path = await embedded(kind);
      expect(await said('pdftotext', path, '-')).toBe(await said('pdftotext', pdfs[kind]!, '-'));
      const info = (text: string) => text.replace(/^(File size|Optimized): .*\n/gm, '');
      expect(info(await said('pdfinfo', path))).toBe(info(await said('pdfinfo', pdfs[kind]!)));
      expect(await said('mutool', 'draw', '-F', 'txt', path)).toBe(
        await said('mutool', 'draw', '-F', 'txt', pdfs[kind]!),
      );
      const check = await run('qpdf', ['--check', path]).catch((error: { stdout: string; stderr: string }) => error);
      expect(check.stdout + check.stderr).not.toMatch(/repair|recover|reconstruct|damaged/i);
      expect(await findEmbedded(memorySource(new Uint8Array(await readFile(path))))).toMatchObject({ proof });
    },
  );

  it('keeps its signature valid where it is signed, and is then no longer signed to its end', async () => {
    const [before, after] = [await said('pdfsig', pdfs['signed']!), await said('pdfsig', await embedded('signed'))];
    for (const text of [before, after]) expect(text).toContain('Signature Validation: Signature is Valid.');
    expect(before).toContain('Total document signed');
    expect(after).not.toContain('Total document signed');
  });

  it('is refused where it is signed and that was not asked for, and only there', async () => {
    for (const [kind, path] of Object.entries(pdfs)) {
      const made = embed(new Uint8Array(await readFile(path)), proof);
      if (kind === 'signed') await expect(made).rejects.toMatchObject({ code: 'signed' });
      else await made;
    }
  });

  it('has no exact proof once another program has saved it', async () => {
    const saved = join(folder, 'saved.pdf');
    await run('qpdf', [await embedded('classic'), saved]);
    expect(await findEmbedded(memorySource(new Uint8Array(await readFile(saved))))).toBeUndefined();
  });
});

/** Number and hash of all that Python reads of a ZIP file's directory. */
const LIST = `
import hashlib, sys, zipfile
members = [(m.filename, m.date_time, m.file_size, m.CRC, m.header_offset) for m in zipfile.ZipFile(sys.argv[1]).infolist()]
print(len(members), hashlib.sha256(repr(members).encode()).hexdigest())
`;

/** Prints what Python reads of a ZIP file: the names of its members, and the content of each as hex. */
const READ = `
import json, sys, zipfile
file = zipfile.ZipFile(sys.argv[1])
assert file.testzip() is None
print(json.dumps({m.filename: file.read(m).hex() for m in file.infolist()}))
`;

const zipPrograms = { unzip: 'unzip', python3: 'python3' };
describe.skipIf(!hasPrograms(zipPrograms))('a container', () => {
  it('is opened by unzip and Python, with the document as it was and the proof', async () => {
    const document = Buffer.from('%PDF-1.7 /ByteRange');
    const path = join(folder, 'container.zip');
    await writeFile(path, await embed(new Uint8Array(document), proof, { container: '许可证.pdf' }));
    expect(await said('unzip', '-tqq', path)).toBe('');
    expect(await said('unzip', '-p', path, '*.pdf')).toBe(document.toString());
    expect(JSON.parse(await said('python3', '-c', READ, path))).toEqual({
      mimetype: Buffer.from('application/vnd.sealroot.container+zip').toString('hex'),
      '许可证.pdf': document.toString('hex'),
      'META-INF/sealroot-proof.json': Buffer.from(proof).toString('hex'),
    });
  });
});

describe.skipIf(!hasPrograms(zipPrograms))('a real ZIP file with a proof in it', () => {
  it('is read as before by unzip and Python, with ZIP64 records too', async () => {
    for (const path of await makeZips(folder)) {
      const file = join(folder, `with-proof.${basename(path)}`);
      await writeFile(file, await embed(new Uint8Array(await readFile(path)), proof));
      expect(await said('unzip', '-tqq', file)).toBe('');
      const list = (name: string) => said('python3', '-c', LIST, name);
      expect(await list(file)).toBe(await list(path));
      expect(await findEmbedded(memorySource(new Uint8Array(await readFile(file))))).toMatchObject({ proof });
    }
  });
});
