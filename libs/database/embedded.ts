import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { freemem, totalmem } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { EmbeddedDatabaseError } from './embedded-error.js';
import { exists, findBinaries } from './embedded-programs.js';
import { chooseRunner, command, handOver, type Runner } from './embedded-runner.js';
import { freePort } from './free-ports.js';
import { ask, runningPort } from './postmaster.js';

const run = promisify(execFile);

/** Role and database of the embedded server. */
const ROLE = 'sealroot';

/** Most memory given to shared buffers; more brings inserts nothing on one machine. */
const MAX_SHARED_BUFFERS_MB = 2048;

/** WAL between two server checkpoints: fewer full-page writes under load. */
const MAX_WAL_MB = 4096;

/** Time the server may take to start (it may have to recover) or to stop. */
const CONTROL_TIMEOUT_SECONDS = 120;

/** Pause between two looks at a server that runs and does not answer yet. */
const TAKE_OVER_POLL_MS = 100;

/** A running embedded PostgreSQL. */
export interface EmbeddedDatabase {
  /** Connection URL of its database. */
  url: string;
  port: number;
  /** Whether an earlier process had left the server running and it was taken over. */
  reused: boolean;
  /** Stops the server after its clients' current transactions are rolled back (fast mode). */
  stop(): Promise<void>;
}

/** Starts the PostgreSQL that npm brought, with its files in `folder` (made when missing). A server that outlived its process is taken over.
 * @param port where it must listen: a server that died is started again where its clients look for it; by default any free one
 * @throws EmbeddedDatabaseError */
export async function startEmbeddedDatabase(folder: string, port?: number): Promise<EmbeddedDatabase> {
  const binaries = await findBinaries();
  const home = resolve(folder);
  const cluster = join(home, 'cluster');
  await mkdir(home, { recursive: true });
  const runner = await chooseRunner(home, binaries.postgres);
  const password = await ensurePassword(home, runner);
  const urlAt = (at: number) => `postgresql://${ROLE}:${password}@127.0.0.1:${at}/postgres`;

  if (await exists(join(cluster, 'PG_VERSION'))) await handOver(cluster, home);
  else await initialise(binaries.initdb, home, cluster, runner);
  const running = await takeOver(cluster, urlAt);
  const listens = running ?? port ?? (await freePort());
  if (running === undefined) {
    const log = join(home, 'postgres.log');
    const before = (await readLog(log)).length;
    const time = ['-w', '-t', String(CONTROL_TIMEOUT_SECONDS)];
    await control(
      binaries.pgCtl,
      ['start', '-D', cluster, ...time, '-l', log, '-o', serverOptions(listens)],
      runner,
    ).catch(async (cause: unknown) => {
      const detail = lastComplaint((await readLog(log)).slice(before)) ?? (cause as Error).message;
      const message = `Starting the embedded PostgreSQL in ${cluster} failed: ${detail} (more in ${log})`;
      throw new EmbeddedDatabaseError('start-failed', message, { cause });
    });
  }
  return {
    url: urlAt(listens),
    port: listens,
    reused: running !== undefined,
    stop: () =>
      control(
        binaries.pgCtl,
        ['stop', '-D', cluster, '-w', '-t', String(CONTROL_TIMEOUT_SECONDS), '-m', 'fast'],
        runner,
      ),
  };
}

/** Port of a server that already runs on these files, once it answers; undefined when none runs, or it ends meanwhile. */
async function takeOver(cluster: string, urlAt: (port: number) => string): Promise<number | undefined> {
  const end = Date.now() + CONTROL_TIMEOUT_SECONDS * 1000;
  for (;;) {
    const port = await runningPort(cluster, urlAt);
    // It may be recovering from a crash, or stopping.
    if (port === undefined || (await ask(urlAt(port))) !== null) return port;
    if (Date.now() > end) {
      throw new EmbeddedDatabaseError(
        'start-failed',
        `Taking over the PostgreSQL that runs in ${cluster}: expected an answer at port ${port} within ${CONTROL_TIMEOUT_SECONDS} s, got none`,
      );
    }
    await new Promise((done) => setTimeout(done, TAKE_OVER_POLL_MS));
  }
}

async function readLog(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
}

/** Last error in these lines of the server's log, without the time before it; null when there is none. The server was made to speak English. */
function lastComplaint(lines: string): string | null {
  return [...lines.matchAll(/(?:FATAL|PANIC): {2}.*/g)].at(-1)?.[0] ?? null;
}

/** Password of the embedded server's role, made once and kept in a file of mode 0600. */
async function ensurePassword(home: string, runner: Runner): Promise<string> {
  const path = join(home, 'password');
  if (!(await exists(path))) {
    await writeFile(path, randomBytes(24).toString('hex'), { mode: 0o600 });
    const owner = await stat(home);
    if (runner.uid !== undefined || runner.prefix.length > 0) await chown(path, owner.uid, owner.gid);
  }
  return (await readFile(path, 'utf8')).trim();
}

async function initialise(initdb: string, home: string, cluster: string, runner: Runner): Promise<void> {
  // A first start that was interrupted leaves a folder without PG_VERSION or half filled: begin again.
  await rm(cluster, { recursive: true, force: true });
  const fresh = `${cluster}.new`;
  await rm(fresh, { recursive: true, force: true });
  const flags = [
    '-D',
    fresh,
    '-U',
    ROLE,
    '--auth=scram-sha-256',
    `--pwfile=${join(home, 'password')}`,
    '--encoding=UTF8',
    '--locale=C',
    '--data-checksums',
  ];
  const { file, args, options } = command(initdb, flags, runner);
  try {
    await run(file, args, { ...options, cwd: home });
    const { file: move, args: paths, options: as } = command('mv', [fresh, cluster], runner);
    await run(move, paths, { ...as, cwd: home });
  } catch (cause) {
    throw new EmbeddedDatabaseError(
      'init-failed',
      `Making the embedded PostgreSQL in ${cluster} failed: ${(cause as Error).message}`,
      { cause },
    );
  }
}

/** Settings within the machine's memory: the defaults cost a third of the insert rate at five million rows. */
function serverOptions(port: number): string {
  const memoryMb = Math.floor(Math.min(totalmem() / 8, freemem() / 3) / 1024 / 1024);
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '200',
    shared_buffers: `${Math.max(64, Math.min(MAX_SHARED_BUFFERS_MB, memoryMb))}MB`,
    max_wal_size: `${MAX_WAL_MB}MB`,
    checkpoint_timeout: '15min',
    wal_compression: 'on',
  };
  return Object.entries(settings)
    .map(([key, value]) => `-c ${key}=${value === '' ? "''" : value}`)
    .join(' ');
}

/** Runs pg_ctl; the server it starts lives in a session of its own, so that a Ctrl-C here does not reach it before we stop it in order. */
function control(pgCtl: string, args: string[], runner: Runner): Promise<void> {
  const { file, args: all, options } = command(pgCtl, args, runner);
  return new Promise((done, fail) => {
    const child = spawn(file, all, {
      ...options,
      cwd: dirname(args[args.indexOf('-D') + 1]!),
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
    });
    let complaint = '';
    child.stderr.on('data', (data: Buffer) => (complaint += data.toString()));
    child.once('error', fail);
    child.once('exit', (code) => {
      child.stderr.destroy();
      if (code === 0) done();
      else fail(new Error(`pg_ctl ${args[0]} ended with ${code}: ${complaint.trim()}`));
    });
  });
}
