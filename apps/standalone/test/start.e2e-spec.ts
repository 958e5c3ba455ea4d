import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ServiceProcess, spawnEntry, startService } from './process.js';
import { postRecords, proveRecord } from './records.js';

let folder: string;
let service: ServiceProcess | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sealroot-start-'));
});

afterEach(async () => {
  await service?.stop();
  service = undefined;
  await rm(folder, { recursive: true, force: true });
});

const demoKey = async () => (await readFile(join(folder, 'demo-api-key'), 'utf8')).trim();

describe('npm start', () => {
  it('prints its address, on the first run a working key, and what to try', async () => {
    service = await startService('standalone', { DATA_DIR: folder });
    expect(service.output()).toMatch(/sr_[a-z0-9]{8}_[A-Za-z0-9_-]{43}/);
    expect(service.output()).toContain('npx sealroot submit');
    const [record] = await postRecords(service.url, await demoKey(), 1);
    await proveRecord(service.url, record!);
    for (const secret of ['demo-api-key', 'signing-key.pem', 'admin-token']) {
      expect((await stat(join(folder, secret))).mode & 0o777, secret).toBe(0o600);
    }
    expect(await service.stop()).toBe(0);

    service = await startService('standalone', { DATA_DIR: folder });
    expect(service.output()).not.toMatch(/sr_[a-z0-9]{8}_/);
    await proveRecord(service.url, record!);
  });

  it('keeps everything over kill -9, whose orphaned database server it takes over', async () => {
    service = await startService('standalone', { DATA_DIR: folder });
    const records = await postRecords(service.url, await demoKey(), 50);
    await service.kill();
    service = await startService('standalone', { DATA_DIR: folder });
    for (const record of records) await proveRecord(service.url, record);
    expect(await service.stop()).toBe(0);
  });

  it('leaves a running service alone when it is started twice on one folder', async () => {
    service = await startService('standalone', { DATA_DIR: folder });
    const second = spawnEntry('standalone', { DATA_DIR: folder, PORT: '0' });
    const [code] = (await once(second.child, 'exit')) as [number];
    expect(code).not.toBe(0);
    expect(second.output()).toContain('Another Sealroot process is running');
    const [record] = await postRecords(service.url, await demoKey(), 1);
    await proveRecord(service.url, record!);
  });

  it('names every bad setting and does not start', async () => {
    const refused = spawnEntry('standalone', {
      DATA_DIR: folder,
      PORT: 'http',
      SEAL_INTERVAL_MS: 'soon',
      LOG_ORIGIN: 'https://x',
    });
    const [code] = (await once(refused.child, 'exit')) as [number];
    expect(code).not.toBe(0);
    for (const key of ['PORT', 'SEAL_INTERVAL_MS', 'LOG_ORIGIN']) expect(refused.output()).toContain(key);
    expect(refused.output()).not.toContain('    at ');
  });

  it('refuses a database that is behind the newest checkpoint kept outside it', async () => {
    service = await startService('standalone', { DATA_DIR: folder });
    const [record] = await postRecords(service.url, await demoKey(), 1);
    await proveRecord(service.url, record!);
    await service.stop();
    await rm(join(folder, 'postgres'), { recursive: true });
    const refused = spawnEntry('standalone', { DATA_DIR: folder, PORT: '0' });
    const [code] = (await once(refused.child, 'exit')) as [number];
    expect(code).not.toBe(0);
    expect(refused.output()).toMatch(/behind|checkpoint/i);
  });

  it('refuses a log of another name, and leaves nothing running', async () => {
    service = await startService('standalone', { DATA_DIR: folder });
    await service.stop();
    const refused = spawnEntry('standalone', { DATA_DIR: folder, PORT: '0', LOG_ORIGIN: 'other.example/log' });
    expect(await once(refused.child, 'exit')).toEqual([1, null]);
    expect(refused.output()).toMatch(/expected other\.example\/log .* got localhost\/sealroot /);
    expect(refused.output()).not.toContain('    at ');
    expect(existsSync(join(folder, 'postgres', 'cluster', 'postmaster.pid'))).toBe(false);
  });

  it('stops although requests never end', async () => {
    service = await startService('standalone', { DATA_DIR: folder });
    const { port, hostname } = new URL(service.url);
    const head = `POST /v1/records HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${await demoKey()}\r\n`;
    const unfinished = ['POST /v1/rec', `${head}content-type: application/json\r\ncontent-length: 500\r\n\r\n{"pro`];
    for (const text of unfinished) {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => undefined).resume();
      await once(socket, 'connect');
      socket.write(text);
    }
    await new Promise((done) => setTimeout(done, 200));
    expect(await service.stop()).toBe(0);
    expect(existsSync(join(folder, 'postgres', 'cluster', 'postmaster.pid'))).toBe(false);
  });
});
