import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, stat, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startEmbeddedDatabase } from './embedded.js';
import { migrate } from './migrate.js';
import { ensurePartitions } from './partitions.js';
import { runningPort } from './postmaster.js';

declare module 'vitest' {
  interface ProvidedContext {
    databaseServerUrl: string;
    /** Name of a migrated database that others are copies of. */
    databaseTemplate: string;
  }
}

/** Vitest global set-up: one PostgreSQL server for the run, at TEST_DATABASE_URL or an embedded one in a temporary folder. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['TEST_DATABASE_URL'];
  const folder = given ? null : await makeFolder();
  const server = folder === null ? null : await startEmbeddedDatabase(join(folder, 'postgres'));
  const url = server?.url ?? given!;
  const template = `template_${randomBytes(6).toString('hex')}`;
  await makeDatabase(url, template);
  project.provide('databaseServerUrl', url);
  project.provide('databaseTemplate', template);
  return async () => {
    if (server === null || folder === null) return onServer(url, `DROP DATABASE "${template}"`);
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
}

/** Files in memory, where Linux has room: nobody waits for a disk that nobody needs. */
const MEMORY = '/dev/shm';

/** Free memory below which the files go to the disk, in bytes: the log alone may take four gigabytes before it is used again. */
const LEAST_FREE_BYTES = 8 * 2 ** 30;

const PREFIX = 'sealroot-test-';

/** Age from which a folder whose server does not run is one that a killed run has left. */
const LEFT_AFTER_MS = 3_600_000;

async function makeFolder(): Promise<string> {
  const free = await statfs(MEMORY).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => 0,
  );
  if (free < LEAST_FREE_BYTES) return mkdtemp(join(tmpdir(), PREFIX));
  for (const name of await readdir(MEMORY)) {
    const left = join(MEMORY, name);
    if (!name.startsWith(PREFIX) || Date.now() - (await stat(left)).mtimeMs < LEFT_AFTER_MS) continue;
    const port = await runningPort(join(left, 'postgres', 'cluster'), () => '');
    if (port === undefined) await rm(left, { recursive: true, force: true });
  }
  return mkdtemp(join(MEMORY, PREFIX));
}

/** Runs one statement on a server, outside of any database of ours. */
export async function onServer(url: string, sql: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** A new, migrated database of a server. Its partitions reach some hours beyond now: longer than any run. @returns its URL */
export async function makeDatabase(serverUrl: string, name: string): Promise<string> {
  await onServer(serverUrl, `CREATE DATABASE "${name}"`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const pool = new pg.Pool({ connectionString: url.href });
  await migrate(pool);
  await ensurePartitions(pool, Date.now());
  await pool.end();
  return url.href;
}
