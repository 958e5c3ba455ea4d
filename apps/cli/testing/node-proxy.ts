import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BitcoinNode } from '#anchors/bitcoin/testing/bitcoin-node.js';

/** An HTTP server in front of a real Bitcoin node: its JSON-RPC at `/`, and the part of the Esplora interface that gives headers. */
export interface NodeProxy {
  /** Address of both interfaces; no password. */
  readonly url: string;
  /** Requests so far, by what they were. */
  readonly seen: { batches: number; single: number; esplora: number };
  /** Wait before each answer. */
  delayMs: number;
  /** Answer batches as a server that does not know them. */
  refuseBatches: boolean;
  /** So many requests from now on get HTTP 503. */
  failures: number;
  /** Hashes told in the place of the node's own, by height. */
  readonly lies: Map<number, string>;
  stop(): Promise<void>;
}

interface Call {
  id: unknown;
  method: string;
  params: unknown[];
}

/** Starts one on a free port of 127.0.0.1. */
export async function startNodeProxy(node: BitcoinNode): Promise<NodeProxy> {
  const { origin, password, username } = new URL(node.rpcUrl);
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const forward = async (body: unknown): Promise<unknown> => {
    const response = await fetch(origin, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json', connection: 'close' },
      body: JSON.stringify(body),
    });
    return response.json();
  };
  const lie = (call: Call, answer: { result?: unknown }) => {
    const other = call.method === 'getblockhash' ? proxy.lies.get(call.params[0] as number) : undefined;
    return other === undefined ? answer : { ...answer, result: other };
  };
  const rpc = async (body: Call | Call[]): Promise<unknown> => {
    const answer = await forward(body);
    if (!Array.isArray(body)) return lie(body, answer as object);
    return (answer as { id: unknown; result?: unknown }[]).map((one) =>
      lie(
        body.find(({ id }) => id === one.id)!,
        one,
      ),
    );
  };
  const esplora = async (path: string): Promise<string | undefined> => {
    const [, height] = /^\/block-height\/(\d+)$/.exec(path) ?? [];
    const [, hash] = /^\/block\/([0-9a-f]{64})\/header$/.exec(path) ?? [];
    const ask = async (method: string, params: unknown[]) =>
      ((await rpc({ id: 1, method, params })) as { result: unknown }).result;
    const found =
      height !== undefined
        ? await ask('getblockhash', [Number(height)])
        : hash !== undefined
          ? await ask('getblockheader', [hash, false])
          : path === '/blocks/tip/height'
            ? await ask('getblockcount', [])
            : undefined;
    return typeof found === 'string' || typeof found === 'number' ? String(found) : undefined;
  };

  const server = createServer((request, response) => {
    const answer = async (): Promise<[number, string]> => {
      if (proxy.delayMs > 0) await sleep(proxy.delayMs);
      if (proxy.failures > 0) {
        proxy.failures--;
        return [503, 'busy'];
      }
      if (request.method === 'GET') {
        proxy.seen.esplora++;
        const found = await esplora(request.url ?? '');
        return found === undefined ? [404, 'Block not found'] : [200, found];
      }
      const body = JSON.parse(await readText(request)) as Call | Call[];
      if (Array.isArray(body)) proxy.seen.batches++;
      else proxy.seen.single++;
      if (Array.isArray(body) && proxy.refuseBatches) return [400, 'Bad request'];
      return [200, JSON.stringify(await rpc(body))];
    };
    answer().then(
      ([status, text]) => response.writeHead(status).end(text),
      (error: unknown) => response.writeHead(502).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: NodeProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen: { batches: 0, single: 0, esplora: 0 },
    delayMs: 0,
    refuseBatches: false,
    failures: 0,
    lies: new Map(),
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
  return proxy;
}

async function readText(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8') as AsyncIterable<string>) text += chunk;
  return text;
}
