import { createHash } from 'node:crypto';
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { displayHash, sha256d } from '#bitcoin/block-hash.js';
import { formatHeaderPack } from '#bitcoin/header-pack.js';
import type { ProofAttestation } from '#proof/anchors/kinds.js';
import { sampleProof } from '#proof/testing/sample-proof.js';
import { type CertificateAuthority, createRoot } from '#tsp/testing/certificate-authority.js';
import { hasOpenssl } from '#tsp/testing/openssl.js';
import { type EvmNode, startEvmNode } from '#anchors/evm/testing/evm-node.js';
import { startTimeStampAuthority, type TimeStampAuthority } from '#anchors/rfc3161/testing/time-stamp-authority.js';
import {
  attestByAuthority,
  attestInChain,
  checkpointIn,
  proofText,
  stampByExpiring,
  withAttestations,
} from '../../sandbox/testing/anchored-proof.js';
import { compileCommand, type CommandResult, sealroot, unreachableUrl } from './command.js';

const run = promisify(execFile);
const withOpenssl = await hasOpenssl(process.env['CI'] !== undefined);

const made = sampleProof({ checkpoints: [{ size: 5, attestations: ['bitcoin', 'bitcoin'] }] });

let folder: string;
let node: EvmNode;
let other: EvmNode;
let attestation: ProofAttestation & { type: 'evm' };
/** The blocks of the packs, as blocks that are known. */
const pins = made.blocks.flatMap(({ header, height }) => ['--pin-block', `${height}:${displayHash(sha256d(header))}`]);

beforeAll(async () => {
  compileCommand();
  folder = await mkdtemp(join(tmpdir(), 'sealroot-anchors-'));
  node = await startEvmNode();
  other = await startEvmNode({ chainId: 4711 });
  attestation = await attestInChain(made.proof, node);
  await writeFile(join(folder, 'doc'), made.document);
  await writeFile(join(folder, 'doc.sealroot.json'), proofText(withAttestations(made.proof, [attestation])));
  const [first, second] = made.blocks;
  await writeFile(join(folder, 'pack1'), formatHeaderPack('regtest', first!.height, [first!.header]));
  await writeFile(join(folder, 'pack2'), formatHeaderPack('regtest', second!.height, [second!.header]));
}, 60_000);

