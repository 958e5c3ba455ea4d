import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePorts } from '#database/free-ports.js';

/** Time for bcoin to answer its first call; it needs 0.6 s on an idle machine. */
const START_TIMEOUT_MS = 30_000;
/** Blocks after which a coinbase may be spent: 100, and a few more so that several transactions can be paid at once. */
const FUNDING_BLOCKS = 120;
/** How old blocks are made that only bring coins, in seconds: a block is later than the median of the eleven before it, so that many at once
 * would run ahead of the clock. */
const FUNDING_AGE_SECONDS = 600;
/** What bcoin lacks of Bitcoin Core's RPC; run from the source tree also when this file runs from dist/. */
const CORE_RPC_PLUGIN = fileURLToPath(new URL('core-rpc.cjs', import.meta.url)).replace(
  /\bdist[/\\](?=libs[/\\]anchors)/,
  '',
);
/** Starts tried when somebody else takes one of our ports between choosing and listening. */
const START_ATTEMPTS = 3;

/** An answer of the node that says no: an RPC error or a refused wallet request. */
export class BitcoinNodeError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'BitcoinNodeError';
  }
}

/** A transaction in a block, as a proof needs it. Hashes are hex in display order. */
export interface MinedTransaction {
  height: number;
  blockHash: string;
  /** All transaction ids of the block, in block order. */
  transactionIds: string[];
}

/** A running bcoin regtest node with a funded wallet, in a child process of ours. */
export interface BitcoinNode {
  /** RPC address with user and password, as `BITCOIN_RPC_URL` takes it. Answers Bitcoin Core's calls as far as this project makes them. */
  readonly rpcUrl: string;
  readonly pid: number;
  /** Calls a node RPC method. @throws BitcoinNodeError */
  rpc<T = unknown>(method: string, ...params: unknown[]): Promise<T>;
  /** Mines blocks whose coins go to an address, the wallet's without one. Returns their hashes, display hex. */
  mine(blocks: number, to?: string): Promise<string[]>;
  /** The same, as if some minutes ago: for many blocks that only bring coins. */
  mineEarlier(blocks: number, to?: string): Promise<void>;
  /** Mines blocks that hold none of what waits. */
  mineEmpty(blocks: number): Promise<void>;
  /** Pays for a transaction with one OP_RETURN output of this payload (at most 80 bytes).
   * Returns its id (display hex) and its serialisation without witness. */
  sendOpReturn(payload: Uint8Array): Promise<{ transactionId: string; raw: Uint8Array }>;
  /** The block of the best chain that holds the transaction, looked for from `fromHeight` upwards; null when none does. */
  findTransaction(transactionId: string, fromHeight: number): Promise<MinedTransaction | null>;
  /** Height of the newest block. */
  height(): Promise<number>;
  /** The 80-byte header at a height of the best chain. */
  header(height: number): Promise<Uint8Array>;
  /** Takes the block at this height and everything above out of the chain. */
  invalidateFrom(height: number): Promise<void>;
  /** Ends the child process. */
  stop(): Promise<void>;
}

/** Starts bcoin on regtest in memory, on loopback, with no peers, and mines until its wallet can pay.
 * @throws BitcoinNodeError when it does not come up */
export async function startBitcoinNode(): Promise<BitcoinNode> {
  let failure: unknown;
  for (let attempt = 0; attempt < START_ATTEMPTS; attempt++) {
    try {
      return await startOnce();
    } catch (error) {
      failure = error;
    }
  }
  throw new BitcoinNodeError(`tried to start bcoin ${START_ATTEMPTS} times, expected it to answer`, { cause: failure });
}

async function startOnce(): Promise<BitcoinNode> {
  const [rpcPort, walletPort, peerPort] = (await freePorts(3)) as [number, number, number];
  const key = randomBytes(16).toString('hex');
  const child = spawn(
    process.execPath,
    [
      createRequire(import.meta.url).resolve('bcoin/bin/node'),
      // A folder that does not exist, so that nobody's bcoin.conf is read; nothing is written with --memory.
      `--prefix=${join(tmpdir(), `sealroot-bcoin-${randomBytes(6).toString('hex')}`)}`,
      '--network=regtest',
      '--memory=true',
      '--workers=false',
      '--log-file=false',
      '--log-level=error',
      '--no-dns=true',
      '--listen=false',
      `--only=127.0.0.1:${peerPort}`,
      '--persistent-mempool=false',
      '--replace-by-fee=true',
      // Bitcoin Core leaves this limit to the call that sends.
      '--reject-absurd-fees=false',
      `--plugins=${CORE_RPC_PLUGIN}`,
      '--http-host=127.0.0.1',
      `--http-port=${rpcPort}`,
      `--api-key=${key}`,
      '--wallet-http-host=127.0.0.1',
      `--wallet-http-port=${walletPort}`,
      `--wallet-api-key=${key}`,
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { NODE_BACKEND: 'js' } },
  );
  let output = '';
  const keepTail = (chunk: Buffer) => (output = (output + chunk.toString()).slice(-2000));
  child.stdout.on('data', keepTail);
  child.stderr.on('data', keepTail);
  const ended = once(child, 'exit');
  // A harness that dies without calling stop() must not leave a node behind.
  const killWithUs = () => child.kill('SIGKILL');
  process.once('exit', killWithUs);
  const stop = async () => {
    process.removeListener('exit', killWithUs);
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    // bcoin closes its HTTP server only when kept-alive connections end; its chain is in memory, so nothing is lost.
    if ((await Promise.race([ended, sleep(1000, 'slow')])) === 'slow') child.kill('SIGKILL');
    await ended;
  };

  const node = connect(child, rpcPort, walletPort, key, stop);
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    try {
      await node.height();
      break;
    } catch (error) {
      if (child.exitCode !== null || Date.now() > deadline) {
        await stop();
        throw new BitcoinNodeError(`expected bcoin to answer, got exit code ${child.exitCode}: ${output}`, {
          cause: error,
        });
      }
      await sleep(50);
    }
  }
  await node.mineEarlier(FUNDING_BLOCKS);
  return node;
}

