import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseCode } from '#paper/codec.js';
import { checkSignature } from '#paper/verify.js';
import { type SampleOptions, sampleProof } from '#proof/testing/sample-proof.js';
import { parseVerifierKey } from '#tlog/verifier-key.js';
import { run } from '../run.js';
import { fakeContext } from '../testing/fake-context.js';

let folder: string;
const at = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sealroot-qr-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const asked: unknown[] = [];
async function sealroot(...args: string[]) {
  const context = fakeContext((input) => {
    asked.push(input);
    return Promise.reject(new Error('no network'));
  });
  return Object.assign(context, { exitCode: await run(args, context) });
}

async function keep(name: string, document: string | Uint8Array, options: SampleOptions = {}) {
  const made = sampleProof({
    document: typeof document === 'string' ? Buffer.from(document) : document,
    blinded: true,
    ...options,
  });
  await writeFile(at(name), made.document);
  await writeFile(at(`${name}.sealroot.json`), made.text);
  return made;
}

it('makes the code of a permit from its text and proof, without a network', async () => {
  const { key, salt } = await keep('permit.txt', 'GATE PERMIT 4711\nZone B');
  const made = await sealroot('qr', at('permit.txt'), '--format', 'text');
  expect(made).toMatchObject({ exitCode: 0, stderr: '' });
  const code = parseCode(made.stdout.trimEnd());
  expect(code).toMatchObject({ form: 'self-contained', document: { text: 'GATE PERMIT 4711\nZone B', salt } });
  expect(checkSignature(code, parseVerifierKey(key))).toBe('signed');
  const small = await sealroot('qr', at('permit.txt'), '--format', 'text', '--form', 'landmark', '--no-text');
  expect(parseCode(small.stdout.trimEnd())).toMatchObject({ form: 'landmark', document: undefined });
  const png = await sealroot('qr', at('permit.txt'), '--format', 'png', '--out', at('permit.png'));
  expect(png).toMatchObject({ exitCode: 0, stdout: '', stderr: `Wrote ${at('permit.png')}.\n` });
  expect((await readFile(at('permit.png'))).subarray(1, 4).toString()).toBe('PNG');
  expect((await stat(at('permit.png'))).mode & 0o777).toBe(0o600);
  expect((await sealroot('qr', at('permit.txt'))).stdout).toMatch(/^<svg /);
  expect(asked).toEqual([]);
});

it('takes the salt from the command line where the proof has none', async () => {
  const { proof, salt } = await keep('salted.txt', 'A permit');
  const { salt: _, ...closed } = proof;
  await writeFile(at('salted.txt.sealroot.json'), JSON.stringify(closed));
  expect(await sealroot('qr', at('salted.txt'))).toMatchObject({
    exitCode: 65,
    stderr: expect.stringContaining('salt'),
  });
  const made = await sealroot('qr', at('salted.txt'), '--format', 'text', '--salt', Buffer.from(salt!).toString('hex'));
  expect(parseCode(made.stdout.trimEnd()).document?.salt).toEqual(salt);
  expect(await sealroot('qr', at('salted.txt'), '--salt', '00'.repeat(32))).toMatchObject({ exitCode: 76, stdout: '' });
});

it('makes no code of another document, of one that is no text, or too long a one', async () => {
  await keep('other.txt', 'A permit');
  await writeFile(at('other.txt'), 'Another permit');
  expect(await sealroot('qr', at('other.txt'))).toMatchObject({ exitCode: 76, stdout: '' });
  await keep('permit.pdf', Uint8Array.of(0x25, 0x50, 0x44, 0x46, 0xff));
  expect(await sealroot('qr', at('permit.pdf'))).toMatchObject({
    exitCode: 65,
    stderr: expect.stringContaining('--no-text'),
  });
  expect((await sealroot('qr', at('permit.pdf'), '--no-text', '--format', 'text')).stdout).toMatch(/^SR1:/);
  await keep('long.txt', 'X'.repeat(700));
  expect(await sealroot('qr', at('long.txt'))).toMatchObject({
    exitCode: 65,
    stderr: expect.stringContaining('too long'),
  });
});
