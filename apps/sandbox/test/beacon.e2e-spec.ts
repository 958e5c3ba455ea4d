import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import type { INestApplicationContext } from '@nestjs/common';
import { hexToBytes } from '@noble/hashes/utils.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parseBlockHeader } from '#bitcoin/block-header.js';
import { formatHeaderPack } from '#bitcoin/header-pack.js';
import { createBitcoinNodeSource } from '#source/bitcoin-node-source.js';
import type { BlockSource } from '#source/block-source.js';
import { createPackSource } from '#source/pack-source.js';
import type { EvmChainSettings } from '#anchors/evm-chains.js';
import { createEvmSources } from '#anchors/sources.js';
import { createTestDatabase, type TestDatabase } from '#database/testing.js';
import { parseBatchEntry } from '#statement/batch-entry.js';
import { readBeacon } from '../../worker/beacon.js';
import { BeaconWatcher } from '../../worker/beacon-watcher.js';
import { unsealed, until } from '../../worker/testing/batches.js';
import { verifyRecord } from '../../worker/testing/public-proof.js';
import { startIntake, startWorker, testConfig } from '../../worker/testing/test-worker.js';
import { type BitcoinNode, startBitcoinNode } from '#anchors/bitcoin/testing/bitcoin-node.js';
import { type EvmNode, startEvmNode } from '#anchors/evm/testing/evm-node.js';

const DEAD = 'http://user:secret-word@127.0.0.1:1';

describe('a beacon from Bitcoin', () => {
  let node: BitcoinNode;
  let other: BitcoinNode;
  let database: TestDatabase;
  const workers: INestApplicationContext[] = [];
  beforeAll(async () => {
    [node, other, database] = await Promise.all([startBitcoinNode(), startBitcoinNode(), createTestDatabase()]);
  });
  afterEach(async () => {
    for (const worker of workers.splice(0)) await worker.close();
  });
  afterAll(async () => {
    await Promise.all([node?.stop(), other?.stop()]);
    await database?.drop();
  });

  const source = (url: string) => createBitcoinNodeSource({ url, fetch, timeoutMs: 2000 });
  const read = (...sources: BlockSource[]) => readBeacon({ kind: 'bitcoin', sources });
  const newest = async () => `bitcoin-regtest ${await node.height()} ${await node.rpc<string>('getbestblockhash')}`;
  const sealed = async (number: number) => {
    const { rows } = await database.pool.query<{ entry: Buffer }>('SELECT "entry" FROM "batch" WHERE "number" = $1', [
      number,
    ]);
    return parseBatchEntry(new Uint8Array(rows[0]!.entry)).beacon;
  };
  const start = async (url: string, env: Record<string, string> = {}) => {
    const settings = {
      SEAL_INTERVAL_MS: '50',
      BEACON: 'bitcoin',
      BITCOIN_RPC_URL: url,
      HEADER_TIMEOUT_MS: '2000',
      ...env,
    };
    const worker = await startWorker(testConfig(database, settings));
    workers.push(worker);
    return worker.get(BeaconWatcher, { strict: false });
  };
  const sealOne = async (name: string) => {
    const accept = await startIntake(database);
    const [id] = await accept([name]);
    await until(async () => (await unsealed(database)) === 0, `${name} to be sealed`);
    return id!;
  };

  it('is the newest block, as long as one source answers, and the others are named', async () => {
    expect(await read(source(node.rpcUrl))).toEqual({ beacon: await newest(), problems: [] });
    await node.mine(1);
    const look = await read(source(DEAD), source(node.rpcUrl));
    expect(look.beacon).toBe(await newest());
    expect(look.problems).toEqual([expect.stringMatching(/^Bitcoin node at 127\.0\.0\.1:1: /)]);
    expect(look.problems.join()).not.toContain('secret-word');
    expect(await read(source(DEAD))).toMatchObject({ beacon: null, problems: [expect.any(String)] });
    expect(await read()).toEqual({ beacon: null, problems: [] });
  });

  it('is the newest block that all show, when one is behind', async () => {
    const height = await node.height();
    const start = height - 3;
    const behind = await Promise.all(Array.from({ length: 3 }, (_, i) => node.header(start + i)));
    const bytes = formatHeaderPack('regtest', start, behind);
    const first = { height: start, hash: parseBlockHeader(behind[0]!).hash };
    const pack = createPackSource(bytes, { pins: [first] });
    const hash = await node.rpc<string>('getblockhash', height - 1);
    expect((await read(source(node.rpcUrl), pack)).beacon).toBe(`bitcoin-regtest ${height - 1} ${hash}`);
    const unpinned = createPackSource(bytes);
    expect((await read(source(node.rpcUrl), unpinned)).beacon).toBe(await newest());
    expect((await read(unpinned)).beacon).toBeNull();
  });

  it('is none when the sources show different chains, of one network or of two', async () => {
    expect(await read(source(node.rpcUrl), source(other.rpcUrl))).toEqual({
      beacon: null,
      problems: [expect.stringMatching(/^the sources disagree about blocks \d+ to \d+: Bitcoin node at /)],
    });
    const vectors = JSON.parse(readFileSync('libs/bitcoin/vectors/header-packs.json', 'utf8')) as {
      valid: { pack: string; network: string }[];
    };
    const main = vectors.valid.find(({ network }) => network === 'mainnet')!;
    const pack = createPackSource(hexToBytes(main.pack));
    expect(await read(source(node.rpcUrl), pack)).toEqual({
      beacon: null,
      problems: [expect.stringMatching(/^the sources serve different networks: Bitcoin node at .*, header pack$/)],
    });
  });

  it('is of the chain that is left after a reorganisation', async () => {
    const before = await newest();
    await node.invalidateFrom(await node.height());
    await node.mine(1);
    const after = await read(source(node.rpcUrl));
    expect(after.beacon).toBe(await newest());
    expect(after.beacon).not.toBe(before);
  });

  it('stands in the batch, and a verifier finds the record no older; a reorganisation voids the bound and nothing else', async () => {
    const watcher = await start(node.rpcUrl);
    await until(async () => watcher.newest !== null, 'the first block');
    await node.mine(1);
    await watcher.look();
    const id = await sealOne('with a beacon');
    expect(await sealed(0)).toBe(await newest());
    const sources = [createBitcoinNodeSource({ url: node.rpcUrl, fetch })];
    const verification = await verifyRecord(database, id, 'with a beacon', sources);
    expect(verification.when.notBefore?.by).toMatchObject({
      outcome: 'passed',
      chain: 'bitcoin-regtest',
      height: await node.height(),
    });
    expect(verification.verdict).toBe('pending');

    // Its own block goes; what was seen before stays until the next look, and then the new chain counts.
    await node.invalidateFrom(await node.height());
    await node.mine(2);
    const void_ = await verifyRecord(database, id, 'with a beacon', sources);
    expect(void_.findings.find(({ check }) => check === 'beacon')).toMatchObject({ outcome: 'failed' });
    expect(void_).toMatchObject({ verdict: 'pending' });
    expect(void_.when.notBefore).toBeUndefined();
    await watcher.look();
    const next = await sealOne('after the reorganisation');
    expect(await sealed(1)).toBe(await newest());
    const later = await verifyRecord(database, next, 'after the reorganisation', sources);
    expect(later.findings.find(({ check }) => check === 'beacon')).toMatchObject({ outcome: 'passed' });
  });

  it('stays the last one seen while the source is away, and a source that never answers delays no sealing', async () => {
    const sockets = new Set<Socket>();
    let isSilent = false;
    const { hostname, port } = new URL(node.rpcUrl);
    // In front of the node: passes everything on, or takes every connection and says nothing.
    const front = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      if (isSilent) return void socket.resume();
      const behind = connect(Number(port), hostname);
      sockets.add(behind);
      behind.on('error', () => undefined);
      socket.pipe(behind).pipe(socket);
    });
    front.listen(0, '127.0.0.1');
    await once(front, 'listening');
    try {
      const url = new URL(node.rpcUrl);
      url.port = String((front.address() as { port: number }).port);
      const watcher = await start(url.href.replace(/\/$/, ''), { HEADER_TIMEOUT_MS: '60000' });
      await until(async () => watcher.newest !== null, 'the first block');
      const seen = await newest();
      isSilent = true;
      for (const socket of sockets) socket.destroy();
      await node.mine(1);
      let isLooking = true;
      void watcher.look().finally(() => (isLooking = false));
      const { rows } = await database.pool.query<{ size: number }>('SELECT "size"::int AS size FROM "log"');
      const id = await sealOne('while it hangs');
      expect(isLooking).toBe(true);
      expect(await sealed(rows[0]!.size)).toBe(seen);
      expect((await verifyRecord(database, id, 'while it hangs')).verdict).toBe('pending');
    } finally {
      front.close();
      for (const socket of sockets) socket.destroy();
    }
  });
});

