import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { displayHash } from '#bitcoin/block-hash.js';
import { parseBlockHeader } from '#bitcoin/block-header.js';
import { formatHeaderPack, parseHeaderPack } from '#bitcoin/header-pack.js';
import { type BitcoinNode, startBitcoinNode } from '#anchors/bitcoin/testing/bitcoin-node.js';
import { type NodeProxy, startNodeProxy } from '../testing/node-proxy.js';
import { compileCommand, type CommandResult, LAUNCHER, sealroot, unreachableUrl } from './command.js';

/** Blocks of the chain before any test. */
const BLOCKS = 2_300;

let folder: string;
let node: BitcoinNode;
let proxy: NodeProxy;
let pack: string;

beforeAll(async () => {
  compileCommand();
  folder = await mkdtemp(join(tmpdir(), 'sealroot-headers-'));
  pack = join(folder, 'pack');
  node = await startBitcoinNode();
  await node.mine(BLOCKS - (await node.height()));
}, 120_000);

afterAll(async () => {
  await node?.stop();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  await rm(pack, { force: true });
  proxy = await startNodeProxy(node);
  return () => proxy.stop();
});

const headers = (...args: string[]): Promise<CommandResult> => sealroot(['headers', ...args], { cwd: folder });
const number = (value: number) => value.toLocaleString('en-GB');
const fetchPack = (...args: string[]) => headers('fetch', pack, ...args);
const hashAt = async (height: number) => displayHash(parseBlockHeader(await node.header(height)).hash);
/** The headers in the file, checked by the library. */
const read = async () => parseHeaderPack(new Uint8Array(await readFile(pack)));
const endOf = async () => {
  const { count, startHeight, tipHash } = await read();
  return { height: startHeight + count - 1, hash: displayHash(tipHash) };
};

