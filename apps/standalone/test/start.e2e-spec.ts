import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEmbeddedDatabase } from '#database/embedded.js';
import { type ServiceProcess, spawnEntry, startService } from './process.js';
import { type Acknowledged, postRecords, proveRecord } from './records.js';

describe('npm start', () => {
  let folder: string;
  let service: ServiceProcess;
  let key: string;
  let record: Acknowledged;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sealroot-start-'));
    service = await startService('standalone', { DATA_DIR: folder });
    key = (await readFile(join(folder, 'demo-api-key'), 'utf8')).trim();
  });
  afterAll(async () => {
    await service?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Runs the service on the same folder, which it is to refuse; resolves to its exit code and what it said. */
  const refused = async (env: Record<string, string> = {}) => {
    const { child, output } = spawnEntry('standalone', { DATA_DIR: folder, PORT: '0', ...env });
    const [code] = (await once(child, 'exit')) as [number];
    expect(output()).not.toContain('    at ');
    return { code, output: output() };
  };
  const databaseRuns = () => existsSync(join(folder, 'postgres', 'cluster', 'postmaster.pid'));

  it('prints its address, on the first run a working key, and what to try', async () => {
    expect(service.output()).toMatch(/sr_[a-z0-9]{8}_[A-Za-z0-9_-]{43}/);
    expect(service.output()).toContain('npx sealroot submit');
    [record] = (await postRecords(service.url, key, 1)) as [Acknowledged];
    await proveRecord(service.url, record);
    for (const secret of ['demo-api-key', 'signing-key.pem', 'admin-token']) {
      expect((await stat(join(folder, secret))).mode & 0o777, secret).toBe(0o600);
    }
  });

  it('leaves a running service alone when it is started twice on one folder', async () => {
    const { code, output } = await refused();
    expect(code).not.toBe(0);
    expect(output).toContain('Another Sealroot process is running');
    await proveRecord(service.url, record);
  });

  it('stops although requests never end', async () => {
    const { port, hostname } = new URL(service.url);
    const head = `POST /v1/records HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${key}\r\n`;
    const unfinished = ['POST /v1/rec', `${head}content-type: application/json\r\ncontent-length: 500\r\n\r\n{"pro`];
    for (const text of unfinished) {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => undefined).resume();
      await once(socket, 'connect');
      socket.write(text);
    }
    await new Promise((done) => setTimeout(done, 200));
    expect(await service.stop()).toBe(0);
    expect(databaseRuns()).toBe(false);
  });

  it('names every bad setting and does not start', async () => {
    const { code, output } = await refused({ PORT: 'http', SEAL_INTERVAL_MS: 'soon', LOG_ORIGIN: 'https://x' });
    expect(code).not.toBe(0);
    for (const setting of ['PORT', 'SEAL_INTERVAL_MS', 'LOG_ORIGIN']) expect(output).toContain(setting);
  });

  it('refuses a log of another name, and leaves nothing running', async () => {
    const { code, output } = await refused({ LOG_ORIGIN: 'other.example/log' });
    expect(code).toBe(1);
    expect(output).toMatch(/expected other\.example\/log .* got localhost\/sealroot /);
    expect(databaseRuns()).toBe(false);
  });

  it('keeps everything over kill -9, whose orphaned database server it takes over, and prints its key no more', async () => {
    service = await startService('standalone', { DATA_DIR: folder });
    expect(service.output()).not.toMatch(/sr_[a-z0-9]{8}_/);
    const records = [record, ...(await postRecords(service.url, key, 50))];
    await service.kill();
    service = await startService('standalone', { DATA_DIR: folder });
    for (const one of records) await proveRecord(service.url, one);
    expect(await service.stop()).toBe(0);
  });

  it('refuses a database that another version migrated, and ends in order', async () => {
    const database = await startEmbeddedDatabase(join(folder, 'postgres'));
    const client = new pg.Client(database.url);
    await client.connect();
    await client.query(`UPDATE "_prisma_migrations" SET "checksum" = 'another' WHERE "migration_name" LIKE '0002%'`);
    await client.end();
    await database.stop();
    const { code, output } = await refused();
    expect(code).toBe(1);
    expect(output).toMatch(/^Migration 0002_\w+ differs from the one applied$/m);
    expect(databaseRuns()).toBe(false);
  });

  it('refuses a database that is behind the newest checkpoint kept outside it', async () => {
    await rm(join(folder, 'postgres'), { recursive: true });
    const { code, output } = await refused();
    expect(code).not.toBe(0);
    expect(output).toMatch(/behind|checkpoint/i);
  });
});
