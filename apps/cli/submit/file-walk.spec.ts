import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findFiles } from './file-walk.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sealroot-walk-'));
  await mkdir(join(folder, 'docs', 'sub'), { recursive: true });
  for (const name of ['docs/b', 'docs/a', 'docs/sub/c', 'other']) await writeFile(join(folder, name), name);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const labels = async (paths: string[], out?: string) =>
  (
    await findFiles(
      paths.map((path) => join(folder, path)),
      out,
    )
  ).files.map(({ label }) => label);

describe('finding files', () => {
  it('searches folders to the bottom, in a fixed order', async () => {
    expect(await labels(['docs'])).toEqual(['docs/a', 'docs/b', 'docs/sub/c']);
  });

  it('follows a symbolic link that is named, and none that is found', async () => {
    await symlink(join(folder, 'other'), join(folder, 'docs', 'link'));
    await symlink(folder, join(folder, 'docs', 'up'));
    const walk = await findFiles([join(folder, 'docs')]);
    expect(walk.files).toHaveLength(3);
    expect(walk.passedOver.sort()).toEqual([join(folder, 'docs', 'link'), join(folder, 'docs', 'up')]);
    expect(await labels(['docs/link'])).toEqual(['link']);
  });

  it('takes a file once, however often it is reached', async () => {
    expect(await labels(['docs/a', 'docs', 'docs/sub'])).toEqual(['a', 'docs/b', 'docs/sub/c']);
  });

  it('leaves out what the command itself writes', async () => {
    for (const name of ['a.sealroot.json', 'a.sealroot-salt.json', 'a.0a1b2c3d.tmp'])
      await writeFile(join(folder, 'docs', name), '');
    await mkdir(join(folder, 'docs', 'sealroot-receipts'));
    await writeFile(join(folder, 'docs', 'sealroot-receipts', 'r.json'), '');
    await mkdir(join(folder, 'docs', 'out'));
    await writeFile(join(folder, 'docs', 'out', 'x'), '');
    expect(await labels(['docs'], join(folder, 'docs', 'out'))).toEqual(['docs/a', 'docs/b', 'docs/sub/c']);
  });

  it('says which named path does not exist', async () => {
    await expect(findFiles([join(folder, 'nowhere')])).rejects.toMatchObject({ code: 'no-input' });
  });
});
