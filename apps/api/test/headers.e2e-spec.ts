import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { displayHash } from '#bitcoin/block-hash.js';
import { parseBlockHeader } from '#bitcoin/block-header.js';
import { mineChain } from '#bitcoin/testing/mined-header.js';
import { startService, type TestService } from './service.js';

describe('GET /v1/bitcoin/headers/{height}', () => {
  const chain = mineChain(Array.from({ length: 40 }, (_, i) => new Uint8Array(32).fill(i + 1)));
  let explorer: Server;
  let asked = 0;
  let service: TestService;

  beforeAll(async () => {
    // An explorer with the Esplora interface, over a chain of its own.
    explorer = createServer((request, response) => {
      asked += 1;
      const [, height] = /^\/block-height\/(\d+)$/.exec(request.url!) ?? [];
      const [, hash] = /^\/block\/([0-9a-f]{64})\/header$/.exec(request.url!) ?? [];
      if (request.url === '/blocks/tip/height') return void response.end(String(chain.length - 1));
      const header = chain.find((bytes, i) =>
        height ? i === Number(height) : displayHash(parseBlockHeader(bytes).hash) === hash,
      );
      if (!header) response.writeHead(404).end('Block not found');
      else response.end(height ? displayHash(parseBlockHeader(header).hash) : Buffer.from(header).toString('hex'));
    }).listen(0, '127.0.0.1');
    await once(explorer, 'listening');
    const { port } = explorer.address() as { port: number };
    service = await startService({
      ESPLORA_URLS: `http://127.0.0.1:1,http://127.0.0.1:${port}`,
      HEADER_TIMEOUT_MS: '1000',
    });
  });
  afterAll(async () => {
    await service.stop();
    explorer.close();
  });

  const get = (height: number | string) => service.app.inject(`/v1/bitcoin/headers/${height}`);

  it('passes on a header that the sources show, and asks for it once', async () => {
    const answer = await get(3);
    expect(answer.statusCode, answer.body).toBe(200);
    expect(answer.json()).toEqual({
      height: 3,
      header: Buffer.from(chain[3]!).toString('hex'),
      hash: displayHash(parseBlockHeader(chain[3]!).hash),
      source: expect.stringContaining('Esplora'),
    });
    const before = asked;
    await Promise.all(Array.from({ length: 20 }, () => get(3)));
    expect(asked).toBe(before);
  });

  it('tells the height of the newest block, and asks for it once', async () => {
    const answer = await service.app.inject('/v1/bitcoin/tip');
    expect(answer.json()).toEqual({ height: 40, source: expect.stringContaining('Esplora') });
    const before = asked;
    await service.app.inject('/v1/bitcoin/tip');
    expect(asked).toBe(before);
  });

  it('tells a block that does not exist from a source that does not answer', async () => {
    // One of the sources is away: it may have the block.
    expect((await get(1000)).json()).toMatchObject({ status: 502, code: 'header-source-unavailable' });
    expect((await get('x')).json()).toMatchObject({ status: 400, code: 'bad-request' });
    expect((await get(2 ** 31)).json()).toMatchObject({ status: 400, code: 'bad-request' });
  });

  it('does not let anybody flood the explorers', async () => {
    const answers = await Promise.all(Array.from({ length: 35 }, (_, i) => get(i + 5)));
    const codes = answers.map(({ statusCode }) => statusCode);
    expect(codes).toContain(429);
    // Of 20 in a second; the tests before this one may have taken some.
    expect(codes.filter((code) => code === 200).length).toBeGreaterThanOrEqual(8);
    expect(answers.find(({ statusCode }) => statusCode === 429)?.headers['retry-after']).toBe('1');
  });

  it('says that no source can be reached', async () => {
    const alone = await startService({ ESPLORA_URLS: 'http://127.0.0.1:1' });
    try {
      expect((await alone.app.inject('/v1/bitcoin/headers/1')).json()).toMatchObject({
        status: 502,
        code: 'header-source-unavailable',
      });
      expect((await alone.app.inject('/v1/bitcoin/tip')).statusCode).toBe(502);
    } finally {
      await alone.stop();
    }
  });
});