describe('sealroot headers fetch', () => {
  it('fetches a whole chain from a node, in batches, and continues it after new blocks', async () => {
    const first = await fetchPack('--bitcoin-rpc', node.rpcUrl, '--to', '1999');
    expect(first).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('blocks 0 to 1,999 of Bitcoin’s regtest, 2,000 of them new'),
    });
    expect((await readFile(pack)).subarray(0, 30).toString()).toBe('sealroot/headers@1\nregtest\n0\n\n');
    const { exitCode, stdout } = await fetchPack('--bitcoin-rpc', proxy.url, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ endHeight: BLOCKS, added: BLOCKS - 1999, removed: 0 });
    expect(exitCode).toBe(0);
    expect(proxy.seen.batches).toBe(2);
    expect(await endOf()).toEqual({ height: BLOCKS, hash: await hashAt(BLOCKS) });
    for (const height of [0, 1, 1234, 1999, 2000]) {
      expect((await read()).header(height)).toEqual(new Uint8Array(await node.header(height)));
    }
  });

  it('fetches from an explorer and from a node that takes no batches, and asks the second of them about the end alone', async () => {
    expect((await fetchPack('--esplora', proxy.url, '--to', '60')).exitCode).toBe(0);
    const alone = proxy.seen.esplora;
    expect(alone).toBeGreaterThan(120);
    proxy.refuseBatches = true;
    const { exitCode, stderr } = await fetchPack('--esplora', proxy.url, '--bitcoin-rpc', proxy.url, '--to', '120');
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    expect(proxy.seen.esplora - alone).toBeLessThan(30);
    expect(await endOf()).toEqual({ height: 120, hash: await hashAt(120) });
  });

  it('starts at a pinned block, and refuses to continue a file that starts elsewhere', async () => {
    const start = `1500:${await hashAt(1500)}`;
    expect((await fetchPack('--bitcoin-rpc', node.rpcUrl, '--start', start, '--to', '1600')).exitCode).toBe(0);
    expect(await read()).toMatchObject({ startHeight: 1500, count: 101 });
    expect((await fetchPack('--bitcoin-rpc', node.rpcUrl, '--start', start, '--to', '1700')).exitCode).toBe(0);
    const other = await fetchPack('--bitcoin-rpc', node.rpcUrl, '--start', `1500:${await hashAt(1501)}`);
    expect(other.stderr).toMatch(/expected it to start with block [0-9a-f]{64}, got /);
    expect(other.exitCode).toBe(65);
    const genesis = await fetchPack('--bitcoin-rpc', node.rpcUrl, '--start', '0');
    expect(genesis.stderr).toContain('expected it to start at block 0, got one that starts at 1500');
    expect(genesis.exitCode).toBe(65);
    expect(await endOf()).toMatchObject({ height: 1700 });
  });

  it('refuses sources whose block is not the pinned one', async () => {
    const { exitCode, stderr } = await fetchPack('--bitcoin-rpc', node.rpcUrl, '--start', `7:${'0'.repeat(64)}`);
    expect(stderr).toMatch(/expected block 7 to be 0{64}, got /);
    expect(exitCode).toBe(76);
    await expect(stat(pack)).rejects.toThrow();
  });

  it('continues after a kill in the middle, at several places', async () => {
    proxy.delayMs = 150;
    for (const least of [30_000, 90_000, 130_000]) {
      const child = spawn(process.execPath, [LAUNCHER, 'headers', 'fetch', pack, '--bitcoin-rpc', proxy.url], {
        cwd: folder,
        stdio: 'ignore',
      });
      const ended = once(child, 'exit');
      while (child.exitCode === null && (await sizeOf(pack)) < least) await sleep(5);
      child.kill('SIGKILL');
      await ended;
      expect(child.signalCode).toBe('SIGKILL');
      // What is there is valid as it is.
      expect((await endOf()).height).toBeLessThan(BLOCKS);
    }
    proxy.delayMs = 0;
    const { exitCode } = await fetchPack('--bitcoin-rpc', proxy.url);
    expect(exitCode).toBe(0);
    expect(await endOf()).toEqual({ height: BLOCKS, hash: await hashAt(BLOCKS) });
  });

  it('takes away half a header, and says so', async () => {
    await fetchPack('--bitcoin-rpc', node.rpcUrl, '--to', '100');
    await truncate(pack, (await sizeOf(pack)) - 33);
    const { exitCode, stderr } = await fetchPack('--bitcoin-rpc', node.rpcUrl, '--to', '200');
    expect(stderr).toContain('an incomplete header at the end was removed (47 bytes)');
    expect(exitCode).toBe(0);
    expect(await endOf()).toMatchObject({ height: 200 });
  });

  it('names the height and both sources when they disagree, and keeps what they agreed on', async () => {
    proxy.lies.set(900, await hashAt(901));
    const result = await fetchPack('--bitcoin-rpc', node.rpcUrl, '--esplora', proxy.url, '--to', '900');
    expect(result.stderr).toContain(
      'Whether block 900 of Bitcoin’s regtest is the right one was not decided: the sources contradict each other. Shown were',
    );
    expect(result.stderr).toContain(`Bitcoin node at ${new URL(node.rpcUrl).host}: ${await hashAt(900)}`);
    expect(result.stderr).toContain(`Esplora at ${new URL(proxy.url).host}: ${await hashAt(901)}`);
    expect(result.exitCode).toBe(2);
    expect(await endOf()).toMatchObject({ height: 499 });
  });

  it('refuses a header that does not link up', async () => {
    proxy.lies.set(50, await hashAt(70));
    const { exitCode, stderr } = await fetchPack('--bitcoin-rpc', proxy.url);
    expect(stderr).toContain('expected block 50 to name the one before it, got another');
    expect(exitCode).toBe(76);
    expect(await endOf()).toMatchObject({ height: 49 });
  });

  it('repeats what got no answer, and says what is kept when it gives up', async () => {
    await fetchPack('--bitcoin-rpc', node.rpcUrl, '--to', '100');
    proxy.failures = 2;
    expect((await fetchPack('--bitcoin-rpc', proxy.url, '--to', '300')).exitCode).toBe(0);
    proxy.failures = 1000;
    const { exitCode, stderr } = await fetchPack('--bitcoin-rpc', proxy.url, '--retries', '1');
    expect(stderr).toContain('expected HTTP status 200, got 503');
    expect(exitCode).toBe(2);
    expect(await endOf()).toMatchObject({ height: 300 });
    proxy.failures = 0;
    proxy.delayMs = 3000;
    const slow = await fetchPack('--bitcoin-rpc', proxy.url, '--retries', '0', '--timeout', '1');
    expect(slow.stderr).toContain('expected an answer within 1000 ms, got none');
    expect(slow.exitCode).toBe(2);
  });

  it('notices a file of another chain, and leaves foreign files alone', async () => {
    const mainnet = Buffer.from(
      '0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c',
      'hex',
    );
    await writeFile(pack, mainnet);
    const other = await fetchPack('--bitcoin-rpc', node.rpcUrl);
    expect(other.stderr).toContain('expected headers of regtest, got those of mainnet');
    expect(other.exitCode).toBe(65);
    await writeFile(pack, 'my letters');
    const foreign = await fetchPack('--bitcoin-rpc', node.rpcUrl);
    expect(foreign.exitCode).toBe(65);
    expect(await readFile(pack, 'utf8')).toBe('my letters');
  });

  it('wants a source', async () => {
    expect((await fetchPack()).exitCode).toBe(64);
    expect((await fetchPack('--bitcoin-rpc', await unreachableUrl(), '--retries', '0')).exitCode).toBe(2);
    const other = await fetchPack('--bitcoin-rpc', node.rpcUrl, '--network', 'mainnet', '--lang', 'zh-CN');
    expect(other.stderr).toMatch(/^sealroot: 无法确认最新的区块：.*未计入：Bitcoin node at .*（属于另一条链）。\n/);
    expect(other.exitCode).toBe(2);
    expect((await fetchPack('--bitcoin-rpc', node.rpcUrl, '--start', '12')).exitCode).toBe(64);
  });
});

