import { createServer } from 'node:net';
import { createRequire } from 'node:module';

/** What the tests use of a bcoin full node, which has no types. */
interface FullNode {
  open(): Promise<void>;
  connect(): Promise<void>;
  close(): Promise<void>;
  chain: { tip: unknown; add(block: MinedBlock): Promise<unknown> };
  miner: { mineBlock(tip: unknown, address: unknown): Promise<MinedBlock> };
}

/** A block as bcoin gives it. */
export interface MinedBlock {
  /** Displayed hash. */
  rhash(): string;
  toHeaders(): { toRaw(): Uint8Array };
  txs: { txid(): string; toRaw(): Uint8Array; toNormal(): Uint8Array }[];
  merkleRoot: Uint8Array;
}

/** A Bitcoin regtest node in this process, in memory, reachable over JSON-RPC on the loopback interface only. */
export interface RegtestNode {
  /** With user and password. */
  readonly rpcUrl: string;
  /** Blocks by height; block 0 is not among them. */
  readonly blocks: readonly (MinedBlock | undefined)[];
  close(): Promise<void>;
}

/** Starts a node and mines some blocks. */
export async function startRegtestNode(blockCount: number): Promise<RegtestNode> {
  // Its native parts are not built here; without this it looks for them first.
  process.env['NODE_BACKEND'] = 'js';
  const bcoin = createRequire(import.meta.url)('bcoin') as {
    FullNode: new (options: object) => FullNode;
    Address: { fromProgram(version: number, program: Uint8Array): unknown };
  };
  const apiKey = 'p%ss:word/@';
  const httpPort = await freePort();
  const node = new bcoin.FullNode({
    network: 'regtest',
    memory: true,
    logConsole: false,
    workers: false,
    listen: false,
    noDns: true,
    only: ['127.0.0.1:1'],
    httpHost: '127.0.0.1',
    httpPort,
    apiKey,
  });
  await node.open();
  const address = bcoin.Address.fromProgram(0, Buffer.alloc(20, 1));
  const blocks: (MinedBlock | undefined)[] = [undefined];
  for (let height = 1; height <= blockCount; height++) {
    const block = await node.miner.mineBlock(node.chain.tip, address);
    await node.chain.add(block);
    blocks.push(block);
  }
  return {
    rpcUrl: `http://bitcoin:${encodeURIComponent(apiKey)}@127.0.0.1:${httpPort}/`,
    blocks,
    close: () => node.close(),
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (typeof address === 'object' && address !== null) resolve(address.port);
        else reject(new Error('Finding a port: expected an address, got none'));
      });
    });
  });
}
