import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '#database/project-root.js';

/** The compiled worker as a process of its own, as containers run it. */
export interface WorkerProcess {
  /** What it printed so far. */
  output(): string;
  /** Sends a signal and resolves to the exit code, null when the signal ended it. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
}

/** The compiled entry point; null when it is not built, which the console says.
 * @throws Error instead when `required`, as continuous integration must not skip this */
export function workerEntry(required: boolean): string | null {
  const entry = join(projectRoot(), 'dist', 'apps', 'worker', 'main.js');
  if (existsSync(entry)) return entry;
  const message = 'the worker is not built: npm run build';
  if (required) throw new Error(message);
  console.warn(`Skipped, ${message}`);
  return null;
}

/** Longest wait for a worker to run: only for one that never does, and then what it printed is the reason. */
const START_TIMEOUT_MS = 120_000;

/** Starts the worker with exactly these settings and resolves when it runs. */
export async function startWorkerProcess(entry: string, env: Record<string, string>): Promise<WorkerProcess> {
  const child = spawn(process.execPath, [entry], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  let late: NodeJS.Timeout | undefined;
  await new Promise<void>((resolve, reject) => {
    const fail = (got: string) => reject(new Error(`Starting the worker: expected it to run, got ${got}:\n${output}`));
    late = setTimeout(() => {
      child.kill('SIGKILL');
      fail(`nothing in ${START_TIMEOUT_MS} ms`);
    }, START_TIMEOUT_MS);
    child.stdout.on('data', () => output.includes('the worker runs') && resolve());
    void exited.then((code) => fail(`exit ${code}`));
  }).finally(() => clearTimeout(late));
  return {
    output: () => output,
    end: async (signal) => {
      child.kill(signal);
      return exited;
    },
  };
}
