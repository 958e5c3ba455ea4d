import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { projectRoot } from '#database/project-root.js';

let folder: string;
let child: ChildProcess | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sealroot-signals-'));
});

afterEach(async () => {
  child?.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

/** Runs a command that ends up in the service; resolves to its address once it listens. */
async function start(program: string, args: string[], env: Record<string, string> = {}): Promise<string> {
  const { PATH = '', HOME = '' } = process.env;
  const started = spawn(program, args, {
    cwd: projectRoot(),
    env: { PATH, HOME, ANCHORS: 'none', PORT: '0', DATA_DIR: folder, XDG_STATE_HOME: folder, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child = started;
  let output = '';
  for await (const data of started.stdout) {
    output += String(data);
    const url = /listening on (http:\/\/[\w.:]+)/.exec(output)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error(`${program} ended without listening:\n${output}`);
}

/** Whether anything of the service is left: its port, or its database. */
async function isGone(url: string): Promise<boolean> {
  const answers = await fetch(`${url}/livez`).then(
    () => true,
    () => false,
  );
  return !answers && !existsSync(join(folder, 'postgres', 'cluster', 'postmaster.pid'));
}

const main = join(projectRoot(), 'dist', 'apps', 'standalone', 'main.js');

it.each(['SIGTERM', 'SIGKILL'] as const)('stops wholly when npm gets %s', async (signal) => {
  const url = await start('npm', ['start']);
  const exit = once(child!, 'exit');
  child!.kill(signal);
  await exit;
  await expect.poll(() => isGone(url)).toBe(true);
});

it('stops wholly when a shell between npm and it gets SIGTERM', async () => {
  const url = await start('sh', ['-c', `"${process.execPath}" "${main}"; true`], { npm_lifecycle_event: 'start' });
  child!.kill('SIGTERM');
  await expect.poll(() => isGone(url)).toBe(true);
});

it.each(['SIGTERM', 'SIGHUP'] as const)('ends with 0, and leaves nothing, when it gets %s itself', async (signal) => {
  const url = await start(process.execPath, [main]);
  const exit = once(child!, 'exit');
  child!.kill(signal);
  expect(await exit).toEqual([0, null]);
  expect(await isGone(url)).toBe(true);
});
