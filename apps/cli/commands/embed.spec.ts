import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SMALL_PDF, smallZip } from '#embed/testing/embed-cases.js';
import type { Finding } from '#proof/finding.js';
import { type SampleOptions, type SampleProof, sampleProof } from '#proof/testing/sample-proof.js';
import { formatProof, type Proof } from '#proof/proof.js';
import { lookupAnswer } from '#sdk/testing/lookup-answers.js';
import { run } from '../run.js';
import { fakeContext } from '../testing/fake-context.js';

let folder: string;
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sealroot-embed-'));
});
beforeEach(async () => {
  for (const name of await readdir(folder)) await rm(at(name));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const sealroot = async (...args: string[]) => {
  const context = fakeContext((input) => {
    const held = (served === '' ? [] : [JSON.parse(served) as Proof]).map(({ id, statement }) => ({
      digest: Object.values(statement.digests)[0]!,
      id,
      line: served,
    }));
    return Promise.resolve(lookupAnswer(new URL(input as string), held) ?? new Response('', { status: 404 }));
  });
  const exitCode = await run(args, context);
  return Object.assign(context, { exitCode });
};
/** The proof that the service has. */
let served = '';

const pending = { checkpoints: [{ size: 5, attestations: ['pending' as const] }] };

/** Keeps a document and its proof beside it. */
async function keep(name: string, document: Uint8Array, options: SampleOptions = {}): Promise<SampleProof> {
  const made = sampleProof({ document, ...options });
  await writeFile(at(name), made.document);
  await writeFile(at(`${name}.sealroot.json`), made.text);
  return made;
}

/** Verifies and returns the result and what was found of the document. */
async function verify(...args: string[]) {
  const { exitCode, stdout } = await sealroot('verify', ...args, '--json');
  const result = JSON.parse(stdout) as { verdict: string; findings: Finding[]; files: unknown[] };
  return { exitCode, ...result, document: result.findings.find(({ check }) => check === 'document') };
}

describe.each([
  ['permit.pdf', 'permit.sealroot.pdf', SMALL_PDF],
  ['permit.docx', 'permit.sealroot.docx', smallZip()],
])('%s', (name, made, document) => {
  it('gets its proof inside and is then verified without any other file, by its sealed part', async () => {
    const { key } = await keep(name, document, pending);
    expect(await sealroot('embed', at(name))).toMatchObject({ exitCode: 0, stderr: `Wrote ${at(made)}.\n` });
    await rm(at(`${name}.sealroot.json`));
    expect(await readFile(at(name))).toEqual(Buffer.from(document));
    expect(await verify(at(made), '--log-key', key)).toMatchObject({
      verdict: 'pending',
      document: { outcome: 'passed', sealedBytes: document.length },
      files: [],
    });
  });

  it('is a mismatch once anything is appended, and its registered version can be had', async () => {
    await keep(name, document, pending);
    await sealroot('embed', at(name));
    await writeFile(at('grown'), Buffer.concat([await readFile(at(made)), Buffer.from('one more page')]));
    const grown = await verify(at('grown'), '--extract', at('registered'));
    expect(grown).toMatchObject({
      exitCode: 1,
      verdict: 'mismatch',
      document: { outcome: 'failed', reason: 'appended', sealedBytes: document.length },
    });
    expect(await readFile(at('registered'))).toEqual(Buffer.from(document));
  });

  it('is a mismatch like any other when the sealed part itself was changed', async () => {
    await keep(name, document, pending);
    await sealroot('embed', at(name));
    const file = await readFile(at(made));
    file[12]! ^= 1;
    await writeFile(at(made), file);
    const result = await verify(at(made));
    expect(result).toMatchObject({ verdict: 'mismatch', document: { outcome: 'failed', reason: 'differs' } });
    const { exitCode, stderr } = await sealroot('verify', at(made), '--extract', at('registered'));
    expect(exitCode).toBe(65);
    expect(stderr).toContain('expected a file with a proof inside that fits it');
  });

  it('is renewed in place as the proof ripens, and never loses anything', async () => {
    await keep(name, document, pending);
    await sealroot('embed', at(name));
    await rm(at(`${name}.sealroot.json`));
    served = sampleProof({ document }).text;
    expect((await sealroot('embed', at(made))).stderr).toBe(`Wrote ${at(made)}.\n`);
    const anchors = (await verify(at(made))).findings.filter(({ check }) => check === 'anchor');
    expect(anchors.map(({ outcome }) => outcome)).toContain('unavailable');
    // The older proof adds nothing to the newer one.
    served = sampleProof({ document, ...pending }).text;
    expect((await sealroot('embed', at(made))).stderr).toBe(`${at(made)} has all of it already.\n`);
    served = '';
    expect((await verify(at(made))).document).toMatchObject({ outcome: 'passed' });
  });

  it('is left alone by any other document, and by its own without a proof', async () => {
    await keep(name, document, pending);
    for (const out of [name, `${name}.sealroot.json`]) {
      const before = await readFile(at(out));
      const { exitCode, stderr } = await sealroot('embed', at(name), '--out', at(out));
      expect(exitCode).toBe(73);
      expect(stderr).toContain('nothing was written');
      expect(await readFile(at(out))).toEqual(before);
    }
  });
});

it('a document with another one’s proof beside it is not given it', async () => {
  const { text } = await keep('permit.pdf', SMALL_PDF);
  await writeFile(at('other.pdf'), SMALL_PDF.with(10, 0x41));
  await writeFile(at('other.pdf.sealroot.json'), text);
  const { exitCode } = await sealroot('embed', at('other.pdf'));
  expect(exitCode).toBe(76);
  expect(await readdir(folder)).not.toContain('other.sealroot.pdf');
});

it('a signed PDF, or any other file, goes into a container with its proof, is verified there, and its proof renewed', async () => {
  const signed = new TextEncoder().encode('%PDF-1.7\n/ByteRange [0 1 2 3]\nstartxref\n9\n%%EOF\n');
  for (const [name, document] of [
    ['signed.pdf', signed],
    ['note.txt', new TextEncoder().encode('a note')],
  ] as const) {
    const { key, proof } = await keep(name, document, pending);
    const made = `${name}.sealroot.zip`;
    expect(await sealroot('embed', at(name), '--container')).toMatchObject({ stderr: `Wrote ${at(made)}.\n` });
    await rm(at(`${name}.sealroot.json`));
    expect(await verify(at(made), '--log-key', key)).toMatchObject({
      verdict: 'pending',
      document: { outcome: 'passed' },
    });
    served = formatProof({ ...proof, log: sampleProof({ document }).proof.log });
    expect((await sealroot('embed', at(made), '--url', 'https://a.example')).stderr).toBe(`Wrote ${at(made)}.\n`);
    expect(await verify(at(made), '--log-key', key)).toMatchObject({ verdict: 'unavailable' });
    served = '';
    await writeFile(at(made), Buffer.concat([await readFile(at(made)), Buffer.from('x')]));
    const { document: found, verdict } = await verify(at(made), '--log-key', key);
    expect([verdict, found]).toMatchObject(['mismatch', { outcome: 'failed', reason: 'differs' }]);
  }
});

it('a signed PDF is refused with the reason and what to do instead, unless it is asked for', async () => {
  const signed = Buffer.from(`%PDF-1.7\n/ByteRange [0 1 2 3]\nstartxref\n9\n%%EOF\n`);
  await keep('signed.pdf', new Uint8Array(signed));
  const { exitCode, stderr } = await sealroot('embed', at('signed.pdf'));
  expect(exitCode).toBe(65);
  expect(stderr).toMatch(/signature, which would no longer cover all of it.*beside it.*--container.*--signed/);
  expect((await sealroot('embed', at('signed.pdf'), '--signed')).exitCode).toBe(0);
  // What was asked for once holds for the renewed file.
  expect((await sealroot('embed', at('signed.sealroot.pdf'), at('signed.pdf.sealroot.json'))).exitCode).toBe(0);
});

it('a blinded document keeps its salt inside, and is opened by it', async () => {
  await keep('licence.pdf', SMALL_PDF, { blinded: true });
  await sealroot('embed', at('licence.pdf'));
  await rm(at('licence.pdf.sealroot.json'));
  expect((await verify(at('licence.sealroot.pdf'))).document).toMatchObject({ outcome: 'passed', blinded: true });
});

it('a file with its proof inside that was registered as it is, is compared as a whole with that registration', async () => {
  await keep('permit.pdf', SMALL_PDF);
  await sealroot('embed', at('permit.pdf'));
  const whole = new Uint8Array(await readFile(at('permit.sealroot.pdf')));
  const { text } = sampleProof({ document: whole });
  await writeFile(at('whole.json'), text);
  const result = await verify(at('permit.sealroot.pdf'), '--proof', at('whole.json'));
  expect(result.document).toEqual({ ...result.document, outcome: 'passed', sealedBytes: undefined });
  expect((await stat(at('permit.sealroot.pdf'))).size).toBe(whole.length);
});
