import { bytesToHex } from '@noble/hashes/utils.js';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Submission } from '#anchors/anchor.js';
import { createEvmAnchor, type EvmSettings } from '#anchors/evm/evm.js';
import { checkpointOf } from '#anchors/testing/checkpoint.js';
import { parseTransaction } from '#evm/transaction.js';
import { type EvmNode, startEvmNode } from '../evm-node.js';
import {
  createLock,
  createStepper,
  mineOnly,
  minedFor,
  newRoot,
  passBlocks,
  progressOf,
  settingsFor,
  verified,
  waitingFor,
  waitingIn,
} from '../testing/evm-anchoring.js';
import { signed } from '../testing/evm-transactions.js';

const GWEI = 1_000_000_000n;

/** Code that refuses every call. */
const REFUSING = '0x60006000fd';

describe('the EVM anchor with a node of our own', () => {
  let node: EvmNode;
  let settings: EvmSettings;
  const { step, sent } = createStepper(() => settings);
  const transactions = (submission: Submission) => progressOf(submission).transactions;

  beforeAll(async () => {
    node = await startEvmNode({ noMining: true });
    settings = await settingsFor(node);
    await node.mine(3);
  });
  // Tests do not share a memory pool, nor a price.
  afterEach(async () => {
    await node.setNextBaseFee(GWEI);
    await node.mine();
    expect(await waitingIn(node)).toEqual([]);
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
  const finish = async (root: Uint8Array, before: Submission, changed: Partial<EvmSettings> = {}) => {
    await node.mine(3);
    const final = await step(root, before, changed);
    expect(final.state).toBe('final');
    await expectTrue(root, final);
    return final;
  };
  const costOf = async (hash: string) => {
    const receipt = await node.rpc<{ gasUsed: string; effectiveGasPrice: string }>('eth_getTransactionReceipt', hash);
    return BigInt(receipt.gasUsed) * BigInt(receipt.effectiveGasPrice);
  };

  it('goes from a root to a final attestation that verifies offline', async () => {
    const root = newRoot();
    const signed = await step(root, null);
    expect(signed).toMatchObject({ state: 'unsubmitted', attestation: null, retryAfterSeconds: 0 });
    expect(signed.spent).toEqual({ amount: '0', unit: 'wei' });
    expect(signed.detail).toBe('transaction signed, not sent yet');
    expect(await waitingIn(node)).toEqual([]);
    const pending = await step(root, signed);
    expect(pending).toMatchObject({ state: 'pending', attestation: null, retryAfterSeconds: 1 });
    expect(pending.detail).toMatch(
      /^sent in transaction 0x[0-9a-f]{64}, fee at most \d+ wei, waiting for a development chain \(chain 31337\) since .*Z$/,
    );
    expect(BigInt(pending.spent!.amount)).toBeLessThanOrEqual(BigInt(createEvmAnchor(settings).mostSpent!.amount));
    await node.mine();
    const confirmed = await step(root, pending);
    expect(confirmed.state).toBe('confirmed');
    expect(confirmed.detail).toMatch(
      /^confirmed \(1 block\) in a development chain \(chain 31337\) block \d+, so no later than .*Z, transaction 0x[0-9a-f]{64}, fee \d+ wei$/,
    );
    await expectTrue(root, confirmed);
    const { chainId, genesis, timeMs } = verified(root, confirmed);
    expect({ chainId, genesis: `0x${bytesToHex(genesis)}` }).toEqual({ chainId: 31337, genesis: settings.genesis });
    expect(new Date(timeMs).toISOString()).toBe(progressOf(confirmed).block!.time);
    await node.mine();
    expect((await step(root, confirmed)).state).toBe('confirmed');
    await node.mine();
    const final = await step(root, confirmed);
    expect(final.state).toBe('final');
    expect(final.detail).toMatch(/^final in /);
    await expectTrue(root, final);
    expect(final.spent!.amount).toBe(String(await costOf(progressOf(final).block!.transaction)));
  });

  it('attests blocks with many transactions of every type', async () => {
    const root = newRoot();
    const pending = await sent(root);
    const [, , , sender, other] = node.accounts;
    const account = privateKeyToAccount(other!.privateKey);
    const at = { from: sender!.address, to: sender!.address, gas: '0x7530' };
    const price = { gasPrice: `0x${(2n * GWEI).toString(16)}` };
    for (let i = 0; i < 30; i++) {
      const accessList = [{ address: at.to, storageKeys: [`0x${'11'.repeat(32)}`] }];
      const forms = [price, { ...price, accessList }, { maxFeePerGas: '0x77359400', maxPriorityFeePerGas: '0x1' }];
      await node.rpc('eth_sendTransaction', { ...at, ...forms[i % 3] });
    }
    const authorization = { contractAddress: sender!.address, chainId: 31337, nonce: 1 };
    const delegating = await account.signTransaction({
      type: 'eip7702',
      chainId: 31337,
      nonce: 0,
      to: account.address,
      gas: 100_000n,
      maxFeePerGas: 2n * GWEI,
      maxPriorityFeePerGas: 1n,
      authorizationList: [await account.signAuthorization(authorization)],
    });
    await node.rpc('eth_sendRawTransaction', delegating);
    const blobs = { kind: 'eip4844', nonce: 0, to: at.to, data: '0x', cellProofs: true } as const;
    await node.rpc('eth_sendRawTransaction', await signed(node, 5, blobs));
    await node.mine();
    const block = (await node.block('latest'))!;
    expect(block.transactions).toHaveLength(33);
    const types = await Promise.all(
      block.transactions.map(async (hash) => (await node.rpc<{ type: string }>('eth_getTransactionByHash', hash)).type),
    );
    expect([...new Set(types)].sort()).toEqual(['0x0', '0x1', '0x2', '0x3', '0x4']);
    await finish(root, await step(root, pending));
  });

  it.each(['safe', 'finalized', 'latest'] as const)('takes as final what the tag %s covers', async (finality) => {
    const other = await startEvmNode({ noMining: true, slotsInAnEpoch: 2 });
    try {
      await other.mine(5);
      const settings = { ...(await settingsFor(other)), finality };
      const stepper = createStepper(() => settings);
      const root = newRoot();
      const pending = await stepper.sent(root);
      await other.mine();
      let now = await stepper.step(root, pending);
      const height = progressOf(now).block!.number;
      for (let i = 0; now.state === 'confirmed' && i < 10; i++) {
        expect(Number((await other.block(finality))!.number)).toBeLessThan(height);
        await other.mine();
        now = await stepper.step(root, now);
      }
      expect(now.state).toBe('final');
      expect(Number((await other.block(finality))!.number)).toBeGreaterThanOrEqual(height);
      expect(verified(root, now).number).toBe(height);
    } finally {
      await other.stop();
    }
  });

  it('knows the times of a chain that counts in milliseconds', async () => {
    const time = 1_790_000_000_000;
    const odd = await startEvmNode({ noMining: true, genesisTimestamp: time });
    try {
      await odd.mine();
      const seconds = await settingsFor(odd);
      const stepper = createStepper(() => seconds);
      const root = newRoot();
      const refused = await stepper.step(root, null);
      expect(refused.detail).toContain('counts block times in milliseconds, expected seconds');
      const right = { blockTimeUnit: 'ms' } as const;
      const pending = await stepper.sent(root, right);
      await odd.mine(3);
      const final = await stepper.step(root, pending, right);
      expect(final.state).toBe('final');
      expect(Math.abs(verified(root, final).timeMs - time)).toBeLessThan(60_000);
      expect(final.detail).toContain('so no later than 2026-09-21T');
    } finally {
      await odd.stop();
    }
  });

  it('signs for the next checkpoint only when nothing that it signed before waits any more', async () => {
    const anchor = createEvmAnchor({ ...settings, exclusively: createLock() });
    const go = (root: Uint8Array, now: Submission) =>
      now.state === 'unsubmitted' ? anchor.submit(checkpointOf(root), now) : anchor.confirm(now);
    const [root, next] = [newRoot(), newRoot()];
    let first = await anchor.submit(checkpointOf(root), null);
    let second = await anchor.submit(checkpointOf(next), null);
    expect(second.detail).toMatch(/number \d+ of account 0x[0-9a-f]{40} is promised to another checkpoint/);
    first = await go(root, first);
    expect(first.state).toBe('pending');
    second = await go(next, second);
    expect(second.detail).toMatch(
      /1 transaction of account 0x[0-9a-f]{40} waits in the node, the next one is made after/,
    );
    expect(transactions(second)).toEqual([]);
    await node.mine();
    second = await go(next, await go(next, second));
    expect(second.state).toBe('pending');
    await finish(root, await go(root, first));
    await finish(next, await go(next, second));
  });

  it('uses the old form of transactions where the chain has no base fee', async () => {
    const old = await startEvmNode({ noMining: true, hardfork: 'berlin' });
    try {
      await old.mine();
      const settings = await settingsFor(old);
      const stepper = createStepper(() => settings);
      const root = newRoot();
      let pending = await stepper.sent(root);
      expect(transactions(pending)[0]).toMatchObject({ tip: null, accepted: true });
      await passBlocks(old, 6);
      pending = await stepper.step(root, await stepper.step(root, pending));
      expect(transactions(pending)).toHaveLength(2);
      await old.mine(3);
      const final = await stepper.step(root, pending);
      expect(final.state).toBe('final');
      expect(parseTransaction(Buffer.from(transactions(final)[1]!.raw.slice(2), 'hex')).type).toBe(0);
      expect(verified(root, final).chainId).toBe(31337);
    } finally {
      await old.stop();
    }
  });

  it('waits while the base fee is above its cap, and goes on by itself when it has come down', async () => {
    const root = newRoot();
    const pending = await sent(root);
    // Anvil forgets what no longer pays enough.
    await node.setNextBaseFee(120n * GWEI);
    await node.mine();
    expect(await waitingIn(node)).toEqual([]);
    let now = pending;
    for (let i = 0; i < 8; i++) {
      await node.setNextBaseFee(120n * GWEI);
      await node.mine();
      now = await step(root, now);
      expect(now.state).toBe('pending');
    }
    expect(now.detail).toContain('the chain asks 120 gwei for a unit of gas, maxFeeGwei allows 50 gwei, next try at ');
    expect(transactions(now)).toHaveLength(1);
    const other = await step(newRoot(), null);
    expect(other).toMatchObject({ state: 'unsubmitted', retryAfterSeconds: 1 });
    expect(other.detail).toMatch(
      /^not submitted yet, the chain asks 120 gwei for a unit of gas, maxFeeGwei allows 50 gwei, next try at .*Z$/,
    );

    await node.setNextBaseFee(20n * GWEI);
    await node.mine();
    for (let i = 0; i < 3; i++) now = await step(root, now);
    expect(transactions(now)).toHaveLength(2);
    expect(await waitingFor(node, root)).toEqual([transactions(now)[1]!.hash]);
    await node.mine();
    await finish(root, await step(root, now));
  });

  it('raises its fees while in no block, within the cap and a number of versions, and finds an earlier one that is mined', async () => {
    const root = newRoot();
    const capped = { maxFeeGwei: 5 };
    let now = await sent(root, capped);
    for (let i = 0; i < 12; i++) {
      await passBlocks(node, 5);
      now = await step(root, now, capped);
      if (now.retryAfterSeconds === 0) now = await step(root, now, capped);
    }
    const versions = transactions(now);
    expect(versions.length).toBeGreaterThan(3);
    expect(versions.length).toBeLessThanOrEqual(10);
    expect(new Set(versions.map(({ nonce }) => nonce)).size).toBe(1);
    expect(versions.every(({ accepted }) => accepted)).toBe(true);
    for (const [i, { perGas, tip }] of versions.entries()) {
      expect(BigInt(perGas)).toBeLessThanOrEqual(5n * GWEI);
      if (i === 0) continue;
      expect(BigInt(perGas) * 8n).toBeGreaterThanOrEqual(BigInt(versions[i - 1]!.perGas) * 9n);
      expect(BigInt(tip!) * 8n).toBeGreaterThanOrEqual(BigInt(versions[i - 1]!.tip!) * 9n);
    }
    expect(now.detail).toMatch(/its fee is not raised: (it was 9 times|.* maxFeeGwei allows 5 gwei)/);
    expect(await waitingFor(node, root)).toEqual([versions.at(-1)!.hash]);

    // A miner who has not heard of the newer ones.
    await mineOnly(node, versions[1]!.raw);
    const confirmed = await step(root, now, capped);
    expect(progressOf(confirmed).block?.transaction).toBe(versions[1]!.hash);
    await finish(root, confirmed, capped);
  });

  it('raises a signed transaction that the node refuses because the base fee has risen meanwhile', async () => {
    const root = newRoot();
    const signed = await step(root, null);
    await node.setNextBaseFee(20n * GWEI);
    await node.mine();
    const refused = await step(root, signed);
    expect(transactions(refused)).toHaveLength(2);
    const pending = await step(root, refused);
    expect(pending.state).toBe('pending');
    await node.mine();
    await finish(root, await step(root, pending));
  });

  it('names a fee cap of zero, and goes on once it is lifted', async () => {
    const root = newRoot();
    const capped = { maxFeeGwei: 0 };
    expect(createEvmAnchor({ ...settings, ...capped }).mostSpent).toEqual({ amount: '0', unit: 'wei' });
    const refused = await step(root, null, capped);
    expect(refused).toMatchObject({ state: 'unsubmitted', attestation: null, retryAfterSeconds: 1 });
    expect(refused.detail).toMatch(
      /^not submitted yet, the chain asks [0-9.]+ gwei for a unit of gas, maxFeeGwei allows 0 gwei, next try at .*Z$/,
    );
    const pending = await step(root, await step(root, refused));
    expect(pending.state).toBe('pending');
    await node.mine();
    await finish(root, await step(root, pending));
  });

  it('names an account that is empty or has too little, and goes on once it has enough', async () => {
    const root = newRoot();
    const poor = { privateKey: generatePrivateKey() };
    const { address } = privateKeyToAccount(poor.privateKey);
    const empty = await step(root, null, poor);
    expect(empty).toMatchObject({ state: 'unsubmitted', progress: { transactions: [] } });
    expect(empty.detail).toMatch(/^not submitted yet, account 0x[0-9a-f]{40} is empty, a transaction may need \d+ wei/);
    await node.rpc('anvil_setBalance', address, '0x1000');
    expect((await step(root, empty, poor)).detail).toContain(`${address.toLowerCase()} holds 4096 wei`);
    await node.rpc('anvil_setBalance', address, `0x${(10n ** 18n).toString(16)}`);
    const signed = await step(root, empty, poor);
    await node.rpc('anvil_setBalance', address, '0x1000');
    const broke = await step(root, signed, poor);
    expect(broke).toMatchObject({ state: 'unsubmitted' });
    expect(broke.detail).toMatch(/account 0x[0-9a-f]{40} holds 4096 wei, the transaction may need \d+ wei/);
    await node.rpc('anvil_setBalance', address, `0x${(10n ** 18n).toString(16)}`);
    const pending = await step(root, broke, poor);
    expect(pending.state).toBe('pending');
    await node.mine();
    await finish(root, await step(root, pending, poor), poor);
  });

  it('names a wrong chain id, block 0 or unit of time, and goes on once that is right', async () => {
    const root = newRoot();
    let now: Submission | null = null;
    const wrong = async (changed: Partial<EvmSettings>, sentence: string | RegExp) => {
      now = await step(root, now, changed);
      expect(now).toMatchObject({ state: 'unsubmitted', attestation: null, retryAfterSeconds: 1 });
      expect(now.detail).toMatch(sentence);
      expect(now.detail).toMatch(/^not submitted yet, .*, next try at .*Z$/);
    };
    await wrong({ genesis: `0x${'ab'.repeat(32)}` }, `is on the wrong chain: expected block 0 to be 0xabab`);
    await wrong(
      { blockTimeUnit: 'ms' },
      'counts block times in seconds, expected milliseconds: blockTimeUnit of the chain is wrong',
    );
    const other = await step(newRoot(), null, { chainId: 1 });
    expect(other.detail).toContain('is on the wrong chain: expected chain id 1, got 31337');
    const mixed = await step(root, now, { chainId: 1 });
    expect(mixed.detail).toContain('it was made for chain 31337, the settings of evm:test are about chain 1');
    const pending = await step(root, await step(root, now));
    await node.mine();
    await finish(root, await step(root, pending));
  });

  it('takes another nonce once somebody else has used its own, and only when that is final', async () => {
    const root = newRoot();
    const signed = await step(root, null);
    const { nonce } = transactions(signed)[0]!;
    const { address } = node.accounts[0]!;
    await node.rpc('eth_sendTransaction', { from: address, to: address, value: '0x1' });
    let now = await step(root, signed);
    expect(now.detail).toContain(`number ${nonce} of account ${address.toLowerCase()} is taken by another transaction`);
    expect(await waitingFor(node, root)).toEqual([]);
    await node.mine();
    for (let i = 0; i < 2; i++) {
      now = await step(root, now);
      expect(now.detail).toContain(`another transaction has used number ${nonce} of account`);
      expect(transactions(now)).toHaveLength(1);
      await node.mine();
    }
    for (let i = 0; i < 3; i++) now = await step(root, now);
    expect(now.state).toBe('pending');
    expect(transactions(now).map((one) => [one.round, one.nonce])).toEqual([
      [0, nonce],
      [1, nonce + 1],
    ]);
    await node.mine();
    await finish(root, await step(root, now));
  });

  it('waits while a number before its own is missing, and says so', async () => {
    const root = newRoot();
    const { address } = node.accounts[0]!;
    await node.rpc<string>('eth_sendTransaction', { from: address, to: address, value: '0x1' });
    await node.mine();
    const pending = await sent(root);
    await node.reorg(1);
    // anvil does not look again at what waits; sent once more, it does.
    await node.rpc('anvil_dropTransaction', transactions(pending)[0]!.hash);
    const gap = await step(root, pending);
    expect(gap.detail).toMatch(/it waits for number \d+ of account 0x[0-9a-f]{40}, which the node does not have/);
    await node.rpc('eth_sendTransaction', {
      from: address,
      to: address,
      value: '0x1',
      nonce: `0x${(transactions(pending)[0]!.nonce - 1).toString(16)}`,
    });
    await node.mine();
    const now = await step(root, gap);
    await node.mine();
    await finish(root, await step(root, now));
  });

  it('takes call data for an anchor whatever became of running it', async () => {
    const root = newRoot();
    const to = `0x${'34'.repeat(20)}`;
    const pending = await sent(root, { to });
    await node.rpc('anvil_setCode', to, REFUSING);
    await node.mine();
    const confirmed = await step(root, pending, { to });
    expect(await node.rpc('eth_getTransactionReceipt', transactions(confirmed)[0]!.hash)).toMatchObject({
      status: '0x0',
    });
    await finish(root, confirmed, { to });
  });

  it('refuses settings and submissions that are none, without showing the key', async () => {
    const key = `${settings.privateKey.slice(2, -1)}x`;
    for (const privateKey of [key, '00'.repeat(32), 'ff'.repeat(32)]) {
      const refusal = (() => {
        try {
          createEvmAnchor({ ...settings, privateKey });
        } catch (error) {
          return error as Error;
        }
        throw new Error('expected an error');
      })();
      expect(refusal).toMatchObject({ code: 'bad-settings' });
      expect(`${refusal.message} ${String(refusal.cause)} ${refusal.stack}`).not.toContain(privateKey);
    }
    expect(() => createEvmAnchor({ ...settings, to: '0x12' })).toThrow('an address as receiver');
    expect(() => createEvmAnchor({ ...settings, rpcUrls: ['http://user:%zz@h'] })).toThrow('percent-encoded');
    const anchor = createEvmAnchor(settings);
    const signed = await anchor.submit(checkpointOf(newRoot()), null);
    await expect(anchor.submit(checkpointOf(newRoot()), signed)).rejects.toMatchObject({ code: 'bad-submission' });
    await expect(anchor.confirm({ ...signed, progress: { version: 2 } })).rejects.toMatchObject({
      code: 'bad-submission',
    });
    await expect(anchor.submit(checkpointOf(new Uint8Array(31)), null)).rejects.toMatchObject({ code: 'bad-root' });
  });
});
