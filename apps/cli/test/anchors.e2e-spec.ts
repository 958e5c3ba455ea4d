import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatHeaderPack } from '#bitcoin/header-pack.js';
import type { ProofAttestation } from '#proof/attestation.js';
import { sampleProof } from '#proof/testing/sample-proof.js';
import { type EvmNode, startEvmNode } from '../../sandbox/evm-node.js';
import { attestInChain, proofText, withAttestations } from '../../sandbox/testing/anchored-proof.js';
import { compileCommand, type CommandResult, sealroot, unreachableUrl } from './command.js';

const made = sampleProof({ checkpoints: [{ size: 5, attestations: ['bitcoin', 'bitcoin'] }] });

let folder: string;
let node: EvmNode;
let other: EvmNode;
let attestation: ProofAttestation & { type: 'evm' };

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
  sealroot(['verify', 'doc', ...args], { cwd: folder, env });

describe('sealroot verify with an attestation of an EVM chain', () => {
  it('says authentic, exit 0, with what the time means and how final the block is', async () => {
    const { exitCode, stdout } = await verify(['--evm-rpc', node.rpcUrl]);
    expect(stdout).toMatch(/^AUTHENTIC: /);
    expect(stdout).toMatch(/existed {3}no later than .*, by block \d+ of a development chain \(chain 31337\)\n/);
    expect(stdout).toMatch(/Not final yet: the chain may still replace this block/);
    expect(stdout).toContain('block of a development chain (chain 31337): the time that its block producers agreed on');
    expect(stdout).toContain('ATTENTION: a development chain (chain 31337) is a chain for tests');
    expect(exitCode).toBe(0);
    await node.mine(70);
    const { stdout: later } = await verify(['--evm-rpc', node.rpcUrl, '--json']);
    const { checks } = JSON.parse(later) as { checks: { code: string; data: object }[] };
    expect(checks.find(({ code }) => code === 'anchor')?.data).toMatchObject({ type: 'evm', finality: 'final' });
  });

  it('takes the addresses from the environment, where several stand', async () => {
    const env = { SEALROOT_EVM_RPC: `${other.rpcUrl} ${node.rpcUrl}` };
    const { exitCode, stdout } = await verify([], env);
    expect(stdout).toMatch(/Not counted: EVM node at .* serves chain 4711, not 31337/);
    expect(exitCode).toBe(0);
  });

  it('is undecided, exit 2, without a source, and names block and block 0 to compare', async () => {
    const { exitCode, stdout } = await verify([]);
    const height = Number((await node.block(0))!.number) + 1;
    expect(stdout).toMatch(/^UNDECIDED: /);
    expect(stdout).toContain(
      `Block ${height} of a development chain (chain 31337) must have the hash 0x${attestation.block}, and block 0 of that chain 0x${attestation.genesis}`,
    );
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
    const { exitCode, stdout } = await verify(
      '--proof all.json --headers pack1 --headers pack2 --evm-rpc'.split(' ').concat(node.rpcUrl),
    );
    expect(exitCode).toBe(0);
    expect(stdout.match(/✓ anchor/g)).toHaveLength(3);
    expect(stdout.match(/ATTENTION: the attesting chain is regtest/g)).toHaveLength(1);
    expect(stdout.match(/Bitcoin block: the time that its miner set/g)).toHaveLength(1);
    expect(stdout.match(/ATTENTION: /g)).toHaveLength(2);
  });

  it('says mismatch, exit 1, once the block is no longer in the chain', async () => {
    await node.reorg(await node.height());
    const { exitCode, stdout } = await verify(['--evm-rpc', node.rpcUrl]);
    expect(stdout).toMatch(/It may have been lost in a reorganisation/);
    expect(exitCode).toBe(1);
  });
});
