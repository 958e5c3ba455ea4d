import { bytesToHex } from '@noble/hashes/utils.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Submission } from '#anchors/anchor.js';
import { CONTRACT_CODE, deployContract } from '#anchors/evm/contract/deploy.js';
import type { EvmSettings } from '#anchors/evm/evm.js';
import { type EvmNode, startEvmNode } from '../evm-node.js';
import { createStepper, minedFor, newRoot, progressOf, settingsFor, verified } from '../testing/evm-anchoring.js';

describe('the EVM anchor with a node of our own', () => {
  let node: EvmNode;
  let settings: EvmSettings;
  const { step, sent } = createStepper(() => settings);
  beforeAll(async () => {
    node = await startEvmNode({ noMining: true });
    settings = await settingsFor(node);
    await node.mine(3);
  });
  afterAll(() => node?.stop());

  /** No attestation about a block that the chain has not, and none that does not verify by itself. */
  const expectTrue = async (root: Uint8Array, submission: Submission) => {
    expect(submission.attestation === null).toBe(submission.state === 'pending' || submission.state === 'unsubmitted');
    if (submission.attestation === null) return;
    const shown = verified(root, submission);
    expect(`0x${bytesToHex(shown.blockHash)}`).toBe((await node.block(shown.number))?.hash);
    expect(progressOf(submission).block?.number).toBe(shown.number);
    expect(await minedFor(node, root)).toEqual([`0x${bytesToHex(shown.transactionHash)}`]);
  };

  it('goes from a root to a final attestation that verifies offline, in calldata', async () => {
    const root = newRoot();
    const signed = await step(root, null);
    expect(signed).toMatchObject({ state: 'unsubmitted', attestation: null, retryAfterSeconds: 0 });
    expect(signed.detail).toBe('transaction signed, not sent yet');
    expect(await node.rpc('txpool_status')).toMatchObject({ pending: '0x0' });
    const pending = await step(root, signed);
    expect(pending).toMatchObject({ state: 'pending', attestation: null, retryAfterSeconds: 1 });
    expect(pending.detail).toMatch(
      /^sent in transaction 0x[0-9a-f]{64}, fee at most \d+ wei, waiting for a development chain \(chain 31337\) since .*Z$/,
    );
    await node.mine();
    const confirmed = await step(root, pending);
    expect(confirmed.detail).toMatch(
      /^confirmed \(1 block\) in a development chain \(chain 31337\) block \d+, so no later than .*Z, transaction 0x.*, fee \d+ wei$/,
    );
    expect(confirmed.state).toBe('confirmed');
    await expectTrue(root, confirmed);
    expect(verified(root, confirmed)).toMatchObject({ chainId: 31337, mode: 'calldata' });
    await node.mine();
    expect((await step(root, confirmed)).state).toBe('confirmed');
    await node.mine();
    const final = await step(root, confirmed);
    expect(final.state).toBe('final');
    await expectTrue(root, final);
    const receipt = await node.rpc<{ gasUsed: string; effectiveGasPrice: string }>(
      'eth_getTransactionReceipt',
      progressOf(final).block!.transaction,
    );
    expect(final.spent).toEqual({
      amount: String(BigInt(receipt.gasUsed) * BigInt(receipt.effectiveGasPrice)),
      unit: 'wei',
    });
  });
  it('deploys', async () => {
    const { privateKey } = node.accounts[1]!;
    const { address } = await deployContract({ url: node.rpcUrl, privateKey: privateKey, fetch, timeoutMs: 5000 });
    await node.mine();
    expect(await node.rpc('eth_getCode', address, 'latest')).toBe(CONTRACT_CODE);
    const root = newRoot();
    const contract = { mode: 'contract', to: address } as const;
    const pending = await sent(root, contract);
    expect(pending.state).toBe('pending');
    await node.mine();
    const confirmed = await step(root, pending, contract);
    expect(confirmed.state).toBe('confirmed');
    await expectTrue(root, confirmed);
  });
});
