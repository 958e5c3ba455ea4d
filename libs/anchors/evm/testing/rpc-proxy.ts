import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A call as it passes through. */
export interface RpcCall {
  readonly method: string;
  readonly params: readonly unknown[];
}

/** What becomes of an answer: another result, or an error of the node. */
export interface RpcAnswer {
  result?: unknown;
  error?: { code: number; message: string };
}

/** An HTTP proxy in front of a node's JSON-RPC, for faults that a node of one's own never has. */
export interface RpcProxy {
  readonly url: string;
  /** Calls that have arrived. */
  calls: number;
  /** Changes answers; null for none. What it returns is answered instead. */
  alter: ((call: RpcCall, answer: RpcAnswer) => RpcAnswer | Promise<RpcAnswer>) | null;
  /** Breaks the connection of the call with this number (from 1), and of all later ones: before the node gets it, or after the node has done it. */
  cut: { at: number; when: 'before' | 'after' } | null;
  stop(): Promise<void>;
}

/** Starts a proxy on loopback. */
export async function startRpcProxy(target: string): Promise<RpcProxy> {
  const server = createServer((request, response) => {
    void (async () => {
      const mine = ++proxy.calls;
      const body = await read(request);
      const { cut } = proxy;
      if (cut !== null && (mine > cut.at || (mine === cut.at && cut.when === 'before'))) return response.destroy();
      const answered = await fetch(target, {
        method: 'POST',
        headers: { 'content-type': 'application/json', connection: 'close' },
        body,
      }).catch(() => null);
      if (answered === null || (cut !== null && mine === cut.at)) return response.destroy();
      const answer = (await answered.json()) as RpcAnswer;
      const changed = proxy.alter === null ? answer : await proxy.alter(JSON.parse(body) as RpcCall, answer);
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ jsonrpc: '2.0', id: 1, ...changed }));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: RpcProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: 0,
    alter: null,
    cut: null,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return proxy;
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
