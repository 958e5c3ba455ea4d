import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Submission } from '../anchor.js';
import { dyingFetch } from '../testing/dying-fetch.js';
import { MAX_VERSIONS } from './fee.js';
import type { BitcoinProgress } from './progress.js';
import { carries, newRoot, progressOf, spends, transactions, useBitcoinNode } from './testing/bitcoin-anchoring.js';

describe('the Bitcoin anchor with a node of our own', () => {
  const room = useBitcoinNode();

  it('goes from a root to a final attestation that the reference library accepts, in a block with other transactions', async () => {
    const root = newRoot();
    const pending = await room.sent(root);
    expect(pending.detail).toMatch(
      /^sent in transaction [0-9a-f]{64}, fee at most \d+ sat, waiting for Bitcoin regtest since .*Z$/,
    );
    const [transaction] = transactions(pending);
    expect(await room.mempool()).toContain(transaction!.id);
    expect(Buffer.from(transaction!.raw, 'hex').subarray(4, 6).toString('hex')).toBe('0001'); // with witness
    for (let i = 0; i < 4; i++) await room.node.sendOpReturn(randomBytes(32));
    const height = (await room.node.height()) + 1;
    await room.node.mine(1);
    const confirmed = await room.until(root, pending, 'confirmed');
    expect(confirmed.detail).toContain(
      `confirmed (1 of 6 blocks) in Bitcoin regtest block ${height}, so no later than `,
    );
    await room.expectTrue(root, confirmed);
    await room.node.mine(4);
    expect((await room.step(root, confirmed)).state).toBe('confirmed');
    await room.node.mine(1);
    const final = await room.step(root, confirmed);
    expect(final).toMatchObject({ state: 'final' });
    await room.expectTrue(root, final);
  });

  it.each([1, 3, 7])(
    'goes back to pending when %i blocks are reorganised away, and is final again later',
    async (blocks) => {
      const root = newRoot();
      const pending = await room.sent(root);
      const { id: txid } = transactions(pending)[0]!;
      const height = (await room.node.height()) + 1;
      await room.node.mine(blocks);
      const before = await room.until(root, pending, blocks > 5 ? 'final' : 'confirmed');
      await room.node.invalidateFrom(height);
      // Another chain grows past the old one without the transaction.
      for (let i = 0; i <= blocks; i++) await room.mineOnly();
      const back = await room.step(root, before);
      expect(back.state).toBe('pending');
      await room.expectTrue(root, back);
      expect(await room.mempool()).toContain(txid);
      // Its fee was high enough: the blocks since it was sent do not count.
      expect(transactions(back)).toHaveLength(1);
      await room.node.mine(1);
      const confirmed = await room.until(root, back, 'confirmed');
      await room.expectTrue(root, confirmed);
      await room.node.mine(5);
      const final = await room.step(root, confirmed);
      expect(final.state).toBe('final');
      await room.expectTrue(root, final);
      expect(transactions(final).map((one) => one.id)).toContain(txid);
    },
  );

  it.each([1, 3, 7])(
    'has its transaction in the memory pool while %i blocks are invalid, and its old block when they count again',
    async (blocks) => {
      const root = newRoot();
      const pending = await room.sent(root);
      const height = (await room.node.height()) + 1;
      const [first] = await room.node.mine(blocks);
      const before = await room.until(root, pending, blocks > 5 ? 'final' : 'confirmed');
      await room.node.invalidateFrom(height);
      const back = await room.step(root, before);
      expect(back.state).toBe('pending');
      await room.expectTrue(root, back);
      expect(await room.mempool()).toEqual([transactions(pending)[0]!.id]);
      expect(transactions(back)).toHaveLength(1);
      await room.node.rpc('reconsiderblock', first);
      const again = await room.until(root, back, before.state);
      expect(again.attestation).toEqual(before.attestation);
      await room.expectTrue(root, again);
    },
  );

  it('finds its first version again when a final block comes back while its replacement is under way', async () => {
    const root = newRoot();
    const settings = { targetBlocks: 1 };
    const pending = await room.sent(root);
    const height = (await room.node.height()) + 1;
    const [first] = await room.node.mine(7);
    const final = await room.until(root, pending, 'final');
    await room.node.invalidateFrom(height);
    const lost = await room.step(root, final);
    for (let i = 0; i < 3; i++) await room.mineOnly();
    const raised = await room.step(root, lost, settings);
    expect(transactions(raised)).toHaveLength(2);
    const [one, two] = transactions(raised);
    const replaced = await room.step(root, raised, settings);
    expect(replaced).toMatchObject({ state: 'pending', attestation: null, spent: { amount: String(two!.cost) } });
    expect(await room.mempool()).toEqual([two!.id]);
    await room.node.rpc('reconsiderblock', first);
    const back = await room.until(root, replaced, 'final', settings);
    expect(back.attestation).toEqual(final.attestation);
    expect(back.spent).toEqual({ amount: String(one!.cost), unit: 'sats' });
    await room.expectTrue(root, back);
    expect(await room.mempool()).toEqual([]);
  });

  it('has never two independent transactions when the process is killed at any call', async () => {
    for (let deadAt = 0, killed = -1; killed !== 0; deadAt++) {
      killed = 0;
      const root = newRoot();
      let now: Submission | null = null;
      for (const attempt of ['sign', 'send', 'raise', 'send again'] as const) {
        const settings = { targetBlocks: 1 };
        const { fetch: dying, dead } = dyingFetch(deadAt, fetch);
        const outcome: Submission | 'dead' = await Promise.race([
          room.step(root, now, { ...settings, fetch: dying }),
          dead,
        ]);
        if (outcome === 'dead') killed++;
        now = outcome === 'dead' ? await room.step(root, now, settings) : outcome;
        if (attempt === 'send') await room.mineOnly();
      }
      const versions: BitcoinProgress['transactions'] = transactions(now!);
      expect(versions).toHaveLength(2);
      expect(spends(versions[1]!.raw)).toEqual(spends(versions[0]!.raw));
      const live = [];
      for (const id of await room.mempool())
        if (carries(await room.node.rpc<string>('getrawtransaction', id), root)) live.push(id);
      expect(live).toEqual([versions[1]!.id]);
      await room.clean();
      await room.expectTrue(root, await room.until(root, now!, 'confirmed'));
      expect(deadAt).toBeLessThan(40);
    }
  });

  it('raises the fee while unconfirmed, within the cap and a number of steps, and finds an earlier version that confirms', async () => {
    const root = newRoot();
    const settings = { targetBlocks: 1, maxFeeSats: 700 };
    let now = await room.sent(root);
    for (let i = 0; i < 14; i++) {
      await room.mineOnly();
      now = await room.step(root, now, settings);
      if (now.retryAfterSeconds === 0) now = await room.step(root, now, settings);
    }
    const versions = transactions(now);
    const fees = versions.map(({ cost }) => Number(cost));
    expect(versions.length).toBeGreaterThan(2);
    expect(versions.length).toBeLessThanOrEqual(MAX_VERSIONS);
    expect(versions.every(({ accepted }) => accepted)).toBe(true);
    expect(Math.max(...fees)).toBeLessThanOrEqual(700);
    expect(fees).toEqual([...new Set(fees)].sort((a, b) => a - b));
    expect(now.detail).toContain('its fee is not raised: BITCOIN_MAX_FEE_SATS (700)');
    expect(await room.mempool()).toEqual([versions.at(-1)!.id]);
    expect(now.spent).toEqual({ amount: String(fees.at(-1)), unit: 'sats' });

    // A miner who has not heard of the newer ones.
    await room.mineOnly(versions[1]!.raw);
    const confirmed = await room.until(root, now, 'confirmed', settings);
    expect(progressOf(confirmed).block?.transaction).toBe(versions[1]!.id);
    expect(confirmed.spent).toEqual({ amount: String(fees[1]), unit: 'sats' });
    await room.expectTrue(root, confirmed);

    // A reorganisation, and the other chain has yet another version.
    const height = await room.node.height();
    await room.node.invalidateFrom(height);
    await room.mineOnly(versions[0]!.raw);
    await room.mineOnly();
    const other = await room.until(root, confirmed, 'confirmed', settings);
    expect(progressOf(other).block?.transaction).toBe(versions[0]!.id);
    await room.expectTrue(root, other);
    await room.node.mine(4);
    expect((await room.step(root, other, settings)).state).toBe('final');
  });
});
