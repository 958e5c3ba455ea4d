import { readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hexToBytes } from '@noble/hashes/utils.js';
import { afterEach, describe, expect, it } from 'vitest';
import { createEvmNodeSource } from './evm-node-source.js';

const hash = 'ab'.repeat(32);
const block = { number: '0x7', hash: `0x${hash}`, timestamp: '0x69a40010', transactions: [] };
const fails = (code: string, text = '') =>
  expect.objectContaining({ name: 'SourceError', code, message: expect.stringContaining(text) as string });

interface Seen {
  url: string;
  init: RequestInit;
  method: string;
  params: unknown[];
}

/** A source whose node gives this answer to every call. */
function source(answer: (call: Seen) => Response, url = 'https://node.example/rpc') {
  const seen: Seen[] = [];
  const fetch = (at: string, init: RequestInit) => {
    const call = { url: at, init, ...(JSON.parse(init.body as string) as { method: string; params: unknown[] }) };
    seen.push(call);
    return Promise.resolve().then(() => answer(call));
  };
  return { source: createEvmNodeSource({ url, fetch }), seen };
}
const result = (value: unknown) => () => Response.json({ jsonrpc: '2.0', id: 1, result: value });
const rpcError =
  (code: unknown, status = 200) =>
  () =>
    Response.json({ jsonrpc: '2.0', id: 1, error: { code, message: 'words of the node' } }, { status });

describe('an RPC source', () => {
  it('gives blocks, the chain id and the newest height', async () => {
    const { source: node, seen } = source(({ method }) =>
      result(method === 'eth_getBlockByNumber' ? block : '0x7a69')(),
    );
    expect(node.name).toBe('EVM node at node.example');
    expect(await node.chainId()).toBe(31_337);
    expect(await node.latestNumber!()).toBe(31_337);
    expect(await node.block(7)).toEqual({ hash: hexToBytes(hash), timeMs: 1_772_355_600_000 });
    expect(seen.map(({ method, params }) => [method, params])).toEqual([
      ['eth_chainId', []],
      ['eth_blockNumber', []],
      ['eth_getBlockByNumber', ['0x7', false]],
    ]);
    expect(seen.every(({ init }) => init.redirect === 'manual' && init.signal instanceof AbortSignal)).toBe(true);
  });

  it('gives a time in milliseconds as it is', async () => {
    const { source: node } = source(result({ ...block, timestamp: '0x19caa8ef9fb' }));
    expect((await node.block(7)).timeMs).toBe(0x19caa8ef9fb);
  });

  it('says whether the hash is that of the header, where there is one', async () => {
    const { cases } = JSON.parse(
      readFileSync(new URL('../evm/vectors/known-headers.json', import.meta.url), 'utf8'),
    ) as { cases: { block: Record<string, string> }[] };
    const one = { logsBloom: `0x${'00'.repeat(256)}`, ...cases[1]!.block };
    expect((await source(result(one)).source.block(1)).hashFits).toBe(true);
    expect((await source(result({ ...one, gasUsed: '0x1' })).source.block(1)).hashFits).toBe(false);
    expect((await source(result(block)).source.block(7)).hashFits).toBeUndefined();
  });

  it('knows the last final block, or that the chain does not say', async () => {
    expect(await source(result(block)).source.finalizedNumber!()).toBe(7);
    expect(await source(result(null)).source.finalizedNumber!()).toBeNull();
    expect(await source(rpcError(-32602)).source.finalizedNumber!()).toBeNull();
    await expect(source(() => new Response('', { status: 503 })).source.finalizedNumber!()).rejects.toThrow(
      fails('unreachable'),
    );
    await expect(source(result({})).source.finalizedNumber!()).rejects.toThrow(fails('bad-answer'));
  });

  it('sends credentials in their header only, and shows neither them nor keys in the address', async () => {
    const { source: node, seen } = source(result(null), 'https://us%65r:p%20w@node.example:8545/v3/key?api=key2');
    const error = (await node.block(7).catch((reason: unknown) => reason)) as Error;
    expect(error).toEqual(fails('no-such-block'));
    expect(seen[0]!.url).toBe('https://node.example:8545/v3/key?api=key2');
    const { authorization } = seen[0]!.init.headers as Record<string, string>;
    expect(authorization).toBe(`Basic ${Buffer.from('user:p w').toString('base64')}`);
    expect(`${node.name} ${error.message}`).not.toMatch(/key|user|p w/);
  });

  it.each(['ftp://node.example', 'node.example', 'https://node.example/#x', 'http://a:%zz@node.example', ''])(
    'refuses the address %s without repeating it',
    (url) => {
      const make = () => createEvmNodeSource({ url, fetch: () => Promise.reject(new Error('not asked')) });
      expect(make).toThrow(
        expect.objectContaining({
          name: 'AddressError',
          code: 'bad-url',
          message: expect.not.stringContaining('example'),
        }),
      );
    },
  );

  it('knows heights that no chain can have', async () => {
    for (const height of [-1, 1.5, 2 ** 53, Number.NaN]) {
      await expect(source(result(block)).source.block(height)).rejects.toThrow(fails('no-such-block'));
    }
  });

  it.each<[string, () => Response, string]>([
    ['no block', result(null), 'no-such-block'],
    ['an RPC error', rpcError(-32000), 'unreachable'],
    ['an RPC error with a status of failure', rpcError(-32005, 429), 'unreachable'],
    ['an RPC error without number', rpcError('x'), 'unreachable'],
    ['a page', () => new Response('<html>', { status: 502 }), 'unreachable'],
    ['a page with status 200', () => new Response('<html>'), 'bad-answer'],
    ['a list', () => Response.json([]), 'bad-answer'],
    ['no result', () => Response.json({ jsonrpc: '2.0', id: 1 }), 'bad-answer'],
    ['a redirect', () => new Response(null, { status: 307, headers: { location: '/' } }), 'bad-answer'],
    ['an answer of 5 MB', () => new Response(new Uint8Array(5_000_000)), 'bad-answer'],
    ['a text for a block', result('0x'), 'bad-answer'],
    ['another height', result({ ...block, number: '0x8' }), 'bad-answer'],
    ['a height as number', result({ ...block, number: 7 }), 'bad-answer'],
    ['a height beyond 2^53', result({ ...block, number: '0x20000000000000' }), 'bad-answer'],
    ['a pending block', result({ ...block, hash: null }), 'bad-answer'],
    ['a short hash', result({ ...block, hash: '0xab' }), 'bad-answer'],
    ['a hash that is no hex', result({ ...block, hash: `0x${'zz'.repeat(32)}` }), 'bad-answer'],
    ['no time', result({ number: '0x7', hash: `0x${hash}` }), 'bad-answer'],
    ['a time that no date has', result({ ...block, timestamp: `0x${'f'.repeat(16)}` }), 'bad-answer'],
    [
      'an error thrown by fetch',
      () => {
        throw new TypeError('fetch failed: secret');
      },
      'unreachable',
    ],
  ])('names %s, and quotes nothing of an answer that is no words', async (_, answer, code) => {
    const error = (await source(answer)
      .source.block(7)
      .catch((reason: unknown) => reason)) as Error;
    expect(error).toEqual(fails(code));
    expect(error.message).not.toMatch(/secret|html|zz/);
  });
});

