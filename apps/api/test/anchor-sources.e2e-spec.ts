import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parsePemCertificates } from '#tsp/pem.js';
import { createRoot } from '#tsp/testing/certificate-authority.js';
import { type EvmNode, startEvmNode } from '#anchors/evm/testing/evm-node.js';
import { startService, type TestService } from './service.js';

/** Longer than a block that is not final is kept. */
const YOUNG_MS = 16_000;

describe('GET /v1/evm/{chainId}/blocks/{number}', () => {
  let node: EvmNode;
  let other: EvmNode;
  let impostor: EvmNode;
  let service: TestService;

  beforeAll(async () => {
    node = await startEvmNode({ slotsInAnEpoch: 2 });
    other = await startEvmNode({ chainId: 4711 });
    impostor = await startEvmNode({ chainId: 4711, genesisTimestamp: 1_790_000_000 });
    await node.mine(10);
    const genesis = (await node.block(0))!.hash;
    const deep = { chainId: 4711, genesis: (await other.block(0))!.hash };
    const chain = { genesis, rpcUrls: ['http://127.0.0.1:1/secret-key', node.rpcUrl] };
    service = await startService({
      EVM_CHAINS: JSON.stringify([
        { name: 'main', chainId: 31_337, ...chain },
        {
          name: 'deep',
          ...deep,
          rpcUrls: [node.rpcUrl, impostor.rpcUrl, other.rpcUrl],
          finality: { blocks: 3 },
        },
        { name: 'same-id', chainId: 4711, genesis, rpcUrls: ['http://127.0.0.1:1'] },
        { name: 'away', chainId: 4712, genesis, rpcUrls: ['http://127.0.0.1:1'] },
      ]),
      EVM_TIMEOUT_MS: '1000',
    });
  });
  afterAll(async () => {
    await service?.stop();
    await node?.stop();
    await other?.stop();
    await impostor?.stop();
  });

  const get = (chainId: number | string, number: number | string) =>
    service.app.inject(`/v1/evm/${chainId}/blocks/${number}`);

  it('passes on hash, time and finality that the nodes show, and no address', async () => {
    const { hash, timestamp } = (await node.block(3))!;
    const answer = await get(31_337, 3);
    expect(answer.statusCode, answer.body).toBe(200);
    expect(answer.json()).toEqual({
      chainId: 31_337,
      number: 3,
      hash: hash.slice(2),
      time: new Date(Number(timestamp) * 1000).toISOString(),
      finalizedNumber: 6,
      source: 'node 2 of the service',
    });
    expect(answer.body).not.toContain('secret-key');
  });

  it('passes over nodes of another chain, also one with the same id, and goes by the rule of finality of the chain', async () => {
    await other.mine(5);
    await impostor.mine(5);
    const hash = (await other.block(2))!.hash.slice(2);
    expect((await get(4711, 2)).json()).toMatchObject({ hash, finalizedNumber: 3, source: 'node 3 of the service' });
  });

  it('forgets a young block soon, so that a reorganisation is seen', async () => {
    const before = (await get(31_337, 10)).json<{ hash: string }>().hash;
    await node.reorg(2);
    const after = (await node.block(10))!.hash.slice(2);
    expect(after).not.toBe(before);
    const now = performance.now.bind(performance);
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => now() + YOUNG_MS);
    expect((await get(31_337, 10)).json<{ hash: string }>().hash).toBe(after);
    clock.mockRestore();
  });

  it('tells an unknown chain, a block that is not there and an outage apart', async () => {
    expect((await get(1, 3)).json()).toMatchObject({ status: 404, code: 'no-such-chain' });
    expect((await get(4711, 10_000)).json()).toMatchObject({ status: 404, code: 'no-such-block' });
    // One of the nodes is away: it may have the block.
    expect((await get(31_337, 10_000)).json()).toMatchObject({ status: 502, code: 'evm-source-unavailable' });
    expect((await get(4712, 3)).json()).toMatchObject({ status: 502, code: 'evm-source-unavailable' });
    expect((await get('0x1', 3)).json()).toMatchObject({ status: 400, code: 'bad-request' });
    expect((await get(1, '99999999999999999999')).json()).toMatchObject({ status: 400, code: 'bad-request' });
    expect((await get(1, '-1')).json()).toMatchObject({ status: 400, code: 'bad-request' });
  });

  it('does not let anybody flood the nodes', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, (_, i) => get(31_337, 20_000 + i)));
    expect(answers.map(({ statusCode }) => statusCode)).toContain(429);
    expect(answers.find(({ statusCode }) => statusCode === 429)?.headers['retry-after']).toBe('1');
  });
});

describe('GET /v1/time-stamp-roots', () => {
  it('hands out the certificates of the file and nothing else in it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sealroot-roots-'));
    const root = await createRoot({ commonName: 'Authority root' }, folder);
    const file = join(folder, 'roots.pem');
    await writeFile(file, `my notes\n${root.pem}-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n`);
    const service = await startService({ TSA_ROOTS_FILE: file });
    try {
      const answer = await service.app.inject('/v1/time-stamp-roots');
      expect(answer.statusCode, answer.body).toBe(200);
      expect(answer.headers['content-type']).toMatch(/^application\/x-pem-file/);
      expect(parsePemCertificates(answer.body)).toEqual(parsePemCertificates(root.pem));
      expect(answer.body).not.toContain('notes');
      expect(answer.body).not.toContain('PRIVATE');
    } finally {
      await service.stop();
      await rm(folder, { recursive: true });
    }
  });

  it('says when none are configured', async () => {
    const service = await startService({});
    try {
      expect((await service.app.inject('/v1/time-stamp-roots')).json()).toMatchObject({
        status: 404,
        code: 'no-time-stamp-roots',
      });
    } finally {
      await service.stop();
    }
  });
});
