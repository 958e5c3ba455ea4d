import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { displayHash, sha256d } from '#bitcoin/block-hash.js';
import { formatHeaderPack } from '#bitcoin/header-pack.js';
import { type SampleOptions, type SampleProof, sampleProof } from '#proof/testing/sample-proof.js';
import { compileCommand, type CommandResult, sealroot, unreachableUrl } from './command.js';

let folder: string;
let server: Server | undefined;

beforeAll(async () => {
  compileCommand();
  folder = await mkdtemp(join(tmpdir(), 'sealroot-verify-'));
});

afterAll(async () => {
  server?.close();
  await rm(folder, { recursive: true, force: true });
});

const run = (...args: string[]): Promise<CommandResult> => sealroot(args, { cwd: folder });

/** Writes a sample's document, proof and header pack, and takes away what an earlier test left beside them. */
async function sample(options: SampleOptions = {}): Promise<SampleProof> {
  for (const name of ['doc.sealroot.json', 'doc.ots']) await rm(join(folder, name), { force: true });
  const made = sampleProof(options);
  await writeFile(join(folder, 'doc'), made.document);
  await writeFile(join(folder, 'doc.proof'), made.text);
  const first = made.blocks[0]!;
  await writeFile(join(folder, 'pack'), formatHeaderPack('regtest', first.height, [first.header]));
  pins = ['--pin-block', `${first.height}:${displayHash(sha256d(first.header))}`];
  return made;
}

/** The block of the pack, as one that is known. */
let pins: string[] = [];

const verifyWithPack = (...more: string[]) =>
  run('verify', 'doc', '--proof', 'doc.proof', '--headers', 'pack', ...pins, ...more);

describe('sealroot verify', () => {
  it('answers on standard output alone, without colours in a pipe', async () => {
    await sample();
    const { exitCode, stderr, stdout } = await verifyWithPack('--any-signer');
    expect(stdout).toMatch(/^Matches, but only a test chain shows the time\n/);
    expect(stdout).not.toContain('\u001b[');
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    expect((await verifyWithPack()).exitCode).toBe(5);
  });

  it('says unreadable, exit 65, of a proof file without end', async () => {
    await sample();
    const { exitCode, stdout } = await run('verify', 'doc', '--proof', '/dev/zero');
    expect(stdout).toMatch(/^The proof cannot be read\n/);
    expect(exitCode).toBe(65);
  });

  it('is undecided, exit 2, when sources cannot be reached or answer with an error, and shows no password', async () => {
    await sample();
    const url = (await unreachableUrl()).replace('://', '://user:hunter2@');
    const { exitCode, stderr, stdout } = await run('verify', 'doc', '--proof', 'doc.proof', '--bitcoin-rpc', url);
    expect(stdout).toMatch(/^Could not be fully checked\n/);
    expect(stdout).toMatch(/Not counted: .*127\.0\.0\.1:\d+.* \(unreachable\)/);
    expect(stdout + stderr).not.toContain('hunter2');
    expect(exitCode).toBe(2);
    server = createServer((_, response) => response.writeHead(503).end('throttled'));
    await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
    const explorer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect((await run('verify', 'doc', '--proof', 'doc.proof', '--esplora', explorer)).exitCode).toBe(2);
  });

  it('takes a good source although another one is down, and names that one', async () => {
    await sample();
    const { exitCode, stdout } = await verifyWithPack('--any-signer', '--bitcoin-rpc', await unreachableUrl());
    expect(stdout).toMatch(/✓ Passed {2}The time is anchored .* Not counted: .*127\.0\.0\.1:\d+.* \(unreachable\)/);
    expect(exitCode).toBe(0);
  });

  it('hashes standard input', async () => {
    const { document } = await sample();
    const args = ['verify', '-', '--proof', 'doc.proof', '--headers', 'pack', '--any-signer', ...pins];
    expect((await sealroot(args, { cwd: folder, stdin: document })).exitCode).toBe(0);
    expect((await sealroot(args, { cwd: folder, stdin: 'other' })).exitCode).toBe(1);
  });

  it('speaks the language of the environment', async () => {
    await sample();
    const env = { LANG: 'zh_TW.UTF-8' };
    const { stdout } = await sealroot(['verify', 'doc', '--proof', 'doc.proof'], { cwd: folder, env });
    expect(stdout).toMatch(/^目前無法完成驗證\n/);
  });

  it('refuses headers of another network than the one named', async () => {
    await sample();
    const { exitCode, stderr } = await verifyWithPack('--network', 'mainnet');
    expect(stderr).toContain('expected headers of mainnet, got those of regtest');
    expect(exitCode).toBe(65);
  });

  it('verifies a document of a gigabyte in little memory', async () => {
    // Sparse: a gigabyte to read, nothing on the disk.
    const file = await open(join(folder, 'large'), 'w');
    await file.truncate(1024 ** 3);
    await file.close();
    await sample();
    const { exitCode } = await sealroot(['verify', 'large', '--proof', 'doc.proof'], {
      cwd: folder,
      env: { NODE_OPTIONS: '--max-old-space-size=64' },
    });
    expect(exitCode).toBe(1);
  });

  it.each([
    { name: 'a missing document', args: ['verify', 'nowhere', '--proof', 'doc.proof'], code: 66 },
    { name: 'a missing proof', args: ['verify', 'doc', '--proof', 'nowhere'], code: 66 },
    { name: 'no proof beside the document', args: ['verify', 'doc'], code: 66 },
    { name: 'a folder as document', args: ['verify', '.', '--proof', 'doc.proof'], code: 66 },
    {
      name: 'a missing header pack',
      args: ['verify', 'doc', '--proof', 'doc.proof', '--headers', 'nowhere'],
      code: 66,
    },
    {
      name: 'a header pack that is none',
      args: ['verify', 'doc', '--proof', 'doc.proof', '--headers', 'doc'],
      code: 65,
    },
    { name: 'neither document nor digest', args: ['verify', '--proof', 'doc.proof'], code: 64 },
    { name: 'a digest that is none', args: ['verify', '--digest', 'sha256:12', '--proof', 'doc.proof'], code: 64 },
    { name: 'a log key that is none', args: ['verify', 'doc', '--proof', 'doc.proof', '--log-key', 'x'], code: 64 },
    { name: 'a time that is none', args: ['verify', 'doc', '--proof', 'doc.proof', '--now', 'today'], code: 64 },
    {
      name: 'a source address that is none',
      args: ['verify', 'doc', '--proof', 'doc.proof', '--esplora', 'ftp://x'],
      code: 64,
    },
    { name: 'an unknown option', args: ['verify', 'doc', '--frobnicate'], code: 64 },
    { name: 'an unknown command', args: ['frobnicate'], code: 64 },
    { name: 'no command', args: [], code: 64 },
  ])('tells $name in a line, with exit code $code', async ({ args, code }) => {
    await sample();
    const { exitCode, stderr, stdout } = await run(...args);
    expect(exitCode).toBe(code);
    expect(stdout).toBe('');
    expect(stderr).not.toBe('');
    expect(stderr).not.toMatch(/\n {4}at /);
  });
});
