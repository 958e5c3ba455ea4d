import { once } from 'node:events';
import { mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ServiceProcess, startService } from './process.js';
import { type Acknowledged, postRecords, proveRecord } from './records.js';

let folder: string;
let service: ServiceProcess | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sealroot-death-'));
});

afterEach(async () => {
  await service?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Ends the embedded server as a crash would. */
async function killDatabase(): Promise<void> {
  const text = await readFile(join(folder, 'postgres', 'cluster', 'postmaster.pid'), 'utf8');
  process.kill(Number(text.split('\n', 1)[0]), 'SIGKILL');
}

it('starts an embedded server that died again, loses nothing, and ends when it does not come back', async () => {
  service = await startService('standalone', { DATA_DIR: folder });
  const { url, child, output } = service;
  const key = (await readFile(join(folder, 'demo-api-key'), 'utf8')).trim();
  const before = await postRecords(url, key, 20);
  await killDatabase();
  let after: Acknowledged[] = [];
  await expect
    .poll(async () => (after = await postRecords(url, key, 20).catch(() => [])), { interval: 200 })
    .toHaveLength(20);
  // Readers have connections of their own, and find out one by one that these are broken.
  const proves = (record: Acknowledged) => proveRecord(url, record).catch(() => null);
  for (const record of [...before, ...after]) await expect.poll(() => proves(record)).not.toBeNull();
  expect(output()).toMatch(/the embedded PostgreSQL was started again/);

  // Its files are gone: it cannot come back, and the process says so and does not stay.
  const exit = once(child, 'exit');
  await rename(join(folder, 'postgres', 'cluster', 'global'), join(folder, 'lost'));
  await killDatabase();
  expect(await exit).toEqual([1, null]);
  expect(output()).toMatch(/Starting the embedded PostgreSQL in .* failed: /);
});
