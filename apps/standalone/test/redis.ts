import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { Redis } from 'ioredis';

/** A Redis of the test's own, or the one at REDIS_URL. */
export interface RedisServer {
  url: string;
  /** Loses everything in it. */
  flush(): Promise<void>;
  stop(): Promise<void>;
}

/** Time allowed for redis-server to answer. */
const START_TIMEOUT_MS = 10_000;

/** Starts `redis-server` on a free port, without persistence; undefined, said aloud, where it is not installed (an error in CI). */
export async function startRedis(): Promise<RedisServer | undefined> {
  const given = process.env['REDIS_URL'];
  if (given) return connect(given, () => Promise.resolve());
  if (spawnSync('redis-server', ['--version']).status !== 0) {
    const message = 'redis-server is not installed: apt-get install redis-server';
    if (process.env['CI']) throw new Error(message);
    console.warn(`skipped: ${message}`);
    return undefined;
  }
  const port = await freePort();
  const child = spawn(
    'redis-server',
    ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
    { stdio: 'ignore' },
  );
  return connect(`redis://127.0.0.1:${port}`, async () => {
    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    await exit;
  });
}

async function connect(url: string, stop: () => Promise<void>): Promise<RedisServer> {
  const client = new Redis(url, { maxRetriesPerRequest: null, lazyConnect: false });
  // Refused until the server listens; the client tries again by itself.
  client.on('error', () => undefined);
  const late = new Promise<never>((_, fail) =>
    setTimeout(() => fail(new Error(`no Redis at ${url}`)), START_TIMEOUT_MS).unref(),
  );
  await Promise.race([client.ping(), late]);
  return {
    url,
    flush: async () => void (await client.flushall()),
    stop: async () => {
      client.disconnect();
      await stop();
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}
