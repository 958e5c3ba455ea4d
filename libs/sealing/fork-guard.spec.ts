import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Config } from '#config/config.js';
import { createTestDatabase, type TestDatabase } from '#database/testing.js';
import type { SigningKey } from '#keys/signing-key.js';
import { parseBatchEntry } from '#statement/batch-entry.js';
import { formatCheckpoint } from '#tlog/checkpoint.js';
import { signNote } from '#tlog/note.js';
import { ForkGuard } from './fork-guard.js';
import { SealingService } from './sealing.service.js';
import { addChunk, assertLog, ORIGIN, testKey } from './testing/sealed-database.js';

const NEXT = 'log.example/test/2';

let key: SigningKey;
let db: TestDatabase;
let folder: string;
let path: string;
beforeEach(async () => {
  key = testKey();
  db = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'sealroot-guard-'));
  path = join(folder, 'checkpoint');
});
afterEach(async () => {
  await db.drop();
  await rm(folder, { recursive: true });
});

const note = (size: number, fill: number, origin = ORIGIN, signer = key) =>
  signNote(formatCheckpoint({ origin, size, root: new Uint8Array(32).fill(fill) }), [signer.noteSigner(origin)]);

/** A process's guard and sealing, started. */
async function start(changes: Partial<Config> = {}, signer = key) {
  const config = {
    logOrigin: ORIGIN,
    batchMaxRecords: 10_000,
    checkpointFile: [path],
    anchors: ['calendar'],
    ...changes,
  } as Config;
  const guard = new ForkGuard(db.pool, config, signer);
  await guard.onModuleInit();
  const sealing = new SealingService(db.pool, config, signer, guard);
  return { guard, sealing };
}

async function sealBatches(sealing: SealingService, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    await addChunk(db.pool, 1);
    expect(await sealing.seal()).not.toBeNull();
  }
}

/** The database as it was `count` batches ago, as a backup would bring it back. */
async function restore(count: number): Promise<void> {
  await db.pool
    .query(`UPDATE "log" SET "size" = "size" - ${count}, "root" = (SELECT "root" FROM "checkpoint" c WHERE c."size" = "log"."size" - ${count});
    DELETE FROM "checkpoint" USING "log" WHERE "checkpoint"."size" > "log"."size"; DELETE FROM "batch" USING "log" WHERE "number" >= "log"."size";
    DELETE FROM "batch_tile" USING "log" WHERE "batch_number" >= "log"."size"; DELETE FROM "chunk" USING "log" WHERE "batch_number" >= "log"."size"`);
}

describe('the sealing service', () => {
  it('seals, small and large, and keeps every checkpoint file up to date', async () => {
    const second = join(folder, 'second');
    const { sealing } = await start({ checkpointFile: [path, second] });
    expect(await sealing.seal()).toBeNull();
    await addChunk(db.pool, 5);
    await sealing.seal();
    await addChunk(db.pool, 6000);
    const batch = await sealing.seal();
    expect(batch).toMatchObject({ number: 1, size: 6000, logSize: 2 });
    for (const file of [path, second]) expect(await readFile(file, 'utf8')).toBe(batch!.logCheckpoint);
    expect(await assertLog(db.pool, key)).toBe(2);
    await start();
    await sealing.onApplicationShutdown();
  });

  it('seals although a file cannot be written any more, and does not begin where it never could', async () => {
    const { sealing } = await start({ checkpointFile: [join(folder, 'missing', 'checkpoint')] });
    await expect(sealing.prepare()).rejects.toMatchObject({ code: 'bad-checkpoint-file' });
    await addChunk(db.pool, 1);
    expect(await sealing.seal()).toMatchObject({ number: 0 });
  });

  it('seals nothing while its clock is behind the newest batch, and goes on afterwards', async () => {
    const { sealing } = await start();
    await sealBatches(sealing, 1);
    await addChunk(db.pool, 1);
    await db.pool.query(`UPDATE "batch" SET "sealed_at" = now() + interval '3 days'`);
    expect(await sealing.seal()).toBeNull();
    await db.pool.query(`UPDATE "batch" SET "sealed_at" = now()`);
    expect(await sealing.seal()).toMatchObject({ number: 1 });
  });
});

describe('the guard against forks', () => {
  it('does not start with another key or another origin', async () => {
    await start();
    await expect(start({}, testKey())).rejects.toMatchObject({ code: 'foreign-log' });
    await expect(start({ logOrigin: 'log.example/b' })).rejects.toMatchObject({ code: 'foreign-log' });
  });

  it('does not start on a database that is behind a file, or disagrees with it', async () => {
    const { sealing } = await start();
    await sealBatches(sealing, 3);
    const newest = await readFile(path, 'utf8');
    await restore(1);
    await expect(start()).rejects.toMatchObject({ code: 'behind', message: expect.stringContaining(path) });
    expect(await readFile(path, 'utf8')).toBe(newest);
    // The same size with another root.
    await writeFile(path, note(2, 7));
    await expect(start()).rejects.toMatchObject({ code: 'behind' });
  });

  it('knows what it is shown, refuses what is not its own, and stops sealing over a head that it lacks, now and at every start', async () => {
    const { guard, sealing } = await start({ checkpointFile: [] });
    await sealBatches(sealing, 2);
    const { rows } = await db.pool.query<{ note: string }>('SELECT "note" FROM "checkpoint" ORDER BY "size"');
    for (const { note: known } of rows) expect(await guard.show(known)).toBe(true);
    for (const foreign of ['', 'text', note(9, 9, ORIGIN, testKey()), note(9, 9, 'log.example/b')])
      await expect(guard.show(foreign)).rejects.toMatchObject({ code: 'not-ours' });
    await sealBatches(sealing, 1);

    await restore(1);
    const lost = note(3, 3);
    const { guard: again, sealing: after } = await start({ checkpointFile: [path] });
    expect(await again.show(lost)).toBe(false);
    expect(await again.show(lost)).toBe(false);
    expect(await readFile(path, 'utf8')).toBe(lost);
    await addChunk(db.pool, 1);
    expect(await after.seal()).toBeNull();
    await expect(start({ checkpointFile: [] })).rejects.toMatchObject({ code: 'behind' });
    await expect(start()).rejects.toMatchObject({ code: 'behind' });
  });

  it('stops over another root of a size that it has: the log was forked', async () => {
    const { guard, sealing } = await start();
    await sealBatches(sealing, 2);
    expect(await guard.show(note(1, 9))).toBe(false);
    await addChunk(db.pool, 1);
    expect(await sealing.seal()).toBeNull();
  });
});

