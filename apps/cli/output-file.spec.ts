import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatProof, type Proof } from '#proof/proof.js';
import { sampleProof } from '#proof/testing/sample-proof.js';
import { en } from '#words/en/index.js';
import { writeWholeFile } from './output-file.js';
import { keepProof } from './evidence-file.js';
import { findSalt, keepSalt } from './salt-file.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sealroot-output-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('writing files', () => {
  it('makes the folders on the way and leaves nothing else behind', async () => {
    expect(await writeWholeFile(join(folder, 'a', 'b'), 'text', { replace: false })).toBe(true);
    expect(await readdir(join(folder, 'a'))).toEqual(['b']);
  });

  it('leaves a file that is there unless told to replace it', async () => {
    const path = join(folder, 'a');
    await writeFile(path, 'old');
    expect(await writeWholeFile(path, 'new', { replace: false })).toBe(false);
    expect(await readFile(path, 'utf8')).toBe('old');
    expect(await writeWholeFile(path, 'new', { replace: true })).toBe(true);
    expect(await readdir(folder)).toEqual(['a']);
  });

  it('says where it cannot write', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(writeWholeFile(join(folder, 'file', 'x'), '', { replace: true })).rejects.toMatchObject({
      code: 'cannot-create',
    });
  });
});

describe('proof files', () => {
  const short = sampleProof({ checkpoints: [{ size: 5, attestations: ['pending'] }] }).proof;
  const grown = sampleProof({ checkpoints: [{ size: 5, attestations: ['pending', 'bitcoin'] }] }).proof;

  it('grow with the same record’s proof, and take the place of nothing else', async () => {
    const [path, other] = [join(folder, 'p'), join(folder, 'q')];
    const keep = (proof: Proof) => keepProof(proof, path, other, { inputs: [], language: en, now: new Date(0) });
    expect(await keep(short)).toBe(path);
    expect(await keep(grown)).toBe(path);
    expect(await readFile(path, 'utf8')).toBe(formatProof(grown));
    const { proof } = sampleProof({ document: new Uint8Array(1) });
    expect(await keep(short)).toBe(path);
    expect(await keep(proof)).toBe(other);
    expect(await readFile(path, 'utf8')).toBe(formatProof(grown));
    await writeFile(other, 'mine');
    await expect(keep(proof)).rejects.toMatchObject({ code: 'cannot-create' });
    expect(await readFile(other, 'utf8')).toBe('mine');
  });

  it('with a salt are readable by their owner alone', async () => {
    const path = join(folder, 'p');
    await keepProof(sampleProof({ blinded: true }).proof, path, path, { inputs: [], language: en, now: new Date(0) });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });
});

describe('salt files', () => {
  const one = { sha256: new Uint8Array(32).fill(1) };
  const two = { sha256: new Uint8Array(32).fill(2) };
  const salt = (byte: number) => new Uint8Array(32).fill(byte);

  it('keep every salt and find the one that belongs to the document as it is', async () => {
    const path = join(folder, 's');
    expect(await findSalt(path, one)).toBeUndefined();
    await keepSalt(path, one, salt(8));
    await keepSalt(path, two, salt(9));
    expect(await findSalt(path, one)).toEqual(salt(8));
    expect(await findSalt(path, two)).toEqual(salt(9));
    expect(await findSalt(path, { sha256: new Uint8Array(32) })).toBeUndefined();
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('are refused when they hold something else, and never overwritten then', async () => {
    const path = join(folder, 's');
    for (const content of ['', '{}', '{"format":"sealroot/salts@1","salts":[{"salt":"xy"}]}']) {
      await writeFile(path, content);
      await expect(findSalt(path, one)).rejects.toMatchObject({ code: 'bad-data' });
      await expect(keepSalt(path, one, salt(8))).rejects.toMatchObject({ code: 'bad-data' });
      expect(await readFile(path, 'utf8')).toBe(content);
    }
  });
});
