import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { getContractAddress } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CONTRACT_CODE } from '#anchors/evm/contract/deploy.js';
import { type EvmNode, startEvmNode } from '../../sandbox/evm-node.js';
import { workerEntry } from '../testing/worker-process.js';

const entry = workerEntry(Boolean(process.env['CI']));

describe.skipIf(!entry)('the command that creates the contract', () => {
  let node: EvmNode;
  let folder: string;
  let genesis: string;

  beforeAll(async () => {
    node = await startEvmNode();
    genesis = (await node.block(0))!.hash;
    folder = await mkdtemp(join(tmpdir(), 'sealroot-deploy-'));
    await writeFile(join(folder, 'key'), `${node.accounts[1]!.privateKey}\n`);
  });
  afterAll(async () => {
    await node?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** What the command prints for a chain, and how it ends. */
  async function run(chain: object, ...names: string[]): Promise<{ code: number; output: string; errors: string }> {
    const settings = {
      name: 'main',
      rpcUrls: [`${node.rpcUrl}/?key=s3cret`],
      chainId: node.chainId,
      genesis,
      ...chain,
    };
    const script = join(dirname(entry!), 'deploy-contract.js');
    const env = {
      PATH: process.env['PATH'],
      EVM_CHAINS: JSON.stringify([settings]),
      EVM_PRIVATE_KEY_FILE: join(folder, 'key'),
    };
    return new Promise((resolve) =>
      execFile(process.execPath, [script, ...names], { env, cwd: folder }, (error, output, errors) => {
        expect(output + errors).not.toMatch(new RegExp(`s3cret|${node.accounts[1]!.privateKey.slice(2)}`));
        resolve({ code: error === null ? 0 : Number(error.code), output, errors });
      }),
    );
  }

  it('prints the address once the chain holds the code', async () => {
    const { code, output, errors } = await run({}, 'main');
    expect([code, errors]).toEqual([0, '']);
    const to = /^for main in EVM_CHAINS: "mode":"contract","to":"(0x[0-9a-f]{40})"$/m.exec(output)?.[1];
    expect(await node.rpc('eth_getCode', to, 'latest')).toBe(CONTRACT_CODE);
    const [transaction] = (await node.block('latest'))!.transactions;
    expect(output).toContain(
      `account ${node.accounts[1]!.address.toLowerCase()} has sent transaction ${transaction}, which creates the contract at ${to}`,
    );
  });

  it.each<[string, object, string[], RegExp]>([
    ['no chain is named', {}, [], /EVM_CHAINS: expected the name of one of these chains .* \(main\), got none$/],
    ['another chain is named', {}, ['test'], /of these chains .* \(main\), got test$/],
    [
      'the node is on another chain',
      { chainId: 5 },
      ['main'],
      /is on the wrong chain: expected chain id 5, got 31337$/,
    ],
    ['block 0 is another', { genesis: `0x${'00'.repeat(32)}` }, ['main'], /is on the wrong chain: expected block 0/],
    ['the price is above the cap', { maxFeeGwei: 0 }, ['main'], /maxFeeGwei allows 0 gwei$/],
    ['no node answers', { rpcUrls: ['http://127.0.0.1:9'] }, ['main'], /RPC 127\.0\.0\.1:9 is not reachable$/],
  ])('says in a sentence that %s, and sends nothing', async (_, chain, names, sentence) => {
    const before = await node.height();
    const { code, output, errors } = await run(chain, ...names);
    expect([code, output]).toEqual([1, '']);
    expect(errors.trim()).toMatch(sentence);
    expect(errors).not.toContain('    at ');
    expect(await node.height()).toBe(before);
  });

  it('does not take other code for the contract', async () => {
    const address = node.accounts[1]!.address;
    const nonce = Number(await node.rpc('eth_getTransactionCount', address, 'latest'));
    const to = getContractAddress({ from: address, nonce: BigInt(nonce) });
    // Code that is there already makes the chain refuse the creation.
    await node.rpc('anvil_setCode', to, '0x60006000fd');
    const { code, errors } = await run({}, 'main');
    expect(code).toBe(1);
    expect(errors).toMatch(/^Creating the contract: /);
  });
});
