import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { startEmbeddedDatabase } from '#database/embedded.js';
import { type CpuMeter, cpuMeter } from './cpu-time.js';

const APPS = dirname(dirname(fileURLToPath(import.meta.url)));

/** What `npm start`, the image and the systemd unit tell Node. */
const NODE_OPTIONS = ['--max-semi-space-size=64'];

/** Time allowed for a process to answer after its start. */
const START_TIMEOUT_MS = 60_000;

/** Domain name of the agency that lodges. */
export const BENCH_AGENCY = 'bench.example';

/** What is measured and what it is measured against, on one PostgreSQL server. */
export interface Stage {
  /** Base URL of the service and a key for it. */
  serviceUrl: string;
  apiKey: string;
  /** A key of a further agency with this domain name. */
  makeAgency(domain: string): Promise<string>;
  /** Base URL of the bare Fastify. */
  bareUrl: string;
  /** The service's database, and the raw one with a table of the same shape. */
  service: pg.Pool;
  raw: pg.Pool;
  /** Connection URL of the raw database. */
  rawUrl: string;
  /** Counts the CPU time of the service, and of the bare Fastify. */
  serviceCpu: CpuMeter;
  bareCpu: CpuMeter;
  stop(): Promise<void>;
}

/** Table of the raw limit: the columns and indexes of `record`, without partitions. */
const RAW_TABLE = `CREATE TABLE raw_record (id uuid PRIMARY KEY, agency_id int NOT NULL, chunk_id bigint NOT NULL, position int NOT NULL,
  digest bytea NOT NULL, other_digests bytea[], statement text NOT NULL);
  CREATE INDEX ON raw_record (substring(digest, 1, 8))`;

/** Starts an embedded PostgreSQL, the service and the bare Fastify on it. `statementBytes` is the size of one row's statement. */
export async function startStage(statementBytes: number): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'sealroot-bench-'));
  const server = await startEmbeddedDatabase(join(folder, 'postgres'));
  const [serviceDatabase, rawDatabase] = await Promise.all(
    ['bench_service', 'bench_raw'].map((name) => createDatabase(server.url, name)),
  );
  const raw = new pg.Pool({ connectionString: rawDatabase!, max: 4 });
  await raw.query(RAW_TABLE);
  const service = new pg.Pool({ connectionString: serviceDatabase!, max: 4 });

  const started = spawn(process.execPath, [...NODE_OPTIONS, join(APPS, 'standalone', 'main.js')], {
    env: {
      ...process.env,
      DATABASE_URL: serviceDatabase!,
      REDIS_URL: '',
      DATA_DIR: folder,
      XDG_STATE_HOME: folder,
      PORT: '0',
      ANCHORS: 'none',
      LOG_LEVEL: 'warn',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const serviceUrl = await firstMatch(started, /listening on (http:\/\/\S+)/);
  const bare = spawn(process.execPath, [join(APPS, 'bench', 'bare-fastify.js'), rawDatabase!, String(statementBytes)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const bareUrl = `http://127.0.0.1:${await firstMatch(bare, /"port":(\d+)/)}`;
  const token = (await readFile(join(folder, 'admin-token'), 'utf8')).trim();
  const makeAgency = async (domain: string) => {
    const admin = (path: string, body: object) =>
      fetch(`${serviceUrl}/v1/agencies${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    await admin('', { domain, name: domain });
    return ((await (await admin(`/${domain}/keys`, {})).json()) as { key: string }).key;
  };
  const postmaster = Number(
    (await readFile(join(folder, 'postgres', 'cluster', 'postmaster.pid'), 'latin1')).split('\n')[0],
  );
  return {
    serviceUrl,
    apiKey: await makeAgency(BENCH_AGENCY),
    makeAgency,
    bareUrl,
    service,
    raw,
    rawUrl: rawDatabase!,
    serviceCpu: cpuMeter(started.pid!, postmaster),
    bareCpu: cpuMeter(bare.pid!, postmaster),
    stop: async () => {
      await Promise.all([service.end(), raw.end(), stopProcess(started), stopProcess(bare)]);
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function createDatabase(serverUrl: string, name: string): Promise<string> {
  const client = new pg.Client(serverUrl);
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

/** First group of the first line of the process's output that matches. */
async function firstMatch(child: ChildProcess, pattern: RegExp): Promise<string> {
  const lines = createInterface({ input: child.stdout! });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the process ended with ${String(code)} before it printed ${pattern.source}`);
  });
  const late = new Promise<never>((_, fail) => {
    setTimeout(() => fail(new Error(`waited ${START_TIMEOUT_MS} ms for ${pattern.source}`)), START_TIMEOUT_MS).unref();
  });
  const found = new Promise<string>((done) => {
    lines.on('line', (line) => {
      const match = pattern.exec(line);
      if (match) done(match[1]!);
    });
  });
  ended.catch(() => undefined);
  return Promise.race([found, ended, late]);
}

async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}
