import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Connections } from './connections.js';

/** Limits of the server under test, on a whole request and on a whole exchange. */
const LIMIT_MS = 400;

/** A body that comes in so many parts, so far apart, takes several times as long. */
const PARTS = 24;
const PART_EVERY_MS = 50;

const server = createServer({ requestTimeout: LIMIT_MS, headersTimeout: LIMIT_MS, connectionsCheckingInterval: 50 });
const connections = new Connections(server, 10, LIMIT_MS);
server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
  if (error.code !== 'ERR_HTTP_REQUEST_TIMEOUT' || !connections.isLasting(socket as never)) socket.destroy();
});
server.on('request', (incoming: IncomingMessage, response: ServerResponse) => {
  connections.inTurn(incoming, response, () => {
    incoming.on('data', () => incoming.url === '/lasting' && connections.goOn(response));
    incoming.on('end', () => response.end('whole')).on('error', () => undefined);
  });
});
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => server.close());

async function sendSlowly(path: string, parts: number): Promise<string> {
  const { port } = server.address() as AddressInfo;
  const outgoing = request({ port, path, method: 'POST', host: '127.0.0.1' });
  const answer = new Promise<string>((resolve) => {
    outgoing.on('response', (response) => response.on('data', (data: Buffer) => resolve(data.toString())));
    outgoing.on('error', () => resolve('cut off'));
  });
  for (let part = 0; part < parts && !outgoing.destroyed; part += 1) {
    outgoing.write('x');
    await pause(PART_EVERY_MS);
  }
  // Nothing moves any more where fewer parts come than were announced.
  if (parts === PARTS) outgoing.end();
  return answer;
}

describe('an exchange', () => {
  it('ends when it takes longer than it may', async () => {
    expect(await sendSlowly('/', PARTS)).toBe('cut off');
  });

  it('takes any time where it goes on, and ends when nothing moves', async () => {
    expect(await sendSlowly('/lasting', PARTS)).toBe('whole');
    expect(await sendSlowly('/lasting', PARTS - 1)).toBe('cut off');
  });
});
