import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '#database/project-root.js';

/** Longest wait for a process to say that it listens: only for one that never does. */
const START_TIMEOUT_MS = 120_000;

/** A service process of ours and everything that it printed. */
export interface ServiceProcess {
  child: ChildProcess;
  url: string;
  output: () => string;
  /** SIGTERM, and the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL. */
  kill(): Promise<void>;
}

/** Runs a built entry point (`standalone`, `api`, `worker`) without the test's own settings. */
export function spawnEntry(
  name: 'standalone' | 'api' | 'worker',
  env: Record<string, string>,
): { child: ChildProcess; output: () => string } {
  const entry = join(projectRoot(), 'dist', 'apps', name, 'main.js');
  if (!existsSync(entry)) throw new Error(`Running ${name}: expected ${entry}; npm test builds it, or npm run build`);
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [entry], {
    // Checkpoints are kept in the user's own folder unless told otherwise: not by a test.
    env: { PATH, HOME, ANCHORS: 'none', XDG_STATE_HOME: join(env['DATA_DIR'] ?? tmpdir(), 'state'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr.on('data', (data: Buffer) => (output += data.toString()));
  return { child, output: () => output };
}

/** Starts a process and waits until its output matches `ready`; the first group is its URL. */
export async function startService(
  name: 'standalone' | 'api' | 'worker',
  env: Record<string, string>,
  ready = /listening on (http:\/\/[\w.:]+)/,
): Promise<ServiceProcess> {
  const { child, output } = spawnEntry(name, { PORT: '0', ...env });
  const deadline = Date.now() + START_TIMEOUT_MS;
  let match: RegExpExecArray | null;
  while (!(match = ready.exec(output()))) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`${name} ended with ${child.exitCode}:\n${output()}`);
    if (Date.now() > deadline) throw new Error(`${name} was not ready after ${START_TIMEOUT_MS} ms:\n${output()}`);
    await new Promise((done) => setTimeout(done, 20));
  }
  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    if (child.exitCode === null && child.signalCode === null) {
      const exit = once(child, 'exit');
      child.kill(signal);
      await exit;
    }
  };
  return {
    child,
    url: match[1] ?? '',
    output,
    stop: async () => {
      await end('SIGTERM');
      return child.exitCode;
    },
    kill: () => end('SIGKILL'),
  };
}
