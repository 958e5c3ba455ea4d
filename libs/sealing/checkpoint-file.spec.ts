import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatCheckpoint } from '#tlog/checkpoint.js';
import { signNote } from '#tlog/note.js';
import { assertKeepable, readCheckpointFile, writeCheckpointFile } from './checkpoint-file.js';
import { ORIGIN, testKey } from './testing/sealed-database.js';

const key = testKey();
const vkey = key.verifierKey(ORIGIN);
const note = (size: number, fill: number, origin = ORIGIN, signer = key) =>
  signNote(formatCheckpoint({ origin, size, root: new Uint8Array(32).fill(fill) }), [signer.noteSigner(origin)]);

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sealroot-checkpoint-'));
  path = join(folder, 'checkpoint');
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe('the checkpoint file', () => {
  it('holds the newest checkpoint, whole, and nothing else is left in the folder', async () => {
    expect(await readCheckpointFile(path, [vkey])).toBeNull();
    for (const size of [1, 3, 2]) await writeCheckpointFile(path, note(size, size), [vkey]);
    expect(await readFile(path, 'utf8')).toBe(note(3, 3));
    expect(await readCheckpointFile(path, [vkey])).toMatchObject({ origin: ORIGIN, size: 3 });
    expect(await readdir(folder)).toEqual(['checkpoint']);
  });

  it('is refused when it is damaged, unsigned, or of another log or key', async () => {
    const wrong = [
      '',
      'text\n',
      note(3, 3).slice(0, -10),
      note(3, 3).replace('\n3\n', '\n4\n'),
      note(3, 3, 'log.example/b'),
      note(3, 3, ORIGIN, testKey()),
    ];
    for (const text of wrong) {
      await writeFile(path, text);
      await expect(readCheckpointFile(path, [vkey]), JSON.stringify(text)).rejects.toMatchObject({
        code: 'bad-checkpoint-file',
      });
      // It is never replaced silently: somebody must look at it.
      await expect(writeCheckpointFile(path, note(9, 9), [vkey])).rejects.toMatchObject({
        code: 'bad-checkpoint-file',
      });
    }
  });

  it('leaves no temporary file behind when it cannot be written', async () => {
    await expect(writeCheckpointFile(join(folder, 'missing', 'checkpoint'), note(1, 1), [vkey])).rejects.toMatchObject({
      code: 'ENOENT',
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it('is asked for before anything is sealed: a folder that is missing is named', async () => {
    const missing = join(folder, 'missing', 'checkpoint');
    await expect(assertKeepable(missing)).rejects.toMatchObject({
      code: 'bad-checkpoint-file',
      message: expect.stringMatching(/missing\/checkpoint: expected a folder that can be written to, got ENOENT/),
    });
    await assertKeepable(path);
    expect(await readdir(folder)).toEqual([]);
  });
});
