import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatHeaderPack } from '#bitcoin/header-pack.js';
import { otsFile } from '#proof/ots-file.js';
import { formatProof } from '#proof/proof.js';
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
  const [first] = made.blocks;
  if (first !== undefined)
    await writeFile(join(folder, 'pack'), formatHeaderPack('regtest', first.height, [first.header]));
  return made;
}

const verifyWithPack = (...more: string[]) =>
  run('verify', 'doc', '--proof', 'doc.proof', '--headers', 'pack', ...more);

describe('sealroot verify', () => {
  it('says authentic, exit 0, when a header pack shows the attesting block', async () => {
    await sample();
    const { exitCode, stdout } = await verifyWithPack();
    expect(stdout).toMatch(/^AUTHENTIC: /);
    expect(stdout).toMatch(/✓ anchor +passed/);
    expect(stdout).toMatch(/\nexisted   no later than 2026-03-01T09:00:00\.000Z, by block 120 of regtest\n/);
    expect(stdout).toMatch(/ATTENTION: the attesting chain is regtest/);
    expect(stdout).toMatch(/WHO SIGNED WAS NOT CHECKED/);
    expect(stdout).not.toContain('\u001b[');
    expect(exitCode).toBe(0);
  });

  it('says mismatch, exit 1, for a document with one byte more', async () => {
    const { document } = await sample();
    await writeFile(join(folder, 'doc'), Buffer.concat([document, Buffer.from('x')]));
    const { exitCode, stdout } = await verifyWithPack();
    expect(stdout).toMatch(/^MISMATCH: /);
    expect(stdout).toMatch(/✗ document +FAILED/);
    expect(exitCode).toBe(1);
  });

  it('says mismatch, exit 1, for a proof with one digit changed', async () => {
    const { text } = await sample();
    await writeFile(
      join(folder, 'doc.proof'),
      text.replace(/"nonce":"(.)/, (_, digit) => `"nonce":"${digit === '0' ? '1' : '0'}`),
    );
    expect((await verifyWithPack()).exitCode).toBe(1);
  });

  it.each([
    ['empty', ''],
    ['text', 'no proof at all'],
    ['json', '{"format":"sealroot/proof@1"}'],
    ['bytes', Buffer.from([0, 255, 254])],
    ['ten megabytes', Buffer.alloc(10_000_000, ' ')],
  ])('says mismatch, exit 1, for a proof file of garbage (%s)', async (_, content) => {
    await sample();
    await writeFile(join(folder, 'doc.proof'), content);
    const { exitCode, stderr, stdout } = await verifyWithPack();
    expect(stdout).toMatch(/^MISMATCH: /);
    expect(stderr).toBe('');
    expect(exitCode).toBe(1);
  });

  it('says mismatch, exit 1, for a proof file without end', async () => {
    await sample();
    expect((await run('verify', 'doc', '--proof', '/dev/zero')).exitCode).toBe(1);
  });

  it('says pending, exit 4, while only a calendar has promised', async () => {
    await sample({ checkpoints: [{ size: 5, attestations: ['pending'] }] });
    const { exitCode, stdout } = await run('verify', 'doc', '--proof', 'doc.proof');
    expect(stdout).toMatch(/^PENDING: /);
    expect(stdout).toContain('https://calendar.example');
    expect(exitCode).toBe(4);
  });

  it('says that nothing was given, not that something was away, without a source, and what to give', async () => {
    await sample();
    const { stdout } = await run('verify', 'doc', '--proof', 'doc.proof');
    expect(stdout).toMatch(/^UNDECIDED: nothing was given that its anchors could be checked against/);
    expect(stdout).toContain('or give --esplora, --bitcoin-rpc or --headers');
    const away = await run('verify', 'doc', '--proof', 'doc.proof', '--esplora', await unreachableUrl());
    expect(away.stdout).toMatch(/^UNDECIDED: a source was asked and did not show what is needed/);
    expect(away.stdout).toMatch(/no source showed that block \(Esplora at 127\.0\.0\.1:\d+: unreachable/);
    expect(away.stdout).not.toContain('or give --esplora');
  });

  it('says undecided, exit 2, without a source, and which block to compare by hand', async () => {
    const { blocks } = await sample();
    const { exitCode, stdout } = await run('verify', 'doc', '--proof', 'doc.proof');
    const root = Buffer.from(blocks[0]!.header.subarray(36, 68)).reverse().toString('hex');
    expect(stdout).toMatch(/^UNDECIDED: nothing was given that its anchors could be checked against/);
    expect(stdout).toContain(`Bitcoin block 120 must have the Merkle root ${root}`);
    expect(stdout).toContain('or give --esplora, --bitcoin-rpc or --headers');
    expect(exitCode).toBe(2);
  });

  it('says undecided, exit 2, when the node cannot be reached, and shows no password', async () => {
    await sample();
    const url = (await unreachableUrl()).replace('://', '://user:hunter2@');
    const { exitCode, stderr, stdout } = await run('verify', 'doc', '--proof', 'doc.proof', '--bitcoin-rpc', url);
    expect(stdout).toMatch(/^UNDECIDED: a source was asked and did not show what is needed/);
    expect(stdout + stderr).not.toContain('hunter2');
    expect(exitCode).toBe(2);
  });

  it('says undecided, exit 2, when the explorer answers with an error', async () => {
    await sample();
    server = createServer((_, response) => response.writeHead(503).end('throttled'));
    await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect((await run('verify', 'doc', '--proof', 'doc.proof', '--esplora', url)).exitCode).toBe(2);
  });

  it('takes a good source although another one is down, and names that one', async () => {
    await sample();
    const { exitCode, stdout } = await verifyWithPack('--bitcoin-rpc', await unreachableUrl());
    expect(stdout).toMatch(/✓ anchor .* Not heard: Bitcoin node at 127\.0\.0\.1:\d+: unreachable/);
    expect(exitCode).toBe(0);
  });

  it('says mismatch, exit 1, for a block with another Merkle root', async () => {
    await sample({ statement: { agency: 'other.example' } });
    const { text } = sampleProof();
    await writeFile(join(folder, 'doc.proof'), text);
    const { exitCode, stdout } = await verifyWithPack();
    expect(stdout).toMatch(/✗ anchor +FAILED/);
    expect(exitCode).toBe(1);
  });

  it('accepts the pinned log key and refuses another one with exit 1', async () => {
    const { key } = await sample();
    const { stdout, exitCode } = await verifyWithPack('--log-key', key);
    expect(stdout).toMatch(/✓ log-key +passed/);
    expect(stdout).not.toMatch(/WHO SIGNED/);
    expect(exitCode).toBe(0);
    const other = sampleProof({ seed: new Uint8Array(32).fill(7) }).key;
    await writeFile(join(folder, 'log.vkey'), `${other}\n`);
    expect((await verifyWithPack('--log-key', '@log.vkey')).exitCode).toBe(1);
    expect((await verifyWithPack('--log-key', '@log.vkey', '--log-key', key)).exitCode).toBe(0);
  });

  it('says authentic but not current, exit 3, after the validity, and 0 at a time within it', async () => {
    await sample({ statement: { validUntil: '2026-06-30T00:00:00.000Z' } });
    expect((await verifyWithPack('--now', '2026-07-01T00:00:00Z')).exitCode).toBe(3);
    expect((await verifyWithPack('--now', '2026-06-29T23:00:00+02:00')).exitCode).toBe(0);
  });

  it('verifies a blinded document by the salt of the proof, of --salt, and not without', async () => {
    const { proof, salt } = await sample({ blinded: true });
    expect((await verifyWithPack()).exitCode).toBe(0);
    await writeFile(join(folder, 'doc.proof'), formatProof({ ...proof, salt: undefined }));
    const without = await verifyWithPack();
    expect(without.exitCode).toBe(2);
    expect(without.stdout).toMatch(/\? document +not checked/);
    expect((await verifyWithPack('--salt', Buffer.from(salt!).toString('hex'))).exitCode).toBe(0);
    expect((await verifyWithPack('--salt', '00'.repeat(32))).exitCode).toBe(1);
  });

  it('takes a digest, and standard input, instead of a file', async () => {
    const { digests, document } = await sample();
    const digest = `sha256:${Buffer.from(digests.sha256!).toString('hex')}`;
    expect((await run('verify', '--digest', digest, '--proof', 'doc.proof', '--headers', 'pack')).exitCode).toBe(0);
    const args = ['verify', '-', '--proof', 'doc.proof', '--headers', 'pack'];
    expect((await sealroot(args, { cwd: folder, stdin: document })).exitCode).toBe(0);
    expect((await sealroot(args, { cwd: folder, stdin: 'other' })).exitCode).toBe(1);
  });

  it('hashes with the algorithms that the record has', async () => {
    await sample({ algorithms: ['sha512', 'sm3'] });
    expect((await verifyWithPack()).exitCode).toBe(0);
  });

  it('prints the whole result as JSON', async () => {
    await sample();
    const { stdout } = await verifyWithPack('--json');
    const result = JSON.parse(stdout) as Record<string, unknown>;
    expect(result).toMatchObject({ verdict: 'authentic', exitCode: 0, record: { agency: 'licences.example' } });
    expect((result['checks'] as { code: string }[]).map(({ code }) => code)).toContain('batch-inclusion');
  });

  it('finds the proof beside the document', async () => {
    const { text } = await sample();
    await writeFile(join(folder, 'doc.sealroot.json'), text);
    expect((await run('verify', 'doc', '--headers', 'pack')).exitCode).toBe(0);
  });

  it('verifies a detached .ots file alone', async () => {
    const { proof, digests, salt } = await sample();
    await writeFile(join(folder, 'doc.ots'), otsFile(proof));
    const good = await run('verify', 'doc', '--proof', 'doc.ots', '--headers', 'pack');
    expect(good.stdout).toMatch(/✓ document +passed/);
    expect(good.exitCode).toBe(0);
    expect((await run('verify', 'doc', '--proof', 'doc.ots')).exitCode).toBe(2);
    expect((await run('verify', 'pack', '--proof', 'doc.ots', '--headers', 'pack')).exitCode).toBe(1);
    await writeFile(join(folder, 'cut.ots'), otsFile(proof).slice(0, 60));
    expect((await run('verify', 'doc', '--proof', 'cut.ots', '--headers', 'pack')).exitCode).toBe(1);
    expect(salt).toBeUndefined();
    const blinded = await sample({ blinded: true });
    await writeFile(join(folder, 'doc.ots'), otsFile(blinded.proof, { documentDigest: digests.sha256 }));
    expect((await run('verify', 'doc', '--proof', 'doc.ots', '--headers', 'pack')).exitCode).toBe(0);
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
