import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createBitcoinSources, createEvmSources } from './sources.js';

describe('header sources', () => {
  it('puts the own node first, then the explorers in their order, and asks nobody yet', () => {
    const sources = createBitcoinSources(
      {
        bitcoinRpcUrl: 'http://user:secret@127.0.0.1:1',
        esploraUrls: ['https://one.example/api', 'https://two.example/api'],
        headerTimeoutMs: 100,
      },
      () => {
        throw new Error('expected no request');
      },
    );
    expect(sources.length).toBe(3);
    expect(sources[0]?.name).not.toContain('secret');
    expect(sources[1]?.name).toContain('one.example');
  });

  it('is empty without settings', () => {
    expect(createBitcoinSources({ esploraUrls: [], headerTimeoutMs: 100 })).toEqual([]);
  });

  it('gives up on a server that never answers', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
    const sources = createBitcoinSources({ bitcoinRpcUrl: url, esploraUrls: [url], headerTimeoutMs: 200 });
    for (const source of sources) await expect(source.header(1)).rejects.toMatchObject({ code: 'unreachable' });
    server.closeAllConnections();
    server.close();
  });

  it('sends the content of the cookie file to the own node alone', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sealroot-cookie-'));
    const cookie = join(folder, '.cookie');
    await writeFile(cookie, '__cookie__:s3cret');
    const seen: [string, string | null][] = [];
    const settings = {
      bitcoinRpcUrl: 'http://node.example:8332',
      bitcoinRpcCookieFile: cookie,
      esploraUrls: ['https://explorer.example'],
      headerTimeoutMs: 100,
    };
    const sources = createBitcoinSources(settings, (input, init) => {
      seen.push([new URL(input as string).host, new Headers(init?.headers).get('authorization')]);
      return Promise.reject(new Error('no network'));
    });
    for (const source of sources) await expect(source.header(1)).rejects.toMatchObject({ code: 'unreachable' });
    expect(seen).toEqual([
      ['node.example:8332', `Basic ${Buffer.from('__cookie__:s3cret').toString('base64')}`],
      ['explorer.example', null],
    ]);
    await rm(folder, { recursive: true });
  });

  it.each([
    ['finalized', 90],
    ['latest', 100],
    [{ blocks: 12 }, 89],
    [{ blocks: 1000 }, 0],
  ] as const)('calls blocks of an EVM chain final by its rule: %j', async (finality, expected) => {
    const [node] = createEvmSources(
      { rpcUrls: ['https://node.example'], finality },
      { evmTimeoutMs: 100 },
      async (_, init) => {
        const { method } = JSON.parse(init!.body as string) as { method: string };
        return Response.json({ id: 1, result: method === 'eth_blockNumber' ? '0x64' : { number: '0x5a' } });
      },
    );
    expect(await node!.finalizedNumber!()).toBe(expected);
  });
});
