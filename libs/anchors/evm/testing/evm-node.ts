import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '#database/free-ports.js';

/** Time for anvil to listen; it needs 0.1 s on an idle machine. */
const START_TIMEOUT_MS = 30_000;
/** Time for anvil to write its state after a polite request to end. */
const STOP_TIMEOUT_MS = 10_000;
/** Starts tried when somebody else takes our port between choosing and listening. */
const START_ATTEMPTS = 3;
/** Chain id that anvil takes by default, and that wallets know as a developer's chain. */
const DEFAULT_CHAIN_ID = 31_337;
/** Names that npm packages of anvil use for what Node calls platform and architecture. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/** An answer of the node that says no, or a node that does not come up. */
export class EvmNodeError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'EvmNodeError';
  }
}

/** How the chain behaves. */
export interface EvmNodeOptions {
  /** Port on 127.0.0.1; a free one unless given. */
  port?: number | undefined;
  chainId?: number | undefined;
  /** Seconds between blocks. Unless given, each transaction is mined at once in a block of its own. */
  blockTimeSeconds?: number | undefined;
  /** Blocks come only from `mine`. */
  noMining?: boolean | undefined;
  /** Rules of the chain, such as `frontier`, `london`, `shanghai`, `cancun`, `prague`; anvil's newest unless given. */
  hardfork?: string | undefined;
  /** Seed phrase of the funded accounts; anvil's public one unless given. */
  mnemonic?: string | undefined;
  /** The tag `safe` is this many blocks behind the newest, `finalized` twice as many; 32 unless given. */
  slotsInAnEpoch?: number | undefined;
  /** Time of block 0 in seconds; with the same value and options block 0 has the same hash. The time of the start unless given. */
  genesisTimestamp?: number | undefined;
  /** Further command line options of anvil, as they are. */
  extra?: readonly string[] | undefined;
}

/** A funded account. */
export interface EvmAccount {
  /** `0x` and 40 hex digits. */
  address: `0x${string}`;
  /** `0x` and 64 hex digits. */
  privateKey: `0x${string}`;
}

/** The members of a block, as the RPC gives them, that callers here look at. All numbers are `0x` hex. */
export interface EvmBlock {
  hash: `0x${string}`;
  number: `0x${string}`;
  parentHash: `0x${string}`;
  timestamp: `0x${string}`;
  baseFeePerGas?: `0x${string}`;
  transactions: `0x${string}`[];
  [member: string]: unknown;
}

/** A running anvil, in a child process of ours. Its address stays the same when it is stopped and started again. */
export interface EvmNode {
  readonly rpcUrl: string;
  readonly port: number;
  readonly chainId: number;
  /** The funded accounts, ten of them. */
  readonly accounts: readonly EvmAccount[];
  /** Process id; 0 while the node is down. */
  readonly pid: number;
  /** Calls a method. @throws EvmNodeError when the node says no, or is down */
  rpc<T = unknown>(method: string, ...params: unknown[]): Promise<T>;
  /** Mines blocks, the first of them with the waiting transactions; one unless given. */
  mine(blocks?: number): Promise<void>;
  /**
   * Replaces the newest blocks by as many others, and everything in them: the transactions are gone from the chain. Raw
   * transactions given here (`0x` hex) are put into the first of the new blocks.
   */
  reorg(depth: number, transactions?: readonly string[]): Promise<void>;
  /** Sets the base fee of the next block, in wei. Waiting transactions that pay less when it is mined are forgotten by anvil, not kept. */
  setNextBaseFee(wei: bigint): Promise<void>;
  /** The block by number or tag, without its transactions; null when there is none. */
  block(at: number | 'latest' | 'safe' | 'finalized' | 'earliest' | 'pending'): Promise<EvmBlock | null>;
  /** Height of the newest block. */
  height(): Promise<number>;
  /** Ends the process as a machine that is switched off in order: the chain is kept for `start`. */
  shutDown(): Promise<void>;
  /** Ends the process at once. `start` finds the chain as the last `shutDown` left it, or a new one. */
  kill(): Promise<void>;
  /** Starts the node again after `shutDown` or `kill`, on the same port. */
  start(): Promise<void>;
  /** Ends the process for good and removes its folder. */
  stop(): Promise<void>;
}

/**
 * The file of anvil's executable for this machine, from the npm package.
 *
 * @throws EvmNodeError where there is no such package, or it is not installed.
 */
export function anvilPath(platform: string = process.platform, architecture: string = process.arch): string {
  const name = `@foundry-rs/anvil-${platform}-${ARCHITECTURES[architecture] ?? architecture}`;
  try {
    const folder = dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
    return join(folder, 'bin', platform === 'win32' ? 'anvil.exe' : 'anvil');
  } catch (cause) {
    throw new EvmNodeError(
      `looked for anvil, expected the package ${name}, got none: there is one for Linux and macOS (x64, arm64) and for Windows (x64)`,
      { cause },
    );
  }
}

