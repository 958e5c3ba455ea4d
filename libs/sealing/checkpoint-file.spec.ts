import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#database/testing.js';
import type { Config } from '#config/config.js';
import { formatCheckpoint } from '#tlog/checkpoint.js';
import { signNote } from '#tlog/note.js';
import { assertNotBehind, readCheckpointFile, writeCheckpointFile } from './checkpoint-file.js';
import { SealingService } from './sealing.service.js';
import { addChunk, assertLog, ORIGIN, testKey } from './testing/sealed-database.js';

const key = testKey();
const vkey = key.verifierKey(ORIGIN);
const note = (size: number, fill: number, origin = ORIGIN, signer = key) =>
  signNote(formatCheckpoint({ origin, size, root: new Uint8Array(32).fill(fill) }), [signer.noteSigner(origin)]);

let db: TestDatabase;
let folder: string;
let path: string;
beforeEach(async () => {
  db = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'sealroot-checkpoint-'));
  path = join(folder, 'checkpoint');
});
afterEach(async () => {
  await db.drop();
  await rm(folder, { recursive: true });
});

describe('the checkpoint file', () => {
  it('holds the newest checkpoint, whole, and nothing else is left in the folder', async () => {
    expect(await readCheckpointFile(path, vkey)).toBeNull();
    for (const size of [1, 3, 2]) await writeCheckpointFile(path, note(size, size), vkey);
    expect(await readFile(path, 'utf8')).toBe(note(3, 3));
    expect(await readCheckpointFile(path, vkey)).toMatchObject({ origin: ORIGIN, size: 3 });
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
      await expect(readCheckpointFile(path, vkey), JSON.stringify(text)).rejects.toMatchObject({
        code: 'bad-checkpoint-file',
      });
      // It is never replaced silently: somebody must look at it.
      await expect(writeCheckpointFile(path, note(9, 9), vkey)).rejects.toMatchObject({ code: 'bad-checkpoint-file' });
    }
  });

  it('leaves no temporary file behind when it cannot be written', async () => {
    await expect(writeCheckpointFile(join(folder, 'missing', 'checkpoint'), note(1, 1), vkey)).rejects.toMatchObject({
      code: 'ENOENT',
    });
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('the sealing service', () => {
  const service = (changes: Partial<Config> = {}, signer = key) =>
    new SealingService(
      db.pool,
      { logOrigin: ORIGIN, batchMaxRecords: 10_000, checkpointFile: path, ...changes } as Config,
      signer,
    );

  it('seals, small and large, and keeps the checkpoint file up to date', async () => {
    const sealing = service();
    await sealing.onModuleInit();
    expect(await sealing.seal()).toBeNull();
    await addChunk(db.pool, 5);
    await sealing.seal();
    await addChunk(db.pool, 6000);
    const batch = await sealing.seal();
    expect(batch).toMatchObject({ number: 1, size: 6000, logSize: 2 });
    expect(await readFile(path, 'utf8')).toBe(batch!.logCheckpoint);
    expect(await assertLog(db.pool, key)).toBe(2);
    await service().onModuleInit();
    await sealing.onApplicationShutdown();
  });

  it('seals although the file cannot be written', async () => {
    const sealing = service({ checkpointFile: join(folder, 'missing', 'checkpoint') });
    await addChunk(db.pool, 1);
    expect(await sealing.seal()).toMatchObject({ number: 0 });
  });

  it('does not start on a database that is behind the file, or disagrees with it', async () => {
    const sealing = service();
    for (let i = 0; i < 3; i++) {
      await addChunk(db.pool, 1);
      await sealing.seal();
    }
    const newest = await readFile(path, 'utf8');
    // A backup from one batch ago: the same service would sign size 3 a second time.
    await db.pool.query(
      `DELETE FROM "checkpoint" WHERE "size" = 3; DELETE FROM "batch" WHERE "number" = 2; UPDATE "log" SET "size" = 2`,
    );
    await expect(service().onModuleInit()).rejects.toMatchObject({ code: 'behind' });
    expect(await readFile(path, 'utf8')).toBe(newest);
    // The same size with another root.
    await rm(path);
    await writeCheckpointFile(path, note(2, 7), vkey);
    await expect(assertNotBehind(db.pool, path, vkey)).rejects.toMatchObject({ code: 'behind' });
  });

  it('seals nothing while its clock is behind the newest batch, and goes on afterwards', async () => {
    const sealing = service();
    await addChunk(db.pool, 1);
    await sealing.seal();
    await addChunk(db.pool, 1);
    await db.pool.query(`UPDATE "batch" SET "sealed_at" = now() + interval '3 days'`);
    expect(await sealing.seal()).toBeNull();
    await db.pool.query(`UPDATE "batch" SET "sealed_at" = now()`);
    expect(await sealing.seal()).toMatchObject({ number: 1 });
  });

  it('does not start with another key or another origin', async () => {
    await service().onModuleInit();
    await expect(service({}, testKey()).onModuleInit()).rejects.toMatchObject({ code: 'foreign-log' });
    await expect(service({ logOrigin: 'log.example/b' }).onModuleInit()).rejects.toMatchObject({ code: 'foreign-log' });
  });
});
