import { execFile } from 'node:child_process';
import { chown, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { EmbeddedDatabaseError } from './embedded-error.js';

const run = promisify(execFile);

/** How commands of the server are run: it refuses root, so root hands over to another user. */
export interface Runner {
  prefix: string[];
  uid: number | undefined;
  gid: number | undefined;
}

/** PostgreSQL refuses to run as root: root takes the user `postgres`, or `nobody` where there is none. Where that user may not walk to the
 * files (a clone below a private home), it keeps the one capability to search folders. */
export async function chooseRunner(home: string, postgres: string): Promise<Runner> {
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

/** Gives the files in `cluster` to the user that owns `home`, which runs the server: files that root brought back from a backup are root's. */
export async function handOver(cluster: string, home: string): Promise<void> {
  const [files, owner] = await Promise.all([stat(cluster), stat(home)]);
  if (userInfo().uid !== 0 || files.uid === owner.uid) return;
  // What runs on them, runs as their owner.
  await run('chown', ['-R', `${owner.uid}:${owner.gid}`, cluster]);
  await run('chown', ['-f', `${owner.uid}:${owner.gid}`, `${home}/password`, `${home}/postgres.log`]).catch(
    () => undefined,
  );
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

/** How `program` is started by a runner. */
export function command(
  program: string,
  args: string[],
  runner: Runner,
): { file: string; args: string[]; options: { uid?: number; gid?: number } } {
  const [file, ...rest] = [...runner.prefix, program, ...args];
  return { file: file!, args: rest, options: runner.uid === undefined ? {} : { uid: runner.uid, gid: runner.gid! } };
}
