import { parseTransaction } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { describe, expect, it } from 'vitest';
import { createEvmAnchor } from './evm.js';
import {
  mineOnly,
  newRoot,
  passBlocks,
  progressOf,
  waitingFor,
  waitingIn,
  transactions,
  methodOf,
  useEvmNode,
} from './testing/evm-anchoring.js';

const GWEI = 1_000_000_000n;

describe('the fees of the EVM anchor', () => {
  const room = useEvmNode();

  it('waits while the base fee is above its cap, and goes on by itself when it has come down', async () => {
    const root = newRoot();
    const pending = await room.sent(root);
    // Anvil forgets what no longer pays enough.
    await room.node.setNextBaseFee(120n * GWEI);
    await room.node.mine();
    expect(await waitingIn(room.node)).toEqual([]);
    let now = pending;
    for (let i = 0; i < 8; i++) {
      await room.node.setNextBaseFee(120n * GWEI);
      await room.node.mine();
      now = await room.step(root, now);
      expect(now.state).toBe('pending');
    }
    expect(now.detail).toContain('the chain asks 120 gwei for a unit of gas, maxFeeGwei allows 50 gwei, next try at ');
    expect(transactions(now)).toHaveLength(1);
    const other = await room.step(newRoot(), null);
    expect(other).toMatchObject({ state: 'unsubmitted', retryAfterSeconds: 1 });
    expect(other.detail).toMatch(
      /^not submitted yet, the chain asks 120 gwei for a unit of gas, maxFeeGwei allows 50 gwei, next try at .*Z$/,
    );

    await room.node.setNextBaseFee(20n * GWEI);
    await room.node.mine();
    for (let i = 0; i < 3; i++) now = await room.step(root, now);
    expect(transactions(now)).toHaveLength(2);
    expect(await waitingFor(room.node, root)).toEqual([transactions(now)[1]!.id]);
    await room.node.mine();
    await room.finish(root, await room.step(root, now));
  });

  it('raises its fees while in no block, within the cap and a number of versions, and finds an earlier one that is mined', async () => {
    const root = newRoot();
    const capped = { maxFeeGwei: 5 };
    let now = await room.sent(root, capped);
    for (let i = 0; i < 12; i++) {
      await passBlocks(room.node, 5);
      now = await room.step(root, now, capped);
      if (now.retryAfterSeconds === 0) now = await room.step(root, now, capped);
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
    expect(await waitingFor(room.node, root)).toEqual([versions.at(-1)!.id]);

    // A miner who has not heard of the newer ones.
    await mineOnly(room.node, versions[1]!.raw);
    const confirmed = await room.step(root, now, capped);
    expect(progressOf(confirmed).block?.transaction).toBe(versions[1]!.id);
    await room.finish(root, confirmed, capped);
  });

  it('raises a signed transaction that the node refuses because the base fee has risen meanwhile', async () => {
    const root = newRoot();
    const signed = await room.step(root, null);
    await room.node.setNextBaseFee(20n * GWEI);
    await room.node.mine();
    const refused = await room.step(root, signed);
    expect(transactions(refused)).toHaveLength(2);
    const pending = await room.step(root, refused);
    expect(pending.state).toBe('pending');
    await room.node.mine();
    await room.finish(root, await room.step(root, pending));
  });

  it('names a fee cap of zero, and goes on once it is lifted', async () => {
    const root = newRoot();
    const capped = { maxFeeGwei: 0 };
    expect(createEvmAnchor({ ...room.settings, ...capped }).mostSpent).toEqual({ amount: '0', unit: 'wei' });
    const refused = await room.step(root, null, capped);
    expect(refused).toMatchObject({ state: 'unsubmitted', attestation: null, retryAfterSeconds: 1 });
    expect(refused.detail).toMatch(
      /^not submitted yet, the chain asks [0-9.]+ gwei for a unit of gas, maxFeeGwei allows 0 gwei, next try at .*Z$/,
    );
    const pending = await room.step(root, await room.step(root, refused));
    expect(pending.state).toBe('pending');
    await room.node.mine();
    await room.finish(root, await room.step(root, pending));
  });

  it('names an account that is empty or has too little, and goes on once it has enough', async () => {
    const root = newRoot();
    const poor = { privateKey: generatePrivateKey() };
    const { address } = privateKeyToAccount(poor.privateKey);
    const empty = await room.step(root, null, poor);
    expect(empty).toMatchObject({ state: 'unsubmitted', progress: { transactions: [] } });
    expect(empty.detail).toMatch(/^not submitted yet, account 0x[0-9a-f]{40} is empty, a transaction may need \d+ wei/);
    await room.node.rpc('anvil_setBalance', address, '0x1000');
    expect((await room.step(root, empty, poor)).detail).toContain(`${address.toLowerCase()} holds 4096 wei`);
    await room.node.rpc('anvil_setBalance', address, `0x${(10n ** 18n).toString(16)}`);
    const signed = await room.step(root, empty, poor);
    await room.node.rpc('anvil_setBalance', address, '0x1000');
    const broke = await room.step(root, signed, poor);
    expect(broke).toMatchObject({ state: 'unsubmitted' });
    expect(broke.detail).toMatch(/account 0x[0-9a-f]{40} holds 4096 wei, the transaction may need \d+ wei/);
    await room.node.rpc('anvil_setBalance', address, `0x${(10n ** 18n).toString(16)}`);
    const pending = await room.step(root, broke, poor);
    expect(pending.state).toBe('pending');
    await room.node.mine();
    await room.finish(root, await room.step(root, pending, poor), poor);
  });

  it.each([
    ['nonce too low', 'the node refuses the transaction: nonce too low'],
    ['txpool is full', 'the node refuses the transaction: txpool is full'],
    [
      'insufficient funds for gas * price + value',
      /account 0x[0-9a-f]{40} holds \d+ wei, the transaction may need \d+ wei/,
    ],
  ])('waits when the node says “%s”, and goes on by itself', async (message, detail) => {
    const root = newRoot();
    const signed = await room.step(root, null);
    const refusing: typeof fetch = async (url, init) =>
      methodOf(init) === 'eth_sendRawTransaction'
        ? Response.json({ error: { code: -32000, message } })
        : room.settings.fetch(url, init);
    let now = signed;
    for (let i = 0; i < 5; i++) {
      now = await room.step(root, now, { fetch: refusing });
      expect(now).toMatchObject({ state: 'unsubmitted', retryAfterSeconds: 1 });
      expect(now.detail).toMatch(detail);
      expect(transactions(now)).toHaveLength(1);
    }
    now = await room.step(root, now);
    expect(now.state).toBe('pending');
    await room.node.mine();
    await room.finish(root, await room.step(root, now));
  });

  it('raises a fee that the node calls too low a few times, and no more', async () => {
    const root = newRoot();
    let sends = 0;
    const refusing: typeof fetch = async (url, init) => {
      if (methodOf(init) !== 'eth_sendRawTransaction') return room.settings.fetch(url, init);
      sends++;
      return Response.json({ error: { code: -32000, message: 'replacement transaction underpriced' } });
    };
    let now = await room.step(root, null);
    let hasty = 0;
    for (let i = 0; i < 14; i++) {
      now = await room.step(root, now, { fetch: refusing });
      if (now.retryAfterSeconds === 0) hasty++;
    }
    expect(transactions(now)).toHaveLength(10);
    expect(hasty).toBe(9);
    // Each version when it is new, and then all of them at each look.
    expect(sends).toBeLessThanOrEqual(10 + 5 * 10);
    expect(now.detail).toContain(
      'the node refuses the transaction: replacement transaction underpriced; its fee is not raised: it was 9 times',
    );
    now = await room.step(root, now);
    expect(now.state).toBe('pending');
    await room.node.mine();
    await room.finish(root, await room.step(root, now));
  });

  it('signs anew, with the same number, what no node takes because too little gas was estimated', async () => {
    const root = newRoot();
    let isLying = true;
    const lying: typeof fetch = async (url, init) => {
      if (isLying && methodOf(init) === 'eth_estimateGas') return Response.json({ result: '0x4a38' });
      const { params } = JSON.parse(init!.body as string) as { params: [`0x${string}`] };
      // anvil takes transactions that no block can have; geth does not.
      if (methodOf(init) === 'eth_sendRawTransaction' && BigInt(parseTransaction(params[0]).gas ?? 0n) < 22_280n)
        return Response.json({
          error: { code: -32000, message: 'intrinsic gas too low: gas 21375, minimum needed 21512' },
        });
      return room.settings.fetch(url, init);
    };
    let now = await room.step(root, null, { fetch: lying });
    for (let i = 0; i < 4; i++) {
      now = await room.step(root, now, { fetch: lying });
      expect(now.state).toBe('unsubmitted');
    }
    expect(now.detail).toMatch(
      /the node refuses the transaction: intrinsic gas too low.*; its fee is not raised: the node still reckons with 21375 gas/,
    );
    expect(transactions(now)).toHaveLength(1);
    isLying = false;
    now = await room.step(root, now, { fetch: lying });
    expect(now.retryAfterSeconds).toBe(0);
    now = await room.step(root, now, { fetch: lying });
    expect(now.state).toBe('pending');
    const [first, second, ...more] = transactions(now);
    expect([second?.nonce, more]).toEqual([first?.nonce, []]);
    await room.node.mine();
    await room.finish(root, await room.step(root, now));
  });

  it('replaces what a node takes and never mines because too little gas was estimated', async () => {
    const root = newRoot();
    room.proxy.alter = ({ method }, answer) => (method === 'eth_estimateGas' ? { result: '0x4a38' } : answer);
    const pending = await room.sent(root, { rpcUrls: [room.proxy.url] });
    expect(pending.state).toBe('pending');
    await passBlocks(room.node, 6);
    const raised = await room.step(root, pending);
    expect(raised.retryAfterSeconds).toBe(0);
    const again = await room.step(root, raised);
    const [first, second, ...more] = transactions(again);
    expect([second?.nonce, more]).toEqual([first?.nonce, []]);
    expect(await waitingFor(room.node, root)).toEqual([second!.id]);
    await room.node.mine();
    await room.finish(root, await room.step(root, again));
  });
});
