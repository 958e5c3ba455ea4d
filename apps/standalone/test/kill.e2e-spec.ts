import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ImportClient } from '../../api/test/import-client.js';
import { startService } from './process.js';
import { Auditor } from './public-log.js';
import { type Acknowledged, postRecords, proveRecord } from './records.js';

/** Kills, clients that post meanwhile, and records in each of their requests. */
const KILLS = 6;
const CLIENTS = 8;
const RECORDS_PER_REQUEST = 7;

/** Lines of the bulk import, and its kills. */
const IMPORTED = 100_000;
const IMPORT_KILLS = 2;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sealroot-kill-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

it('gives every acknowledged record exactly one leaf and a valid proof, however often it is killed under load', async () => {
  const env = { DATA_DIR: folder, SEAL_INTERVAL_MS: '100' };
  const acknowledged: Acknowledged[] = [];
  const auditor = new Auditor();
  const contradictions: Error[] = [];
  for (let kill = 0; kill < KILLS; kill += 1) {
    const service = await startService('standalone', env);
    const apiKey = (await readFile(join(folder, 'demo-api-key'), 'utf8')).trim();
    let running = true;
    const clients = Array.from({ length: CLIENTS }, async () => {
      while (running) {
        // A request that the kill cuts off was not acknowledged.
        await postRecords(service.url, apiKey, RECORDS_PER_REQUEST).then(
          (records) => acknowledged.push(...records),
          () => (running = false),
        );
      }
    });
    const audit = (async () => {
      while (running) {
        await auditor.look(service.url).catch((error: Error) => {
          // A look that the kill cuts off shows nothing.
          if (!(error instanceof TypeError)) contradictions.push(error);
        });
        await pause(20);
      }
    })();
    // Every other kill comes early, while nothing may be sealed yet; the others in the middle of sealing batch after batch.
    if (kill % 2 === 0) await pause(200 + kill * 130);
    else await untilSealed(service.url, 3);
    await service.kill();
    running = false;
    await Promise.all([...clients, audit]);
  }
  expect(acknowledged.length).toBeGreaterThan(KILLS * RECORDS_PER_REQUEST);
  const service = await startService('standalone', env);
  try {
    const places = new Set<string>();
    for (let i = 0; i < acknowledged.length; i += 50) {
      const found = await Promise.all(acknowledged.slice(i, i + 50).map((record) => proveRecord(service.url, record)));
      found.forEach((place) => places.add(place));
    }
    expect(places.size).toBe(acknowledged.length);
    expect(await newestBatch(service.url)).toBeGreaterThan(KILLS);
    // What was shown at any time, also just before a kill, is a prefix of what the log is now.
    expect(contradictions).toEqual([]);
    expect(auditor.sizes.length).toBeGreaterThan(KILLS / 2);
    await auditor.verify(service.url);
  } finally {
    await service.stop();
  }
});

it('goes on with a bulk import after each kill, and takes every line once', async () => {
  const env = { DATA_DIR: folder, SEAL_INTERVAL_MS: '100' };
  const digest = (i: number) => createHash('sha256').update(`import ${i}`).digest('hex');
  const lines = Array.from(
    { length: IMPORTED },
    (_, i) => `{"profile":"generic@1","digests":{"sha256":"${digest(i)}"}}`,
  );
  let path: string | undefined;
  let committed = 0;
  for (let kill = 0; kill < IMPORT_KILLS; kill += 1) {
    const service = await startService('standalone', env);
    const client = new ImportClient(service.url, (await readFile(join(folder, 'demo-api-key'), 'utf8')).trim());
    path ??= await client.open();
    // Ended by the kill; before that it may wait for the writer that the kill before has ended.
    const sending = client.finish(path, lines).catch(() => undefined);
    const before = committed;
    await expect
      .poll(async () => (committed = (await client.status(path!)).committed), { timeout: 60_000 })
      .toBeGreaterThan(before);
    await service.kill();
    await sending;
  }
  expect(committed).toBeLessThan(IMPORTED);
  const service = await startService('standalone', env);
  try {
    const client = new ImportClient(service.url, (await readFile(join(folder, 'demo-api-key'), 'utf8')).trim());
    await client.finish(path!, lines);
    expect(await client.status(path!)).toMatchObject({ committed: IMPORTED, failed: 0 });
    for (let i = 0; i < IMPORTED; i += 997) {
      const found = await fetch(`${service.url}/v1/lookup/sha256/${digest(i)}`);
      expect(((await found.json()) as { records: unknown[] }).records, `line ${i}`).toHaveLength(1);
    }
    const again = await client.send(path!, 0, lines);
    expect(new Set(again.map(({ id }) => id)).size).toBe(IMPORTED);
  } finally {
    await service.stop();
  }
});

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}

/** Number of the newest batch; -1 before the first. */
async function newestBatch(url: string): Promise<number> {
  const answer = await fetch(`${url}/v1/batches?limit=1`);
  const { batches } = (await answer.json()) as { batches: { number: number }[] };
  return batches[0]?.number ?? -1;
}

/** Resolves once `count` more batches are sealed. */
async function untilSealed(url: string, count: number): Promise<void> {
  const before = await newestBatch(url);
  while ((await newestBatch(url)) < before + count) await pause(50);
}
