import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createHeaderSources } from './header-sources.js';

describe('header sources', () => {
  it('puts the own node first, then the explorers in their order, and asks nobody yet', () => {
    const sources = createHeaderSources(
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
    expect(createHeaderSources({ esploraUrls: [], headerTimeoutMs: 100 })).toEqual([]);
  });

  it('gives up on a server that never answers', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
    const sources = createHeaderSources({ bitcoinRpcUrl: url, esploraUrls: [url], headerTimeoutMs: 200 });
    for (const source of sources) await expect(source.header(1)).rejects.toMatchObject({ code: 'unreachable' });
    server.closeAllConnections();
    server.close();
  });
});