describe('sealroot headers verify and info', () => {
  beforeEach(async () => {
    await fetchPack('--bitcoin-rpc', node.rpcUrl, '--to', '1100');
  });

  it('say what is in the file', async () => {
    const { exitCode, stdout } = await headers('info', pack);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Network  regtest\n');
    expect(stdout).toMatch(/^Start {4}block 0 of Bitcoin’s regtest, 2 February 2011 at 23:16:42/m);
    expect(stdout).toContain(`\n         ${await hashAt(0)}\n         block 0 of this chain\n`);
    expect(stdout).toContain(`\n         ${await hashAt(1100)}\n`);
    expect(stdout).toContain('Headers  1,101; 88 kB with the head\n');
    expect(stdout).toContain('Work     2202 hashes expected, 2^11.1\n');
    expect((await headers('info', pack, '--lang', 'zh-TW')).stdout).toContain('工作量');
    expect(JSON.parse((await headers('info', pack, '--json')).stdout)).toMatchObject({ count: 1101, work: '2202' });
  });

  it('compare the end, or a height, with sources', async () => {
    const same = await headers('verify', pack, '--bitcoin-rpc', node.rpcUrl, '--esplora', proxy.url);
    expect(same.stdout).toMatch(/^✓ Passed {2}The 1,101 headers link up/);
    expect(same.stdout).toMatch(
      /✓ Passed {2}Block 1,100 .* is the one in the file\. Shown by Bitcoin node .*, Esplora /,
    );
    expect(same.exitCode).toBe(0);
    proxy.lies.set(400, await hashAt(401));
    const other = await headers('verify', pack, '--esplora', proxy.url, '--height', '399', '--height', '400');
    expect(other.stdout).toMatch(/✓ Passed {2}Block 399 .* is the one in the file/);
    expect(other.stdout).toMatch(
      /✗ .* {2}Block 400 .* is another one than in the file\. Shown were Esplora .*: [0-9a-f]{64}/,
    );
    expect(other.exitCode).toBe(1);
    const both = await headers('verify', pack, '--bitcoin-rpc', node.rpcUrl, '--esplora', proxy.url, '--height', '400');
    expect(both.stdout).toMatch(/\? .* {2}Whether block 400 .* the sources contradict each other/);
    expect(both.exitCode).toBe(2);
    expect((await headers('verify', pack, '--bitcoin-rpc', await unreachableUrl())).exitCode).toBe(2);
    expect((await headers('verify', pack, '--start', '0')).exitCode).toBe(0);
    expect((await headers('verify', pack, '--start', `3:${await hashAt(3)}`)).exitCode).toBe(65);
    expect((await headers('verify', pack, '--network', 'mainnet')).exitCode).toBe(65);
  });

  it('refuse damaged, truncated and foreign files by name, exit 65, and a missing one, exit 66', async () => {
    const bytes = await readFile(pack);
    const refused = async (content: Uint8Array | string) => {
      await writeFile(pack, content);
      const { exitCode, stderr, stdout } = await headers('verify', pack);
      expect(exitCode).toBe(65);
      expect(stdout).toBe('');
      return stderr;
    };
    const flipped = Buffer.from(bytes);
    flipped[30 + 80 * 500 + 40]! ^= 1;
    expect(await refused(flipped)).toMatch(/expected block 501 to name the block before it|Proof of work/);
    expect(await refused(bytes.subarray(0, -1))).toMatch(/got 1100 and 79 bytes of another: the file was cut off/);
    expect(await refused(bytes.subarray(0, 10))).toMatch(/expected/);
    expect(await refused('')).toMatch(/expected/);
    expect(await refused('GIF89a'.padEnd(4000, 'x'))).toMatch(/expected block 0 of a known network first/);
    await appendFile(pack, 'x');
    await rm(pack);
    expect((await headers('info', pack)).exitCode).toBe(66);
  });

  it('serve `verify --headers` and say where a later start comes from', async () => {
    const later = formatHeaderPack(
      'regtest',
      5,
      await Promise.all([5, 6].map(async (height) => new Uint8Array(await node.header(height)))),
    );
    await writeFile(pack, later);
    expect((await headers('info', pack)).stdout).toContain('not block 0: as good as whoever supplied it');
    const pinned = await headers('verify', pack, '--start', `5:${await hashAt(5)}`);
    expect(pinned.stdout).toContain('as pinned with --start');
  });
});