describe('an RPC source over real connections', () => {
  let close = async (): Promise<void> => undefined;
  afterEach(() => close());

  async function serve(listener: RequestListener): Promise<string> {
    const server = createServer(listener);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    close = () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  it('gives up after its time, before and within an answer', async () => {
    const url = await serve((request, response) => {
      if (request.url === '/slow') response.writeHead(200).write('{"jsonrpc"');
    });
    const at = (path: string) => createEvmNodeSource({ url: `${url}${path}`, fetch, timeoutMs: 150 });
    await expect(at('/').chainId()).rejects.toThrow(fails('unreachable', 'within 150 ms'));
    await expect(at('/slow').chainId()).rejects.toThrow(fails('unreachable', 'within 150 ms'));
  });

  it('follows no redirect and stops reading an endless answer', async () => {
    const asked: string[] = [];
    const url = await serve((request, response) => {
      asked.push(request.url!);
      if (request.url === '/moved') response.writeHead(308, { location: '/elsewhere' }).end();
      else {
        const timer = setInterval(() => response.write(' '.repeat(500_000)), 1);
        response.on('close', () => clearInterval(timer));
      }
    });
    await expect(createEvmNodeSource({ url: `${url}/moved`, fetch }).chainId()).rejects.toThrow(fails('bad-answer'));
    await expect(createEvmNodeSource({ url: `${url}/endless`, fetch }).chainId()).rejects.toThrow(
      fails('bad-answer', 'at most 4194304 bytes'),
    );
    expect(asked).toEqual(['/moved', '/endless']);
  });

  it('cannot reach a closed port', async () => {
    const url = await serve(() => undefined);
    await close();
    close = async () => undefined;
    await expect(createEvmNodeSource({ url, fetch }).chainId()).rejects.toThrow(fails('unreachable'));
  });
});
