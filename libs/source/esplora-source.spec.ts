import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bytesToHex } from '@noble/hashes/utils.js';
import { afterEach, describe, expect, it } from 'vitest';
import { displayHash } from '#bitcoin/block-hash.js';
import { parseBlockHeader } from '#bitcoin/block-header.js';
import { createEsploraSource } from './esplora-source.js';
import { type SeenRequest, cannedFetch } from './testing/canned-fetch.js';
import { mineChain, mineHeader } from '#bitcoin/testing/mined-header.js';

const chain = mineChain([new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)]);
const hashes = chain.map((header) => displayHash(parseBlockHeader(header).hash));
const fails = (code: string) => expect.objectContaining({ name: 'SourceError', code });

/** An honest explorer of the small chain. */
function explorer({ url }: SeenRequest): Response {
  if (url.endsWith('/blocks/tip/height')) return new Response(`${hashes.length - 1}`);
  const height = /\/block-height\/(\d+)$/.exec(url)?.[1];
  if (height !== undefined) {
    const hash = hashes[Number(height)];
    return hash === undefined ? new Response('Block not found', { status: 404 }) : new Response(`${hash}\n`);
  }
  const index = hashes.indexOf(/\/block\/([0-9a-f]{64})\/header$/.exec(url)?.[1] ?? '');
  return index < 0 ? new Response('Block not found', { status: 404 }) : new Response(bytesToHex(chain[index]!));
}

/** The explorer with one of its two answers replaced. */
function source(change: { height?: () => Response; header?: () => Response }, network?: 'mainnet' | 'regtest') {
  const { fetch } = cannedFetch((request) => {
    const replaced = request.url.includes('/block-height/') ? change.height : change.header;
    return replaced === undefined ? explorer(request) : replaced();
  });
  return createEsploraSource({ url: 'https://explorer.example/api/', fetch, network });
}