/** Starts anvil on loopback, with a chain of its own. @throws EvmNodeError when it does not come up */
export async function startEvmNode(options: EvmNodeOptions = {}): Promise<EvmNode> {
  const executable = anvilPath();
  const attempts = options.port === undefined ? START_ATTEMPTS : 1;
  let failure: unknown;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const folder = await mkdtemp(join(tmpdir(), 'sealroot-anvil-'));
    const port = options.port ?? (await freePort());
    const anvil = new Anvil(executable, folder, port, options);
    try {
      await anvil.start();
      return connect(anvil, JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')) as AnvilConfig);
    } catch (error) {
      failure = error;
      await anvil.end('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    }
  }
  if (attempts === 1) throw failure;
  throw new EvmNodeError(`tried to start anvil ${attempts} times, expected it to listen`, { cause: failure });
}

/** What anvil writes with `--config-out`. */
interface AnvilConfig {
  available_accounts: `0x${string}`[];
  private_keys: `0x${string}`[];
}

/** The child process, and what it takes to start another one like it. */
class Anvil {
  child: ChildProcess | undefined;
  readonly url: string;

  constructor(
    private readonly executable: string,
    readonly folder: string,
    readonly port: number,
    readonly options: EvmNodeOptions,
  ) {
    this.url = `http://127.0.0.1:${port}`;
  }

  private arguments(): string[] {
    const { options } = this;
    const given = (name: string, value: number | string | undefined) =>
      value === undefined ? [] : [`${name}=${value}`];
    return [
      '--host=127.0.0.1',
      `--port=${this.port}`,
      `--chain-id=${options.chainId ?? DEFAULT_CHAIN_ID}`,
      `--state=${join(this.folder, 'state.json')}`,
      `--cache-path=${join(this.folder, 'cache')}`,
      `--config-out=${join(this.folder, 'config.json')}`,
      '--color=never',
      ...given('--block-time', options.blockTimeSeconds),
      ...given('--hardfork', options.hardfork),
      ...given('--mnemonic', options.mnemonic),
      ...given('--slots-in-an-epoch', options.slotsInAnEpoch),
      ...given('--timestamp', options.genesisTimestamp),
      ...(options.noMining === true ? ['--no-mining'] : []),
      ...(options.extra ?? []),
    ];
  }

  /** Starts the process and waits until it listens. */
  async start(): Promise<void> {
    if (this.child !== undefined)
      throw new EvmNodeError('asked to start anvil, expected it to be down, got a running one');
    const child = spawn(this.executable, this.arguments(), {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { HOME: this.folder, NO_COLOR: '1' },
    });
    this.child = child;
    // A harness that dies without calling stop() must not leave a node behind.
    const killWithUs = () => child.kill('SIGKILL');
    process.once('exit', killWithUs);
    child.once('exit', () => process.removeListener('exit', killWithUs));
    let output = '';
    const keepTail = (chunk: Buffer) => (output = (output + chunk.toString()).slice(-2000));
    child.stderr.on('data', keepTail);
    // Its own word, not an answer on the port: there another program might listen, because of which ours is about to end.
    const listening = new Promise<void>((resolve) =>
      child.stdout.on('data', (chunk: Buffer) => {
        keepTail(chunk);
        if (output.includes('Listening on ')) resolve();
      }),
    );
    const failed = new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('close', (code) => resolve(`exit code ${code}: ${output.trim()}`));
    });
    const slow = sleep(START_TIMEOUT_MS, `nothing for ${START_TIMEOUT_MS} ms: ${output.trim()}`, { ref: false });
    const failure = await Promise.race([listening, failed, slow]);
    if (failure === undefined) return;
    await this.end('SIGKILL');
    throw new EvmNodeError(`started anvil, expected it to listen, got ${failure}`);
  }

  /** Sends the signal, and SIGKILL when that was not enough in time. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const child = this.child;
    this.child = undefined;
    if (child === undefined || child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    if ((await Promise.race([ended, sleep(STOP_TIMEOUT_MS, 'slow', { ref: false })])) === 'slow') child.kill('SIGKILL');
    await ended;
  }

  async rpc(method: string, params: readonly unknown[]): Promise<unknown> {
    let answer: { result?: unknown; error?: { code?: number; message?: string } };
    try {
      const response = await fetch(this.url, {
        method: 'POST',
        // No kept connections: after a restart they would lead to the process that is gone.
        headers: { 'content-type': 'application/json', connection: 'close' },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
        signal: AbortSignal.timeout(60_000),
      });
      answer = (await response.json()) as typeof answer;
    } catch (cause) {
      throw new EvmNodeError(`called ${method}, expected an answer of anvil, got none`, { cause });
    }
    if (answer.error !== undefined) {
      throw new EvmNodeError(`called ${method}, expected a result, got ${answer.error.code}: ${answer.error.message}`);
    }
    return answer.result;
  }
}

const hex = (value: number | bigint): string => `0x${value.toString(16)}`;

function connect(anvil: Anvil, config: AnvilConfig): EvmNode {
  const rpc = async <T>(method: string, ...params: unknown[]): Promise<T> => (await anvil.rpc(method, params)) as T;
  return {
    rpcUrl: anvil.url,
    port: anvil.port,
    chainId: anvil.options.chainId ?? DEFAULT_CHAIN_ID,
    accounts: config.available_accounts.map((address, i) => ({ address, privateKey: config.private_keys[i]! })),
    get pid() {
      return anvil.child?.pid ?? 0;
    },
    rpc,
    mine: (blocks = 1) => rpc('anvil_mine', hex(blocks)),
    reorg: (depth, transactions = []) =>
      rpc(
        'anvil_reorg',
        depth,
        transactions.map((raw) => [raw, 0]),
      ),
    setNextBaseFee: (wei) => rpc('anvil_setNextBlockBaseFeePerGas', hex(wei)),
    block: (at) => rpc('eth_getBlockByNumber', typeof at === 'number' ? hex(at) : at, false),
    height: async () => Number(await rpc<string>('eth_blockNumber')),
    shutDown: () => anvil.end('SIGTERM'),
    kill: () => anvil.end('SIGKILL'),
    start: () => anvil.start(),
    stop: async () => {
      await anvil.end('SIGKILL');
      await rm(anvil.folder, { recursive: true, force: true });
    },
  };
}