afterAll(async () => {
  await node?.stop();
  await other?.stop();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

const verify = (args: string[], env: Record<string, string> = {}): Promise<CommandResult> =>
  sealroot(['verify', 'doc', '--any-signer', ...args], { cwd: folder, env });

describe('sealroot verify with an attestation of an EVM chain', () => {
  it('says authentic, exit 0, with what the time means and how final the block is', async () => {
    const { exitCode, stdout } = await verify(['--evm-rpc', node.rpcUrl]);
    expect(stdout).toMatch(/^Matches, but only a test chain shows the time\n/);
    expect(stdout).toMatch(/Shown by block \d+ of a test chain \(chain 31337\), by the time that the nodes/);
    expect(stdout).toContain('not final yet');
    expect(stdout).toContain('Test only: the time comes from a test chain (chain 31337)');
    expect(exitCode).toBe(0);
    await node.mine(70);
    const { stdout: later } = await verify(['--evm-rpc', node.rpcUrl, '--json']);
    const { findings } = JSON.parse(later) as { findings: { check: string }[] };
    expect(findings.find(({ check }) => check === 'anchor')).toMatchObject({ kind: 'evm', finality: 'final' });
  });

  it('takes the addresses from the environment, where several stand', async () => {
    const env = { SEALROOT_EVM_RPC: `${other.rpcUrl} ${node.rpcUrl}` };
    const { exitCode, stdout } = await verify([], env);
    expect(stdout).toMatch(/Not counted: .* \(serves another chain\)/);
    expect(exitCode).toBe(0);
  });

  it('is undecided, exit 2, without a source, and names block and block 0 to compare', async () => {
    const { exitCode, stdout } = await verify([]);
    const height = Number((await node.block(0))!.number) + 1;
    expect(stdout).toMatch(/^Could not be fully checked\n.*Nothing was given/);
    expect(stdout).toContain('--evm-rpc');
    expect(stdout).toContain(`Hash of block ${height} of a test chain (chain 31337): 0x${attestation.block} (`);
    expect(stdout).toContain(`Hash of block 0 of a test chain (chain 31337): 0x${attestation.genesis} (`);
    expect(exitCode).toBe(2);
  });

  it('is undecided, exit 2, with a node of another chain or one that is away, and shows no key', async () => {
    expect((await verify(['--evm-rpc', other.rpcUrl])).exitCode).toBe(2);
    const away = `${await unreachableUrl()}/v3/hunter2`;
    const { exitCode, stderr, stdout } = await verify(['--evm-rpc', away]);
    expect(stdout + stderr).not.toContain('hunter2');
    expect(exitCode).toBe(2);
    const bad = await verify(['--evm-rpc', 'ftp://hunter2']);
    expect(bad.stderr).toContain('Reading --evm-rpc: expected an http or https URL');
    expect(bad.stderr).not.toContain('hunter2');
    expect(bad.exitCode).toBe(64);
  });

  it('says the same thing once, however many anchors it is true of', async () => {
    const all = withAttestations(made.proof, [...made.proof.log.checkpoints[0]!.attestations, attestation]);
    await writeFile(join(folder, 'all.json'), proofText(all));
    const { exitCode, stdout } = await verify([
      ...'--proof all.json --headers pack1 --headers pack2 --evm-rpc'.split(' '),
      node.rpcUrl,
      ...pins,
    ]);
    expect(exitCode).toBe(0);
    expect(stdout.match(/✓ Passed {2}The time is anchored/g)).toHaveLength(3);
    expect(stdout.match(/Test only: /g)).toHaveLength(1);
  });

  it('says mismatch, exit 1, once the block is no longer in the chain', async () => {
    await node.reorg(await node.height());
    const { exitCode, stdout } = await verify(['--evm-rpc', node.rpcUrl]);
    expect(stdout).toMatch(/was lost when the chain was reorganised/);
    expect(exitCode).toBe(1);
  });
});

describe.skipIf(!withOpenssl)('sealroot verify and export with a time-stamp', () => {
  const out = (...names: string[]) => join(folder, 'out', ...names);
  let authority: TimeStampAuthority;
  let brief: CertificateAuthority;

  beforeAll(async () => {
    authority = await startTimeStampAuthority({ name: 'Lasting' });
    await writeFile(join(folder, 'root.pem'), `A root\n${authority.root.pem}`);
    await writeFile(join(folder, 'root.der'), authority.root.der);
    const stamp = await attestByAuthority(checkpointIn(made.proof), authority);
    const proof = withAttestations(made.proof, [...made.proof.log.checkpoints[0]!.attestations, attestation, stamp]);
    await writeFile(join(folder, 'doc.sealroot.json'), proofText(proof));
    brief = await createRoot({ commonName: 'Brief' }, folder);
    await writeFile(join(folder, 'brief.pem'), brief.pem);
  }, 60_000);
  afterAll(async () => {
    await authority?.stop();
  });

  it.each(['root.pem', 'root.der'])('says authentic, exit 0, with the root in %s', async (root) => {
    const { exitCode, stdout } = await verify(['--tsa-root', root]);
    expect(stdout).toMatch(/^Matches and existed by the time below; the signer was not checked\n/);
    expect(stdout).toMatch(/Shown by a time-stamp of .*Lasting time-stamp signer.*, by that authority’s clock/);
    expect(exitCode).toBe(0);
  });

  it('is undecided without that root, and tells its fingerprint', async () => {
    const { stdout: words } = await run('openssl', ['x509', '-in', 'root.pem', '-noout', '-fingerprint', '-sha256'], {
      cwd: folder,
    });
    const fingerprint = words.trim().split('=')[1]!.replaceAll(':', '').toLowerCase();
    const { exitCode, stdout } = await verify(['--tsa-root', 'brief.pem']);
    expect(stdout).toMatch(/^Could not be fully checked\n/);
    expect(stdout).toMatch(new RegExp(`SHA-256 fingerprint of the certificate .*: ${fingerprint} `));
    expect(exitCode).toBe(2);
    const without = await verify([]);
    expect(without.stdout).toMatch(/No root certificate that you trust was given/);
    expect(without.stdout).toMatch(/then give that certificate with --tsa-root/);
    expect(without.exitCode).toBe(2);
  });

  it.each([
    ['no certificate', 'doc', 65],
    ['a missing file', 'missing.pem', 66],
  ])('tells %s as a root in a line', async (_, root, code) => {
    const { exitCode, stderr } = await verify(['--tsa-root', root]);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(exitCode).toBe(code);
  });

  it('exports files with which the commands that it names succeed', async () => {
    const { exitCode, stdout } = await sealroot(['export', 'doc.sealroot.json', 'out', '--document', 'doc'], {
      cwd: folder,
    });
    expect(exitCode).toBe(0);
    expect(stdout).toBe(await readFile(out('README.txt'), 'utf8'));
    // What is indented is run: nothing there may be of others.
    for (const [, program] of stdout.matchAll(/^ {4}(\S+)/gm))
      expect(['sh', 'python3', 'ots', 'openssl', 'curl', 'cast', 'sha256sum']).toContain(program);
    const names = await readdir(out());
    expect(names.sort()).toEqual([
      'README.txt',
      'batch-entry.bin',
      'checkpoint-5.evm-31337.json',
      'checkpoint-5.note',
      'checkpoint-5.sig',
      'checkpoint-5.time-stamp.chain.pem',
      'checkpoint-5.time-stamp.crl.pem',
      'checkpoint-5.time-stamp.root.pem',
      'checkpoint-5.time-stamp.tsr',
      'checkpoint-5.time-stamp.tst',
      'checkpoint-5.tlog-proof',
      'checkpoint-5.txt',
      'document.ots',
      'log-key.pem',
      'log.vkey',
      'offline.html',
      'proof.sealroot.json',
      'record-in-batch.tlog-proof',
      'statement.json',
      'verifier',
      'verify.sh',
    ]);
    const [, second] = /^ {4}(python3 .*)$/m.exec(stdout)!;
    await copyFile(join(folder, 'doc'), out('doc'));
    const found = await run('sh', ['-c', `${second} --tsa-root ../root.pem --log-key ${made.key}`], { cwd: out() });
    expect(found.stdout).toMatch(/^authentic; signed by: log; /);
    expect(await readFile(out('checkpoint-5.txt'), 'utf8')).toBe(checkpointIn(made.proof).text);
    const { verified } = await opensslCommands(stdout, authority.root.pem);
    expect(verified).toEqual([true, true]);
    // Our own verifier takes the .ots file as it is.
    const ots = await sealroot(
      ['verify', 'doc', '--any-signer', '--proof', 'out/document.ots', ...pins, '--headers', 'pack1'],
      {
        cwd: folder,
      },
    );
    expect(ots.exitCode).toBe(0);
    const chain = JSON.parse(await readFile(out('checkpoint-5.evm-31337.json'), 'utf8')) as {
      checkpointRoot: string;
      block: { hash: string; number: number };
      transaction: { raw: string };
    };
    expect(chain.block.hash).toBe(`0x${attestation.block}`);
    expect(chain.transaction.raw).toContain(chain.checkpointRoot.slice(2));
  });

  it('writes the page of the export by itself, says its digest in the language asked for, and replaces nothing', async () => {
    const page = await readFile(out('offline.html'));
    const { exitCode, stderr, stdout } = await sealroot(['page', '--lang', 'zh-CN'], { cwd: folder });
    expect(exitCode).toBe(0);
    expect(stdout).toBe(`${createHash('sha256').update(page).digest('hex')}  offline.html\n`);
    expect(stderr).toContain('摘要');
    expect(await readFile(join(folder, 'offline.html'))).toEqual(page);
    expect(await sealroot(['page'], { cwd: folder })).toMatchObject({ exitCode: 73, stdout: '' });
  });

  it('names -attime alone once the signer has expired, and openssl needs it', async () => {
    const stamp = await stampByExpiring(checkpointIn(made.proof).text, brief);
    await writeFile(
      join(folder, 'brief.json'),
      proofText(withAttestations(made.proof, [{ type: 'rfc3161', ...stamp }])),
    );
    const { stdout: verdict } = await verify(['--proof', 'brief.json', '--tsa-root', 'brief.pem']);
    expect(verdict).toMatch(/^Matches and existed by the time below/);
    expect(verdict).toMatch(/The authority’s certificate has expired since/);
    await rm(out(), { recursive: true });
    const { exitCode, stdout } = await sealroot(['export', 'brief.json', 'out'], { cwd: folder });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('A certificate has expired');
    const { commands, verified } = await opensslCommands(stdout, brief.pem);
    expect(verified).toEqual([true]);
    const { verified: without } = await opensslCommands(commands[0]!.replace(/ -attime \d+/, ''), brief.pem);
    expect(without).toEqual([false]);
  });

  it('keeps what is there: a folder with files, or a proof that does not hold', async () => {
    await mkdir(join(folder, 'full'));
    await writeFile(join(folder, 'full', 'mine'), '');
    const full = await sealroot(['export', 'doc.sealroot.json', 'full'], { cwd: folder });
    expect(full.stderr).toContain('expected a new or empty folder');
    expect(full.exitCode).toBe(73);
    const text = await readFile(join(folder, 'doc.sealroot.json'), 'utf8');
    await writeFile(
      join(folder, 'broken.json'),
      text.replace(/"nonce":"(.)/, (_, d) => `"nonce":"${d === '0' ? 1 : 0}`),
    );
    const broken = await sealroot(['export', 'broken.json', 'new'], { cwd: folder });
    expect(broken.exitCode).toBe(1);
    await writeFile(join(folder, 'other'), 'another document');
    const other = await sealroot(['export', 'doc.sealroot.json', 'new', '--document', 'other'], { cwd: folder });
    expect(other.exitCode).toBe(1);
    await expect(stat(join(folder, 'new'))).rejects.toThrow();
    expect((await sealroot(['export', 'doc', 'new'], { cwd: folder })).exitCode).toBe(65);
  });

  /** Runs the `openssl ts -verify` commands of a text in the exported folder, with this root. */
  async function opensslCommands(text: string, rootPem: string) {
    await writeFile(out('ROOT.pem'), rootPem);
    const commands = text.split('\n').filter((line) => line.trim().startsWith('openssl ts -verify'));
    const verified: boolean[] = [];
    for (const command of commands) {
      const [program, ...args] = command.trim().split(' ');
      const { stdout } = await run(program!, args, { cwd: out() }).catch((error: { stdout: string }) => error);
      verified.push(stdout.includes('Verification: OK'));
    }
    return { commands, verified };
  }
});