describe('a log that follows another', () => {
  const follow = { logOrigin: NEXT } as const;

  it('goes on from a backup under a new name, names the lost head in its first batch, and leaves the old checkpoints as they were', async () => {
    const { sealing } = await start();
    await sealBatches(sealing, 4);
    const head = await readFile(path, 'utf8');
    await restore(2);
    const before = (await db.pool.query('SELECT "note" FROM "checkpoint" ORDER BY "size"')).rows;
    await expect(start(follow)).rejects.toMatchObject({ code: 'foreign-log' });

    const { guard, sealing: next } = await start({ ...follow, logPredecessorFile: path });
    await sealBatches(next, 2);
    expect(await readFile(path, 'utf8')).toMatch(new RegExp(`^${NEXT}\n4\n`));
    const { rows } = await db.pool.query<{ entry: Buffer }>('SELECT "entry" FROM "batch" ORDER BY "number"');
    const entries = rows.map(({ entry }) => parseBatchEntry(entry));
    expect(entries.map(({ origin }) => origin)).toEqual([ORIGIN, ORIGIN, NEXT, NEXT]);
    const root = Buffer.from(head.split('\n')[2]!, 'base64').toString('hex');
    expect(entries.map(({ beacon }) => beacon)).toEqual([null, null, `previous-log 4 ${root}`, null]);
    expect((await db.pool.query('SELECT "note" FROM "checkpoint" ORDER BY "size" LIMIT 2')).rows).toEqual(before);
    // The last checkpoint of the old log is on its way to the anchor by itself.
    expect((await db.pool.query('SELECT "anchor", "checkpoint_size" AS size FROM "submission"')).rows).toEqual([
      { anchor: 'calendar', size: '2' },
    ]);
    // Heads of the ended log are known or not, and whichever it is stops nothing: nothing is signed there any more.
    for (const { note: old } of before) expect(await guard.show(old as string)).toBe(true);
    expect(await guard.show(head)).toBe(true);
    expect(await guard.show(note(5, 1))).toBe(false);
    await sealBatches(next, 1);
    expect(await readFile(path, 'utf8')).toMatch(new RegExp(`^${NEXT}\n5\n`));
    await start(follow);
    await start({ ...follow, logPredecessorFile: path });
  });

  it('does not begin after a head that is not the newest known, or of another log, or not signed', async () => {
    const { guard, sealing } = await start();
    await sealBatches(sealing, 3);
    const oldest = join(folder, 'old');
    await writeFile(oldest, (await db.pool.query('SELECT "note" FROM "checkpoint" WHERE "size" = 1')).rows[0].note);
    const begin = (changes: Partial<Config> = {}) => start({ ...follow, logPredecessorFile: oldest, ...changes });
    await expect(begin()).rejects.toMatchObject({ code: 'behind' });
    await restore(2);
    await expect(begin()).rejects.toMatchObject({ code: 'behind', message: expect.stringContaining(path) });
    await rm(path);
    await expect(begin({ logPredecessorFile: join(folder, 'none') })).rejects.toMatchObject({
      code: 'bad-checkpoint-file',
    });
    for (const text of ['text', note(9, 9, 'log.example/b'), note(9, 9, ORIGIN, testKey())]) {
      await writeFile(join(folder, 'wrong'), text);
      await expect(begin({ logPredecessorFile: join(folder, 'wrong') })).rejects.toMatchObject({
        code: 'bad-checkpoint-file',
      });
    }
    await guard.show(note(7, 7));
    await rm(path);
    await expect(begin()).rejects.toMatchObject({ code: 'behind', message: expect.stringContaining('size 7') });
    await writeFile(oldest, note(7, 7));
    await begin();
  });

  it('may have a key of its own, and follows a log of which nothing is left', async () => {
    const lost = join(folder, 'lost');
    await writeFile(lost, note(12, 1));
    await start({ ...follow, logPredecessorFile: lost, checkpointFile: [] });
    const other = testKey();
    const third = 'log.example/test/3';
    await writeFile(lost, note(0, 1, NEXT));
    const { sealing } = await start({ logOrigin: third, logPredecessorFile: lost, checkpointFile: [] }, other);
    await addChunk(db.pool, 1);
    expect((await sealing.seal())?.logCheckpoint).toMatch(new RegExp(`^${third}\n1\n`));
  });
});
