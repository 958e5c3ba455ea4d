import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { freePort } from '../free-ports.js';

const LOCALE = 'zh_CN.UTF-8';
const DEBIAN = '/usr/lib/postgresql';
const INSTALL = `apt-get install postgresql locales && localedef -i zh_CN -f UTF-8 ${LOCALE}`;

/** Time allowed for the server to answer after its start. */
const START_TIMEOUT_MS = 30_000;

/** A server of Debian's PostgreSQL whose messages are Chinese. */
export interface ChineseServer {
  url: string;
  stop(): Promise<void>;
}

/** Folder of the newest PostgreSQL's programs, where this machine has one that speaks Chinese; undefined, said aloud, where it has not. */
export function findChinesePrograms(): string | undefined {
  const [version] = existsSync(DEBIAN) ? readdirSync(DEBIAN).toSorted((a, b) => Number(b) - Number(a)) : [];
  const { stdout } = spawnSync('locale', ['-a'], { encoding: 'utf8' });
  if (version !== undefined && /^zh_CN\.utf-?8$/im.test(stdout ?? '')) return join(DEBIAN, version, 'bin');
  if (process.env['CI']) throw new Error(`Expected a PostgreSQL that speaks Chinese: ${INSTALL}`);
  console.warn(`A server that speaks Chinese is not tried: ${INSTALL}`);
  return undefined;
}

/** Starts one in a folder of its own. PostgreSQL does not run as root: then it runs as the user that Debian made for it. */
export async function startChineseServer(programs: string): Promise<ChineseServer> {
  const folder = await mkdtemp(join(tmpdir(), 'sealroot-chinese-'));
  const user = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : {};
  if (user.uid !== undefined) await chown(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  const options = { ...user, cwd: folder, env: { ...process.env, LC_ALL: LOCALE } };
  const made = spawnSync(
    join(programs, 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', `--locale=${LOCALE}`, '--no-sync'],
    { ...options, encoding: 'utf8' },
  );
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr}`);
  const port = await freePort();
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', `lc_messages=${LOCALE}`];
  const args = ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
  const server = spawn(join(programs, 'postgres'), args, { ...options, stdio: 'ignore' });
  const url = `postgresql://postgres@127.0.0.1:${port}/postgres`;
  await answering(server, url);
  return {
    url,
    stop: async () => {
      server.kill('SIGINT');
      await once(server, 'exit');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function idOf(option: '-u' | '-g'): number {
  return Number(spawnSync('id', [option, 'postgres'], { encoding: 'utf8' }).stdout);
}

async function answering(server: ChildProcess, url: string): Promise<void> {
  for (const endMs = performance.now() + START_TIMEOUT_MS; ;) {
    const client = new pg.Client(url);
    try {
      await client.connect();
      return await client.end();
    } catch (cause) {
      if (server.exitCode !== null || performance.now() > endMs)
        throw new Error('Starting a PostgreSQL that speaks Chinese', { cause });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