function connect(
  child: ChildProcess,
  rpcPort: number,
  walletPort: number,
  key: string,
  stop: () => Promise<void>,
): BitcoinNode {
  const authorization = `Basic ${Buffer.from(`x:${key}`).toString('base64')}`;

  const request = async (url: string, body: unknown): Promise<Record<string, unknown>> => {
    const response = await fetch(url, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization, 'content-type': 'application/json', connection: 'close' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(60_000),
    });
    const answer = (await response.json()) as Record<string, unknown> & { error?: { message?: string } | null };
    if (answer.error) throw new BitcoinNodeError(`${url}: ${answer.error.message ?? JSON.stringify(answer.error)}`);
    return answer;
  };
  const wallet = (path: string, body?: unknown) =>
    request(`http://127.0.0.1:${walletPort}/wallet/primary${path}`, body);
  const rpc = async <T>(method: string, ...params: unknown[]): Promise<T> =>
    (await request(`http://127.0.0.1:${rpcPort}/`, { method, params, id: 1 }))['result'] as T;

  let address: string | undefined;
  const ownAddress = async () => (address ??= (await wallet('/address', { account: 'default' }))['address'] as string);
  const node: BitcoinNode = {
    rpcUrl: `http://x:${key}@127.0.0.1:${rpcPort}`,
    pid: child.pid ?? 0,
    rpc,
    async mine(blocks, to) {
      return rpc<string[]>('generatetoaddress', blocks, to ?? (await ownAddress()));
    },
    async mineEmpty(blocks) {
      for (let i = 0; i < blocks; i++) await rpc('generateblock', await ownAddress(), []);
    },
    async mineEarlier(blocks, to) {
      const now = () => Math.floor(Date.now() / 1000);
      await rpc('setmocktime', now() - FUNDING_AGE_SECONDS);
      try {
        await node.mine(blocks, to);
      } finally {
        await rpc('setmocktime', now());
      }
    },
    async sendOpReturn(payload) {
      if (payload.length < 1 || payload.length > 80)
        throw new BitcoinNodeError(`expected a payload of 1 to 80 bytes, got ${payload.length}`);
      const push = payload.length > 75 ? [0x6a, 0x4c, payload.length] : [0x6a, payload.length];
      const script = Buffer.concat([Buffer.from(push), payload]).toString('hex');
      // The wallet learns of new blocks a moment after the node has mined them; until then it may have nothing to spend.
      for (let attempt = 0; ; attempt++) {
        try {
          const sent = await wallet('/send', { rate: 10_000, outputs: [{ script, value: 0 }] });
          // The default account is not a segwit account, so the serialisation hashes to the id as it stands.
          return { transactionId: sent['hash'] as string, raw: Buffer.from(sent['tx'] as string, 'hex') };
        } catch (error) {
          if (attempt >= 50) throw error;
          await sleep(100);
        }
      }
    },
    async findTransaction(transactionId, fromHeight) {
      const tip = await node.height();
      for (let height = fromHeight; height <= tip; height++) {
        const blockHash = await rpc<string>('getblockhash', height);
        const { tx } = await rpc<{ tx: string[] }>('getblock', blockHash, 1);
        if (tx.includes(transactionId)) return { height, blockHash, transactionIds: tx };
      }
      return null;
    },
    height: () => rpc<number>('getblockcount'),
    async header(height) {
      const hash = await rpc<string>('getblockhash', height);
      return Buffer.from(await rpc<string>('getblockheader', hash, false), 'hex');
    },
    async invalidateFrom(height) {
      await rpc('invalidateblock', await rpc<string>('getblockhash', height));
    },
    stop,
  };
  return node;
}
