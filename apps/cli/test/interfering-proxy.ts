import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An answer on its way back. */
export interface Passing {
  method: string;
  path: string;
  status: number;
  headers: Record<string, string>;
  /** A character for each byte. */
  body: string;
}

/** What becomes of an answer: passed on (changed or not), or the connection cut so that the sender cannot know what happened. */
export type Interference = (answer: Passing, count: number) => Passing | 'cut';

/** A proxy in front of a service that loses or changes its answers after the service has done its work. */
export interface Proxy {
  url: string;
  /** Requests seen, as `METHOD path`. */
  seen: string[];
  close(): Promise<void>;
}

/** Starts a proxy to `target` on a free port of 127.0.0.1. */
export async function startProxy(target: string, interfere: Interference): Promise<Proxy> {
  const seen: string[] = [];
  const server = createServer((incoming: IncomingMessage, outgoing: ServerResponse) => {
    const method = incoming.method ?? 'GET';
    const path = incoming.url ?? '/';
    seen.push(`${method} ${path}`);
    const upstream = request(new URL(path, target), { method, headers: incoming.headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        const headers: Record<string, string> = {};
        for (const name of ['content-type', 'etag', 'retry-after']) {
          const value = answer.headers[name];
          if (typeof value === 'string') headers[name] = value;
        }
        const status = answer.statusCode ?? 500;
        const passing = { method, path, status, headers, body: Buffer.concat(chunks).toString('latin1') };
        const result = interfere(passing, seen.length);
        if (result === 'cut') incoming.socket.destroy();
        else outgoing.writeHead(result.status, result.headers).end(result.body, 'latin1');
      });
    });
    upstream.on('error', () => incoming.socket.destroy());
    incoming.pipe(upstream);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
