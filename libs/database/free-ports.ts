import { randomInt } from 'node:crypto';
import { createServer, type Server } from 'node:net';

/** Where ports are looked for: below those that systems give to outgoing connections, which would take a free one again at any moment. */
const LOWEST_PORT = 16_384;
const HIGHEST_PORT = 32_767;

/** Ports that are tried for one before giving up. */
const TRIES = 100;

/** Ports of 127.0.0.1 that nobody listened on a moment ago, all different. For programs that cannot take port 0 themselves.
 * @throws Error when none can be found */
export async function freePorts(count: number): Promise<number[]> {
  const servers: Server[] = [];
  try {
    while (servers.length < count) servers.push(await listenSomewhere());
    return servers.map((server) => (server.address() as { port: number }).port);
  } finally {
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  }
}

/** One such port. */
export async function freePort(): Promise<number> {
  const [port] = await freePorts(1);
  return port!;
}

async function listenSomewhere(): Promise<Server> {
  for (let i = 1; ; i++) {
    const server = createServer();
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject).listen(randomInt(LOWEST_PORT, HIGHEST_PORT + 1), '127.0.0.1', resolve);
      });
      return server;
    } catch (error) {
      if (i === TRIES)
        throw new Error(`Finding a port: expected a free one in ${TRIES} tries, got none`, { cause: error });
    }
  }
}
