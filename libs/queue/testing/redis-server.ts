import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { freePort } from '#database/free-ports.js';

/** A Redis without persistence on a port of its own. */
export interface TestRedis {
  url: string;
  /** Kills the server as a crash would; all it held is gone. */
  kill(): Promise<void>;
  /** Starts it again, empty, on the same port. */
  restart(): Promise<void>;
}

/** Whether `redis-server` is on the path; when not, says on the console how to install it.
 * @throws Error instead when `required`, as continuous integration must not skip this */
export async function hasRedisServer(required: boolean): Promise<boolean> {
  const child = spawn('redis-server', ['--version'], { stdio: 'ignore' });
  const found = await once(child, 'exit').then(
    () => true,
    () => false,
  );
  if (found) return true;
  const message = 'redis-server is missing: apt-get install redis-server';
  if (required) throw new Error(message);
  console.warn(`Skipped, ${message}`);
  return false;
}

/** Starts a Redis that listens on 127.0.0.1 and keeps nothing on disk. */
export async function startRedis(): Promise<TestRedis> {
  const port = await freePort();
  let child = await launch(port);
  return {
    url: `redis://127.0.0.1:${port}`,
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
    restart: async () => {
      child = await launch(port);
    },
  };
}

async function launch(port: number): Promise<ChildProcess> {
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const child = spawn('redis-server', options, { stdio: 'ignore' });
  for (let attempt = 0; attempt < 600; attempt += 1) {
    const socket = connect(port, '127.0.0.1');
    const open = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (open) return child;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  child.kill('SIGKILL');
  throw new Error(`Starting redis-server: expected it to listen on port ${port} within 30 seconds`);
}
