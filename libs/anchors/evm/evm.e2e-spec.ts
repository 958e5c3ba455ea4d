import { bytesToHex } from '@noble/hashes/utils.js';
import { privateKeyToAccount } from 'viem/accounts';
import { describe, expect, it } from 'vitest';
import { parseTransaction } from '#evm/transaction.js';
import type { Submission } from '../anchor.js';
import { checkpointOf } from '../testing/checkpoint.js';
import { createEvmAnchor, type EvmSettings } from './evm.js';
import {
  createStepper,
  newRoot,
  passBlocks,
  progressOf,
  settingsFor,
  verified,
  waitingIn,
  transactions,
  useEvmNode,
} from './testing/evm-anchoring.js';
import { type EvmNode, startEvmNode } from './testing/evm-node.js';
import { signed } from './testing/evm-transactions.js';

const GWEI = 1_000_000_000n;

/** Code that refuses every call. */
const REFUSING = '0x60006000fd';

const costOf = async (node: EvmNode, hash: string) => {
  const receipt = await node.rpc<{ gasUsed: string; effectiveGasPrice: string }>('eth_getTransactionReceipt', hash);
  return BigInt(receipt.gasUsed) * BigInt(receipt.effectiveGasPrice);
};

describe('the EVM anchor with a node of our own', () => {
  const room = useEvmNode();

  it('goes from a root to a final attestation that verifies offline', async () => {
    const root = newRoot();
    const signed = await room.step(root, null);
    expect(signed).toMatchObject({ state: 'unsubmitted', attestation: null, retryAfterSeconds: 0 });
    expect(signed.spent).toEqual({ amount: '0', unit: 'wei' });
    expect(signed.detail).toBe('transaction signed, not sent yet');
    expect(await waitingIn(room.node)).toEqual([]);
    const pending = await room.step(root, signed);
    expect(pending).toMatchObject({ state: 'pending', attestation: null, retryAfterSeconds: 1 });
    expect(pending.detail).toMatch(
      /^sent in transaction 0x[0-9a-f]{64}, fee at most \d+ wei, waiting for a development chain \(chain 31337\) since .*Z$/,
    );
    expect(BigInt(pending.spent!.amount)).toBeLessThanOrEqual(BigInt(createEvmAnchor(room.settings).mostSpent!.amount));
    await room.node.mine();
    const confirmed = await room.step(root, pending);
    expect(confirmed.state).toBe('confirmed');
    expect(confirmed.detail).toMatch(
      /^confirmed \(1 block\) in a development chain \(chain 31337\) block \d+, so no later than .*Z, transaction 0x[0-9a-f]{64}, fee \d+ wei$/,
    );
    await room.expectTrue(root, confirmed);
    const { chainId, genesis, timeMs } = verified(root, confirmed);
    expect({ chainId, genesis: `0x${bytesToHex(genesis)}` }).toEqual({
      chainId: 31337,
      genesis: room.settings.genesis,
    });
    expect(new Date(timeMs).toISOString()).toBe(progressOf(confirmed).block!.time);
    await room.node.mine();
    expect((await room.step(root, confirmed)).state).toBe('confirmed');
    await room.node.mine();
    const final = await room.step(root, confirmed);
    expect(final.state).toBe('final');
    expect(final.detail).toMatch(/^final in /);
    await room.expectTrue(root, final);
    expect(final.spent!.amount).toBe(String(await costOf(room.node, progressOf(final).block!.transaction)));
  });

  it('attests blocks with many transactions of every type', async () => {
    const root = newRoot();
    const pending = await room.sent(root);
    const [, , , sender, other] = room.node.accounts;
    const account = privateKeyToAccount(other!.privateKey);
    const at = { from: sender!.address, to: sender!.address, gas: '0x7530' };
    const price = { gasPrice: `0x${(2n * GWEI).toString(16)}` };
    for (let i = 0; i < 30; i++) {
      const accessList = [{ address: at.to, storageKeys: [`0x${'11'.repeat(32)}`] }];
      const forms = [price, { ...price, accessList }, { maxFeePerGas: '0x77359400', maxPriorityFeePerGas: '0x1' }];
      await room.node.rpc('eth_sendTransaction', { ...at, ...forms[i % 3] });
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
    await room.node.rpc('eth_sendRawTransaction', delegating);
    const blobs = { kind: 'eip4844', nonce: 0, to: at.to, data: '0x', cellProofs: true } as const;
    await room.node.rpc('eth_sendRawTransaction', await signed(room.node, 5, blobs));
    await room.node.mine();
    const block = (await room.node.block('latest'))!;
    expect(block.transactions).toHaveLength(33);
    const types = await Promise.all(
      block.transactions.map(
        async (hash) => (await room.node.rpc<{ type: string }>('eth_getTransactionByHash', hash)).type,
      ),
    );
    expect([...new Set(types)].sort()).toEqual(['0x0', '0x1', '0x2', '0x3', '0x4']);
    await room.finish(root, await room.step(root, pending));
  });

  it.each(['finalized', 'latest'] as const)('takes as final what the tag %s covers', async (finality) => {
    const other = await startEvmNode({ noMining: true, slotsInAnEpoch: 2 });
    try {
      await other.mine(5);
      const own = { ...(await settingsFor(other)), finality };
      const stepper = createStepper(() => own);
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

  it('uses the old form of transactions where the chain has no base fee', async () => {
    const old = await startEvmNode({ noMining: true, hardfork: 'berlin' });
    try {
      await old.mine();
      const own = await settingsFor(old);
      const stepper = createStepper(() => own);
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

  it('names a wrong chain id, block 0 or unit of time, and goes on once that is right', async () => {
    const root = newRoot();
    let now: Submission | null = null;
    const wrong = async (changed: Partial<EvmSettings>, sentence: string | RegExp) => {
      now = await room.step(root, now, changed);
      expect(now).toMatchObject({ state: 'unsubmitted', attestation: null, retryAfterSeconds: 1 });
      expect(now.detail).toMatch(sentence);
      expect(now.detail).toMatch(/^not submitted yet, .*, next try at .*Z$/);
    };
    await wrong({ genesis: `0x${'ab'.repeat(32)}` }, `is on the wrong chain: expected block 0 to be 0xabab`);
    await wrong(
      { blockTimeUnit: 'ms' },
      'counts block times in seconds, expected milliseconds: blockTimeUnit of the chain is wrong',
    );
    const other = await room.step(newRoot(), null, { chainId: 1 });
    expect(other.detail).toContain('is on the wrong chain: expected chain id 1, got 31337');
    const mixed = await room.step(root, now, { chainId: 1 });
    expect(mixed.detail).toContain('it was made for chain 31337, the settings of evm:test are about chain 1');
    const pending = await room.step(root, await room.step(root, now));
    await room.node.mine();
    await room.finish(root, await room.step(root, pending));
  });

  it('takes call data for an anchor whatever became of running it', async () => {
    const root = newRoot();
    const to = `0x${'34'.repeat(20)}`;
    const pending = await room.sent(root, { to });
    await room.node.rpc('anvil_setCode', to, REFUSING);
    await room.node.mine();
    const confirmed = await room.step(root, pending, { to });
    expect(await room.node.rpc('eth_getTransactionReceipt', transactions(confirmed)[0]!.id)).toMatchObject({
      status: '0x0',
    });
    await room.finish(root, confirmed, { to });
  });

  it('refuses settings and submissions that are none, without showing the key', async () => {
    const key = `${room.settings.privateKey.slice(2, -1)}x`;
    for (const privateKey of [key, '00'.repeat(32), 'ff'.repeat(32)]) {
      const refusal = (() => {
        try {
          createEvmAnchor({ ...room.settings, privateKey });
        } catch (error) {
          return error as Error;
        }
        throw new Error('expected an error');
      })();
      expect(refusal).toMatchObject({ code: 'bad-settings' });
      expect(`${refusal.message} ${String(refusal.cause)} ${refusal.stack}`).not.toContain(privateKey);
    }
    expect(() => createEvmAnchor({ ...room.settings, to: '0x12' })).toThrow('an address as receiver');
    expect(() => createEvmAnchor({ ...room.settings, rpcUrls: ['http://user:%zz@h'] })).toThrow('percent-encoded');
    const anchor = createEvmAnchor(room.settings);
    const signed = await anchor.submit(checkpointOf(newRoot()), null);
    await expect(anchor.submit(checkpointOf(newRoot()), signed)).rejects.toMatchObject({ code: 'bad-submission' });
    await expect(anchor.confirm({ ...signed, progress: { version: 2 } })).rejects.toMatchObject({
      code: 'bad-submission',
    });
    await expect(anchor.submit(checkpointOf(new Uint8Array(31)), null)).rejects.toMatchObject({ code: 'bad-root' });
  });
});
