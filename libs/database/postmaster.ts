import { readFile, readlink, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';

/** Time for one question to a server that may not be there. */
const ASK_TIMEOUT_MS = 2000;

/** A process number that no system gives: a file that names it is taken as left over. */
const NOBODY = 2 ** 31 - 1;

/** Lines of postmaster.pid, from 0. */
const PID_LINE = 0;
const PORT_LINE = 3;

/**
 * Port of the server that runs on the files in `cluster`; undefined when none does. The file that names it outlives a machine that stops, and
 * then names a process that may be anybody's by now: that is found out, and the file is made to name nobody, since PostgreSQL itself would refuse to
 * start. It still looks for itself whether the shared memory named there is in use.
 * @param urlAt connection URL of that server at a port
 */
export async function runningPort(cluster: string, urlAt: (port: number) => string): Promise<number | undefined> {
  const path = join(cluster, 'postmaster.pid');
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return undefined;
  const lines = text.split('\n');
  const pid = Number(lines[PID_LINE]);
  const port = Number(lines[PORT_LINE]);
  if (!Number.isSafeInteger(pid) || pid <= 0 || !isAlive(pid)) return undefined;
  if (await runsOn(pid, port, await realpath(cluster), urlAt)) return port;
  await writeFile(path, [String(NOBODY), ...lines.slice(1)].join('\n'), { flag: 'r+' });
  return undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process may not be signalled, but it is there.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Whether process `pid` is the server of `cluster`: a server works in the folder of its files; where that cannot be seen, it is asked. */
async function runsOn(pid: number, port: number, cluster: string, urlAt: (port: number) => string): Promise<boolean> {
  const folder = await readlink(`/proc/${pid}/cwd`).catch(() => null);
  if (folder !== null) return folder === cluster;
  const told = await ask(urlAt(port));
  return told !== null && (await realpath(told).catch(() => told)) === cluster;
}

/** Folder of the files of the server that answers at `url`; null when none does. */
export async function ask(url: string): Promise<string | null> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: ASK_TIMEOUT_MS,
    query_timeout: ASK_TIMEOUT_MS,
  });
  // What goes wrong on the connection is told by the question.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
    return rows[0]!.data_directory;
  } catch {
    // Nobody there, or nobody who knows the password: which, makes no difference.
    return null;
  } finally {
    await client.end().catch(() => undefined);
  }
}