describe('an Esplora source', () => {
  it('gives the headers and the network of an honest explorer', async () => {
    const { fetch, seen } = cannedFetch(explorer);
    const esplora = createEsploraSource({ url: 'https://explorer.example/api/', fetch, network: 'regtest' });
    expect(esplora.name).toBe('Esplora at explorer.example');
    expect(await esplora.header(2)).toEqual(chain[2]);
    expect(await esplora.network?.()).toBe('regtest');
    expect(seen.map(({ url }) => url)).toEqual([
      'https://explorer.example/api/block-height/0',
      'https://explorer.example/api/block-height/2',
      `https://explorer.example/api/block/${hashes[2]}/header`,
    ]);
    expect(seen.every(({ init }) => init.redirect === 'manual' && init.signal instanceof AbortSignal)).toBe(true);
  });

  it('tells the height of the newest block, on the network that was expected', async () => {
    const tip = (network?: 'mainnet' | 'regtest', answer?: Response) => {
      const { fetch } = cannedFetch((request) =>
        answer !== undefined && request.url.endsWith('/tip/height') ? answer : explorer(request),
      );
      return createEsploraSource({ url: 'https://explorer.example/api/', fetch, network }).tip?.();
    };
    expect(await tip()).toBe(2);
    expect(await tip('regtest')).toBe(2);
    await expect(tip('mainnet')).rejects.toThrow(/expected the network mainnet, got regtest/);
    for (const text of ['', '-1', '02', '1e3', '99999999999', '2147483648', '<html>']) {
      await expect(tip(undefined, new Response(text))).rejects.toThrow(fails('bad-answer'));
    }
    await expect(tip(undefined, new Response('', { status: 404 }))).rejects.toThrow(fails('bad-answer'));
    await expect(tip(undefined, new Response('', { status: 503 }))).rejects.toThrow(fails('unreachable'));
  });

  it('knows a height beyond the chain from a failure', async () => {
    await expect(source({}).header(3)).rejects.toThrow(fails('no-such-block'));
    for (const height of [-1, 1.5, 2 ** 31, 2 ** 53]) {
      await expect(source({}).header(height)).rejects.toThrow(fails('no-such-block'));
    }
  });

  it.each([
    [
      'a server that does not answer',
      { height: () => Promise.reject(new TypeError('fetch failed')) as never },
      'unreachable',
    ],
    ['too many requests', { height: () => new Response('slow down', { status: 429 }) }, 'unreachable'],
    ['an error of the server', { header: () => new Response('', { status: 502 }) }, 'unreachable'],
    ['a page instead of a hash', { height: () => new Response('<html>') }, 'bad-answer'],
    ['an empty answer', { height: () => new Response('') }, 'bad-answer'],
    ['a redirect', { height: () => new Response(null, { status: 302, headers: { location: '/x' } }) }, 'bad-answer'],
    ['a long answer', { height: () => new Response('0'.repeat(600_000)) }, 'bad-answer'],
    ['no header for its own hash', { header: () => new Response('', { status: 404 }) }, 'bad-answer'],
    ['half a header', { header: () => new Response(bytesToHex(chain[1]!).slice(80)) }, 'bad-answer'],
    ['another header', { header: () => new Response(bytesToHex(chain[2]!)) }, 'bad-answer'],
  ])('names %s', async (_name, change, code) => {
    await expect(source(change).header(1)).rejects.toThrow(fails(code));
  });

  it('refuses a header without work, even under its own hash', async () => {
    const idle = mineHeader().with(75, 0x1d);
    const hash = displayHash(parseBlockHeader(idle).hash);
    const lazy = source({ height: () => new Response(hash), header: () => new Response(bytesToHex(idle)) });
    await expect(lazy.header(1)).rejects.toThrow(fails('bad-answer'));
  });

  it('refuses an explorer of another network', async () => {
    await expect(source({}, 'mainnet').header(1)).rejects.toThrow(/expected the network mainnet, got regtest/);
  });

  it.each([
    'ftp://explorer.example',
    'explorer.example/api',
    'https://explorer.example/?key=1',
    'https://explorer.example/#x',
  ])('refuses the address %s without repeating it', (url) => {
    const { fetch } = cannedFetch(explorer);
    expect(() => createEsploraSource({ url, fetch })).toThrow(
      expect.objectContaining({ code: 'bad-url', message: expect.not.stringContaining('explorer.example') }),
    );
  });
});

describe('an Esplora source over real connections', () => {
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
      if (request.url === '/block-height/1') response.writeHead(200).write('00');
    });
    const esplora = createEsploraSource({ url, fetch, timeoutMs: 150 });
    await expect(esplora.header(0)).rejects.toThrow(fails('unreachable'));
    await expect(esplora.header(1)).rejects.toThrow(/within 150 ms/);
  });

  it('follows no redirect and stops reading an endless answer', async () => {
    const asked: string[] = [];
    const url = await serve((request, response) => {
      asked.push(request.url!);
      if (request.url === '/block-height/0') response.writeHead(301, { location: '/elsewhere' }).end();
      else {
        const timer = setInterval(() => response.write('0'.repeat(500)), 1);
        response.on('close', () => clearInterval(timer));
      }
    });
    const esplora = createEsploraSource({ url, fetch });
    await expect(esplora.header(0)).rejects.toThrow(fails('bad-answer'));
    await expect(esplora.header(1)).rejects.toThrow(/at most 16384 bytes/);
    expect(asked).toEqual(['/block-height/0', '/block-height/1']);
  });

  it('cannot reach a closed port', async () => {
    const url = await serve(() => undefined);
    await close();
    close = async () => undefined;
    await expect(createEsploraSource({ url, fetch }).header(0)).rejects.toThrow(fails('unreachable'));
  });

  it('takes its time-out from the caller', async () => {
    const url = await serve(() => undefined);
    const timeoutSignal = (ms: number) => AbortSignal.abort(`after ${ms}`);
    const esplora = createEsploraSource({ url, fetch, timeoutMs: 7, timeoutSignal });
    await expect(esplora.header(0)).rejects.toThrow(/within 7 ms/);
  });
});
