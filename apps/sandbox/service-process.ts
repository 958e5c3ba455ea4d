import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectRoot } from '#database/project-root.js';

/** Time for the service to listen; the first start makes a database, which takes some seconds on a busy machine. */
const START_TIMEOUT_MS = 60_000;
/** Time for a graceful stop, with the embedded database, before the process is killed. */
const STOP_TIMEOUT_MS = 20_000;
/** How much of the service's output is kept for error messages. */
const OUTPUT_TAIL_CHARACTERS = 20_000;

/** The whole service, embedded database included, in a child process of ours: what `npm start` runs. */
export interface ServiceProcess {
  readonly url: string;
  readonly pid: number;
  /** The demo agency's API key. */
  readonly apiKey: string;
  /** The end of what it printed. */
  output(): string;
  /** Asks it to stop, and waits until its database has stopped too. */
  stop(): Promise<void>;
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>;
}

/** Starts the compiled service on a data folder and a free port, with exactly these settings beside.
 * @throws Error with its output when it does not come up */
export async function startService(dataDir: string, settings: Record<string, string>): Promise<ServiceProcess> {
  const entry = join(projectRoot(), 'dist', 'apps', 'standalone', 'main.js');
  if (!existsSync(entry)) throw new Error(`Starting the service: expected ${entry}; "npm run build" makes it`);
  const child = spawn(process.execPath, [entry], {
    cwd: projectRoot(),
    // Nothing of the caller's own configuration may reach the service; the database's tools need the path.
    // It leaves nothing in the user's own folders either.
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      XDG_STATE_HOME: dataDir,
      PORT: '0',
      DATA_DIR: dataDir,
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const keepTail = (chunk: Buffer) => (output = (output + chunk.toString()).slice(-OUTPUT_TAIL_CHARACTERS));
  let url: string | undefined;
  const readUrl = () => (url ??= /listening on (http:\/\/\S+)/.exec(output)?.[1]);
  child.stdout.on('data', (chunk: Buffer) => {
    keepTail(chunk);
    readUrl();
  });
  child.stderr.on('data', keepTail);
  const exited = once(child, 'exit');
  const running = () => child.exitCode === null && child.signalCode === null;
  const killWithUs = () => child.kill('SIGTERM');
  process.once('exit', killWithUs);

  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    process.removeListener('exit', killWithUs);
    if (!running()) return;
    child.kill(signal);
    if ((await Promise.race([exited, sleep(STOP_TIMEOUT_MS, 'late', { ref: false })])) === 'late')
      child.kill('SIGKILL');
    await exited;
  };
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (url === undefined) {
    if (!running() || Date.now() > deadline) {
      await end('SIGTERM');
      throw new Error(`Starting the service: expected it to listen, got:\n${output}`);
    }
    await sleep(20);
  }
  const apiKey = (await readFile(join(dataDir, 'demo-api-key'), 'utf8')).trim();
  return {
    url,
    pid: child.pid ?? 0,
    apiKey,
    output: () => output,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}