describe('sealroot headers fetch, after a reorganisation', () => {
  it.each([1, 3, 7])('of %i blocks cuts the end back, says so, and goes on', async (depth) => {
    expect((await fetchPack('--bitcoin-rpc', node.rpcUrl)).exitCode).toBe(0);
    const before = await endOf();
    await node.invalidateFrom(before.height - depth + 1);
    const shorter = await fetchPack('--bitcoin-rpc', node.rpcUrl);
    expect(shorter.exitCode).toBe(0);
    expect(await endOf()).toEqual(before);
    if (depth > 1) {
      await node.mine(depth - 1);
      const less = await fetchPack('--bitcoin-rpc', node.rpcUrl);
      expect(less.stderr).toContain('but no more work');
      expect(less.exitCode).toBe(2);
      expect(await endOf()).toEqual(before);
    }
    await node.mine(5);
    const { exitCode, stderr, stdout } = await fetchPack('--bitcoin-rpc', node.rpcUrl, '--json');
    expect(stderr).toContain(
      `the chain was reorganised. Blocks ${number(before.height - depth + 1)} to ${number(before.height)} are no longer in it`,
    );
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ removed: depth });
    const height = await node.height();
    expect(await endOf()).toEqual({ height, hash: await hashAt(height) });
  });
});

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}