describe('a beacon from an EVM chain', () => {
  let node: EvmNode;
  let genesis: string;
  beforeAll(async () => {
    node = await startEvmNode({ noMining: true, slotsInAnEpoch: 2 });
    genesis = (await node.block(0))!.hash.slice(2);
    await node.mine(9);
  });
  afterAll(() => node?.stop());

  const read = (
    {
      finality = 'finalized',
      ...chain
    }: { finality?: EvmChainSettings['finality']; chainId?: number; genesis?: string } = {},
    rpcUrls = [node.rpcUrl],
  ) => {
    const sources = createEvmSources({ rpcUrls, finality }, { evmTimeoutMs: 2000 });
    return readBeacon({ kind: 'evm', chainId: node.chainId, genesis, sources, ...chain });
  };
  const at = async (height: number | 'finalized') => {
    const { number, hash } = (await node.block(height))!;
    return `evm-31337 ${Number(number)} ${hash.slice(2)}`;
  };

  it('is the newest block that the chain’s rule of finality holds for', async () => {
    expect((await read()).beacon).toBe(await at('finalized'));
    expect((await read({ finality: { blocks: 3 } })).beacon).toBe(await at(7));
    expect((await read({ finality: 'latest' })).beacon).toBe(await at(9));
    expect((await read({ finality: { blocks: 100 } })).beacon).toBe(await at(0));
  });

  it('outlives a reorganisation above it', async () => {
    const { beacon } = await read();
    await node.reorg(3);
    expect((await read()).beacon).toBe(beacon);
  });

  it('is not taken from a node on another chain', async () => {
    const urls = [node.rpcUrl, 'http://user:secret-word@127.0.0.1:1'];
    const dead = expect.stringMatching(/^EVM node at 127\.0\.0\.1:1: /);
    const looks = [await read({ genesis: '00'.repeat(32) }, urls), await read({ chainId: 1 }, urls)];
    expect(looks).toEqual([
      {
        beacon: null,
        problems: [expect.stringMatching(/: serves another chain of id 31337, whose block 0 is 0x/), dead],
      },
      { beacon: null, problems: [expect.stringMatching(/: serves chain 31337, not 1$/), dead] },
    ]);
    expect(JSON.stringify(looks)).not.toContain('secret-word');
    expect((await read({}, urls)).beacon).toBe(await at('finalized'));
  });
});
