import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, expect, it } from 'vitest';
import { startEmbeddedDatabase } from './embedded.js';

let folder: string | undefined;

afterEach(async () => {
  if (folder) await rm(folder, { recursive: true, force: true });
});

async function query(url: string, sql: string): Promise<unknown> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

it('starts, takes over a server that outlived its process, and keeps its data over a restart, even below a folder closed to others', async () => {
  // mkdtemp makes a folder of mode 0700: where tests run as root, the server's user cannot walk through it by itself.
  folder = await mkdtemp(join(tmpdir(), 'sealroot-embedded-'));
  const home = join(folder, 'postgres');
  const first = await startEmbeddedDatabase(home);
  expect(first.reused).toBe(false);
  await query(first.url, 'CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)');
  const second = await startEmbeddedDatabase(home);
  expect(second.reused).toBe(true);
  expect(await query(second.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
  await second.stop();
  const third = await startEmbeddedDatabase(home);
  expect(third.reused).toBe(false);
  expect(await query(third.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
  await third.stop();
});
