import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

/** What a client asked a {@link ProxyServer} for. */
export interface ProxyRequest {
  /** `CONNECT host:port`, or a method and a whole address. */
  readonly line: string;
  readonly authorization: string | undefined;
}

/** A small proxy on loopback. It takes every name for this machine, so that what is asked of it can have names that do not exist. */
export interface ProxyServer {
  readonly url: string;
  readonly requests: ProxyRequest[];
  /** From now on every request is answered with this status. */
  refuse(status: number): void;
  stop(): Promise<void>;
}

/** Starts one. Names lead to `target` on loopback, a port; without one http requests are answered by 404 and tunnels by 502. */
export async function startProxy(target?: number): Promise<ProxyServer> {
  const requests: ProxyRequest[] = [];
  const sockets = new Set<Socket>();
  let refusal: number | undefined = undefined;
  const server = createServer((incoming, outgoing) => {
    requests.push({
      line: `${incoming.method} ${incoming.url}`,
      authorization: incoming.headers['proxy-authorization'],
    });
    if (refusal !== undefined || target === undefined) {
      outgoing.writeHead(refusal ?? 404).end();
      return;
    }
    const { pathname, search } = new URL(incoming.url!);
    const { method, headers } = incoming;
    const onward = request({ host: '127.0.0.1', port: target, method, path: pathname + search, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  server.on('connect', (incoming, socket: Socket, head: Buffer) => {
    requests.push({ line: `CONNECT ${incoming.url}`, authorization: incoming.headers['proxy-authorization'] });
    socket.on('error', () => socket.destroy());
    if (refusal !== undefined || target === undefined) {
      socket.end(`HTTP/1.1 ${refusal ?? 502} Refused\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    const onward = connect(target, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    sockets.add(onward);
    onward.on('error', () => socket.destroy());
    socket.on('close', () => onward.destroy());
  });
  server.on('connection', (socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    refuse: (status) => (refusal = status),
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
