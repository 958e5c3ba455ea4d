import { describe, expect, it } from 'vitest';
import type { Submission } from '../anchor.js';
import { dyingFetch } from '../testing/dying-fetch.js';
import {
  createLock,
  newRoot,
  passBlocks,
  progressOf,
  waitingFor,
  transactions,
  hostOf,
  useEvmNode,
} from './testing/evm-anchoring.js';

describe('the EVM anchor through reorganisations and crashes', () => {
  const room = useEvmNode();

  it.each([1, 3, 7])(
    'goes back to pending when %i blocks are reorganised away, and is final again later',
    async (blocks) => {
      const root = newRoot();
      const pending = await room.sent(root);
      const { id: hash } = transactions(pending)[0]!;
      await room.node.mine(blocks);
      const before = await room.step(root, pending);
      expect(before.state).toBe(blocks >= 3 ? 'final' : 'confirmed');
      await room.expectTrue(root, before);
      const old = progressOf(before).block!;
      await room.node.reorg(blocks);
      expect((await room.node.block(old.number))?.hash).not.toBe(old.hash);
      const back = await room.step(root, before);
      expect(back.state).toBe('pending');
      expect(back.detail).toContain(`sent in transaction ${hash}`);
      await room.expectTrue(root, back);
      expect(await waitingFor(room.node, root)).toEqual([hash]);
      await room.node.mine();
      const confirmed = await room.step(root, back);
      expect(confirmed.state).toBe('confirmed');
      await room.expectTrue(root, confirmed);
      const final = await room.finish(root, confirmed);
      expect(progressOf(final).block?.hash).not.toBe(old.hash);
      expect(transactions(final)).toHaveLength(1);
    },
  );

  it('follows its transaction into the block that another chain has it in', async () => {
    const root = newRoot();
    const pending = await room.sent(root);
    await room.node.mine(2);
    const before = await room.step(root, pending);
    const old = progressOf(before).block!;
    await room.node.reorg(2, [transactions(pending)[0]!.raw]);
    const after = await room.step(root, before);
    expect(progressOf(after).block).toMatchObject({ number: old.number });
    expect(progressOf(after).block?.hash).not.toBe(old.hash);
    await room.expectTrue(root, after);
    await room.finish(root, after);
  });

  const STEPS = ['sign', 'send', 'raise', 'send again', 'confirm'] as const;

  /** One submission through all its steps, each tried by `attempt`; the versions must share their nonce, and one of them be mined. */
  async function goThrough(attempt: (root: Uint8Array, stored: Submission | null) => Promise<Submission>) {
    const root = newRoot();
    let stored: Submission | null = null;
    for (const name of STEPS) {
      if (name === 'raise') await passBlocks(room.node, 6);
      if (name === 'confirm') {
        expect(await waitingFor(room.node, root)).toEqual([transactions(stored!)[1]!.id]);
        await room.node.mine();
      }
      stored = await attempt(root, stored);
    }
    const versions = transactions(stored!);
    expect(versions.map(({ nonce }) => nonce)).toEqual([versions[0]!.nonce, versions[0]!.nonce]);
    const final = await room.finish(root, stored!);
    expect(progressOf(final).block?.transaction).toBe(versions[1]!.id);
  }

  it('has one nonce and one transaction when the process is killed at any call', async () => {
    for (let deadAt = 0, killed = -1; killed !== 0; deadAt++) {
      killed = 0;
      await goThrough(async (root, stored) => {
        const { fetch: dying, dead } = dyingFetch(deadAt, room.settings.fetch);
        // The lock of a process that dies is gone with it.
        const attempt = room.step(root, stored, { fetch: dying, exclusively: createLock() });
        const outcome = await Promise.race([attempt, dead]);
        if (outcome !== 'dead') return outcome;
        killed++;
        return room.step(root, stored);
      });
      expect(deadAt).toBeLessThan(40);
    }
  });

  it.each(['before', 'after'] as const)(
    'has one nonce and one transaction when the connection breaks at any call, just %s the node does it',
    async (when) => {
      for (let at = 1, broken = -1; broken !== 0; at++) {
        broken = 0;
        await goThrough(async (root, stored) => {
          Object.assign(room.proxy, { calls: 0, cut: { at, when } });
          let now = await room.step(root, stored, { rpcUrls: [room.proxy.url] });
          if (room.proxy.calls >= at) {
            broken++;
            // A block that is shown is shown, also where the call broke that asks how final it is.
            if (!now.detail.startsWith('confirmed'))
              expect(now.detail).toMatch(
                new RegExp(`RPC ${hostOf(room.proxy.url)}(?: is not reachable|: expected an answer)`),
              );
            expect(now.detail).not.toContain('is not shown any more');
            room.proxy.cut = null;
            now = await room.step(root, now, { rpcUrls: [room.proxy.url] });
          }
          return now;
        });
        expect(at).toBeLessThan(40);
      }
    },
  );
});
