import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
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

it('starts, takes over a server that outlived its process, knows whether one runs, and keeps its data, even below a folder closed to others', async () => {
  // mkdtemp makes a folder of mode 0700: where tests run as root, the server's user cannot walk through it by itself.
  folder = await mkdtemp(join(tmpdir(), 'sealroot-embedded-'));
  const home = join(folder, 'postgres');
  const first = await startEmbeddedDatabase(home);
  expect(first.reused).toBe(false);
  await query(first.url, 'CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)');
  const second = await startEmbeddedDatabase(home);
  expect(second.reused).toBe(true);
  expect(await query(second.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
  // Its file as it would be found after a power cut, when somebody else has got the number of its process.
  const pidFile = join(home, 'cluster', 'postmaster.pid');
  const leftOver = (await readFile(pidFile, 'utf8')).split('\n');
  await second.stop();
  const stranger = spawn('sleep', ['60']);
  await writeFile(pidFile, [String(stranger.pid), ...leftOver.slice(1)].join('\n'));
  await giveToServer(pidFile, home);
  const third = await startEmbeddedDatabase(home);
  expect(third.reused).toBe(false);
  expect(await query(third.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
  expect(stranger.exitCode).toBeNull();
  stranger.kill();

  // Killed, it comes back where its clients look for it.
  process.kill(Number((await readFile(pidFile, 'utf8')).split('\n')[0]), 'SIGKILL');
  const fourth = await startEmbeddedDatabase(home, third.port);
  expect(fourth.url).toBe(third.url);
  expect(await query(fourth.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);

  // A port that is taken: the server's own words say so.
  await fourth.stop();
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as { port: number };
  await expect(startEmbeddedDatabase(home, port)).rejects.toMatchObject({
    code: 'start-failed',
    message: expect.stringMatching(/failed: FATAL: {2}could not create any TCP\/IP sockets/),
  });
  taken.close();
});

/** Makes the server's user the owner of a file, as of everything in its folder; tests may run as root. */
async function giveToServer(path: string, home: string): Promise<void> {
  const { uid, gid } = await stat(home);
  await chown(path, uid, gid);
  await chmod(path, 0o600);
}
