import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A part of the loopback that tests allow webhooks to reach; the rest stays refused. */
export const RECEIVER_ADDRESS = '127.0.0.2';
export const RECEIVER_NETWORKS = [`${RECEIVER_ADDRESS}/32`];

/** A receiver of webhooks. */
export interface Receiver {
  url: string;
  /** What came. */
  requests: { headers: IncomingHttpHeaders; body: string }[];
  /** How it answers from now on. */
  answer: RequestListener;
  stop(): Promise<void>;
}

/** Starts one, which answers 204 or as told. */
export async function startReceiver(
  answer: RequestListener = (_, response) => response.writeHead(204).end(),
): Promise<Receiver> {
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (data: Buffer) => (body += data.toString()));
    request.on('end', () => {
      receiver.requests.push({ headers: request.headers, body });
      receiver.answer(request, response);
    });
  });
  server.on('connection', (socket) => sockets.add(socket));
  server.listen(0, RECEIVER_ADDRESS);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const receiver: Receiver = {
    url: `http://${RECEIVER_ADDRESS}:${port}/hook`,
    requests: [],
    answer,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
  return receiver;
}
