import { describe, expect, it } from 'vitest';
import type { Submission } from '../anchor.js';
import { checkpointOf } from '../testing/checkpoint.js';
import { createEvmAnchor } from './evm.js';
import {
  createLock,
  newRoot,
  passBlocks,
  waitingFor,
  waitingIn,
  transactions,
  methodOf,
  hostOf,
  useEvmNode,
} from './testing/evm-anchoring.js';

describe('the numbers of the EVM anchor', () => {
  const room = useEvmNode();

  it('signs for the next checkpoint only when nothing that it signed before waits any more', async () => {
    const anchor = createEvmAnchor({ ...room.settings, exclusively: createLock() });
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
    await room.node.mine();
    second = await go(next, await go(next, second));
    expect(second.state).toBe('pending');
    await room.finish(root, await go(root, first));
    await room.finish(next, await go(next, second));
  });

  it('takes another nonce once somebody else has used its own, and only when that is final', async () => {
    const root = newRoot();
    const signed = await room.step(root, null);
    const { nonce } = transactions(signed)[0]!;
    const { address } = room.node.accounts[0]!;
    await room.node.rpc('eth_sendTransaction', { from: address, to: address, value: '0x1' });
    let now = await room.step(root, signed);
    expect(now.detail).toContain(`number ${nonce} of account ${address.toLowerCase()} is taken by another transaction`);
    expect(await waitingFor(room.node, root)).toEqual([]);
    await room.node.mine();
    for (let i = 0; i < 2; i++) {
      now = await room.step(root, now);
      expect(now.detail).toContain(
        `number ${nonce} of account ${address.toLowerCase()} was used by another transaction`,
      );
      expect(transactions(now)).toHaveLength(1);
      await room.node.mine();
    }
    for (let i = 0; i < 3; i++) now = await room.step(root, now);
    expect(now.state).toBe('pending');
    expect(transactions(now).map((one) => [one.round, one.nonce])).toEqual([
      [0, nonce],
      [1, nonce + 1],
    ]);
    await room.node.mine();
    await room.finish(root, await room.step(root, now));
  });

  it('waits while a number before its own is missing, and says so', async () => {
    const root = newRoot();
    const { address } = room.node.accounts[0]!;
    await room.node.rpc<string>('eth_sendTransaction', { from: address, to: address, value: '0x1' });
    await room.node.mine();
    const pending = await room.sent(root);
    await room.node.reorg(1);
    // anvil does not look again at what waits; sent once more, it does.
    await room.node.rpc('anvil_dropTransaction', transactions(pending)[0]!.id);
    const gap = await room.step(root, pending);
    expect(gap.detail).toMatch(/it waits for number \d+ of account 0x[0-9a-f]{40}, which the node does not have/);
    await room.node.rpc('eth_sendTransaction', {
      from: address,
      to: address,
      value: '0x1',
      nonce: `0x${(transactions(pending)[0]!.nonce - 1).toString(16)}`,
    });
    await room.node.mine();
    const now = await room.step(root, gap);
    await room.node.mine();
    await room.finish(root, await room.step(root, now));
  });

  it('makes no second transaction because a node denies the first one', async () => {
    const root = newRoot();
    const pending = await room.sent(root);
    await room.node.mine(6);
    room.proxy.alter = ({ method }, answer) =>
      /^eth_getTransaction(Receipt|ByHash)$/.test(method) ? { result: null } : answer;
    const both = await room.step(root, pending, { rpcUrls: [room.proxy.url, room.node.rpcUrl] });
    expect(both.state).toBe('final');
    expect(both.detail).toMatch(
      new RegExp(
        `RPC ${hostOf(room.proxy.url)} does not know transaction 0x.*, which RPC ${hostOf(room.node.rpcUrl)} has in a block`,
      ),
    );
    let alone = await room.step(root, pending, { rpcUrls: [room.proxy.url] });
    for (let i = 0; i < 5; i++) {
      await room.node.mine();
      alone = await room.step(root, alone, { rpcUrls: [room.proxy.url] });
    }
    expect(transactions(alone)).toHaveLength(1);
    expect(alone.detail).toMatch(
      /says that transaction 0x[0-9a-f]{64} is in no block, and shows a block that holds it/,
    );
    await room.expectTrue(root, both);
    await room.expectTrue(root, await room.step(root, alone));
  });

  it('believes “already known” only until it sees that the node has forgotten the transaction', async () => {
    const root = newRoot();
    const knowing: typeof fetch = async (url, init) =>
      methodOf(init) === 'eth_sendRawTransaction'
        ? Response.json({ error: { code: -32000, message: 'already known' } })
        : room.settings.fetch(url, init);
    const claimed = await room.step(root, await room.step(root, null), { fetch: knowing });
    expect(claimed.state).toBe('pending');
    expect(await waitingFor(room.node, root)).toEqual([]);
    const pending = await room.step(root, claimed);
    expect(await waitingFor(room.node, root)).toEqual([transactions(pending)[0]!.id]);
    await room.node.mine();
    await room.finish(root, await room.step(root, pending));
  });

  it('signs nothing with a number that can never be its turn', async () => {
    const { address } = room.node.accounts[0]!;
    const count = Number(await room.node.rpc('eth_getTransactionCount', address, 'latest'));
    const lieTo = (tag: string | null, wrong: number, isMute: boolean) => {
      room.proxy.alter = ({ method, params }, answer) => {
        if (method === 'eth_getProof' && isMute) return { error: { code: -32601, message: 'method not found' } };
        const isMeant = method === 'eth_getTransactionCount' && (tag === null || params[1] === tag);
        return isMeant ? { result: `0x${wrong.toString(16)}` } : answer;
      };
    };
    const alone = { rpcUrls: [room.proxy.url] };
    const both = { rpcUrls: [room.proxy.url, room.node.rpcUrl] };
    const root = newRoot();
    let now: Submission | null = null;
    for (const wrong of [count + 1, count + 1000]) {
      lieTo('pending', wrong, false);
      now = await room.step(root, now, alone);
      expect(now.detail).toMatch(
        new RegExp(
          `${wrong - count} transactions? of account 0x[0-9a-f]{40} waits? in the node, the next one is made after`,
        ),
      );
      lieTo(null, wrong, false);
      now = await room.step(root, now, alone);
      expect(now.detail).toMatch(
        new RegExp(`counts ${wrong} transactions of account 0x[0-9a-f]{40}, block \\d+ proves ${count}, next try at`),
      );
      lieTo(null, wrong, true);
      now = await room.step(root, now, both);
      expect(now.detail).toMatch(
        new RegExp(`counts ${wrong} transactions of account 0x.*, RPC .* ${count}, next try at`),
      );
    }
    expect(transactions(now!)).toEqual([]);
    lieTo(null, 0, false);
    now = await room.step(root, now, both);
    expect(transactions(now)[0]?.nonce).toBe(count);
    room.proxy.alter = null;
    now = await room.step(root, now, both);
    await room.node.mine();
    await room.finish(root, await room.step(root, now, both));
  });

  it('goes on where nodes do not show what waits', async () => {
    const root = newRoot();
    const blind: typeof fetch = async (url, init) => {
      const response = await room.settings.fetch(url, init);
      if (methodOf(init) !== 'eth_getTransactionByHash') return response;
      const answer = (await response.json()) as { result: { blockNumber: string | null } | null };
      return Response.json(answer.result?.blockNumber == null ? { result: null } : answer);
    };
    let now = await room.sent(root, { fetch: blind });
    now = await room.step(root, now, { fetch: blind });
    expect(now.detail).not.toContain('taken by another');
    await passBlocks(room.node, 6);
    for (let i = 0; i < 3; i++) now = await room.step(root, now, { fetch: blind });
    expect(transactions(now)).toHaveLength(2);
    expect(await waitingFor(room.node, root)).toEqual([transactions(now)[1]!.id]);
    await room.node.mine();
    await room.finish(root, await room.step(root, now, { fetch: blind }));
  });

  it('gives different numbers to two checkpoints that are on their way at the same time', async () => {
    const exclusively = createLock();
    const roots = [newRoot(), newRoot(), newRoot()];
    const done = await Promise.all(
      roots.map(async (root) => {
        let now: Submission | null = null;
        for (let i = 0; i < 60 && now?.state !== 'final'; i++) {
          now = await room.step(root, now, { exclusively });
          if (now.state !== 'unsubmitted' && now.retryAfterSeconds > 0) await room.node.mine();
        }
        return now!;
      }),
    );
    for (const [i, submission] of done.entries()) {
      expect(submission.state).toBe('final');
      await room.expectTrue(roots[i]!, submission);
    }
  });

  it('does without the tag pending where a node refuses it, says so in the node’s words, and outbids nobody there', async () => {
    const root = newRoot();
    const words = '不支持 pending 标签\u0007';
    room.proxy.alter = ({ method, params }, answer) =>
      method === 'eth_getTransactionCount' && params[1] === 'pending'
        ? { error: { code: -32603, message: 'Internal error', data: words } }
        : answer;
    const given = { rpcUrls: [room.proxy.url] };
    const told =
      'does not say what waits (it refuses the tag pending: Internal error: 不支持 pending 标签), next try at';
    const signed = await room.step(root, null, given);
    expect(signed.detail).toContain(told);
    // Somebody else's transaction with the same number, which a still dearer one of ours would push out.
    const dear = { maxFeePerGas: '0x174876e800', maxPriorityFeePerGas: '0x174876e800' };
    const { address } = room.node.accounts[0]!;
    const other = await room.node.rpc<string>('eth_sendTransaction', { from: address, to: address, ...dear });
    let now = await room.step(root, signed, given);
    expect(now.detail).toContain(`${address.toLowerCase()} is taken by another transaction that waits`);
    expect(transactions(now)).toHaveLength(1);
    expect((await waitingIn(room.node)).map(({ hash }) => hash)).toEqual([other]);
    await room.node.rpc('anvil_dropTransaction', other);
    now = await room.step(root, now, given);
    expect(now.state).toBe('pending');
    now = await room.step(root, now, given);
    expect(now.detail).toContain(told);
    await room.node.mine();
    await room.finish(root, await room.step(root, now, given), given);
  });
});
