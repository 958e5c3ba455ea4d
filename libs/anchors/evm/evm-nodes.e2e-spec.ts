import { createHash } from 'node:crypto';
import { bytesToHex } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { type EvmSettings } from './evm.js';
import {
  newRoot,
  verified,
  waitingFor,
  waitingIn,
  transactions,
  hostOf,
  useEvmNode,
  ROOM_CHAIN,
} from './testing/evm-anchoring.js';
import { startEvmNode } from './testing/evm-node.js';
import type { RpcAnswer, RpcCall, RpcProxy } from './testing/rpc-proxy.js';

/** Nobody listens there. */
const DEAD = 'http://127.0.0.1:9';

const digestOf = (hash: string) => `0x${createHash('sha256').update(hash).digest('hex')}`;

describe('the EVM anchor and what its nodes say', () => {
  const room = useEvmNode();

  it('keeps what it had while the node is away or hangs, and sends again what the node has forgotten', async () => {
    const root = newRoot();
    const away = await room.step(root, null, { rpcUrls: [DEAD] });
    expect(away.detail).toMatch(/^not submitted yet, RPC 127\.0\.0\.1:9 is not reachable, next try at .*Z$/);
    const signed = await room.step(root, away);
    const unsent = await room.step(root, signed, { rpcUrls: [DEAD] });
    expect([unsent.state, unsent.progress]).toEqual(['unsubmitted', signed.progress]);
    const pending = await room.step(root, unsent);
    process.kill(room.node.pid, 'SIGSTOP');
    const hanging = await room
      .step(root, pending, { timeoutMs: 300 })
      .finally(() => process.kill(room.node.pid, 'SIGCONT'));
    expect([hanging.state, hanging.progress]).toEqual(['pending', pending.progress]);

    await room.node.shutDown();
    const down = await room.step(root, hanging);
    expect([down.state, down.progress]).toEqual(['pending', pending.progress]);
    expect(down.detail).toMatch(/RPC 127\.0\.0\.1:\d+ is not reachable, next try at .*Z$/);
    await room.node.start();
    expect(await waitingIn(room.node)).toEqual([]);
    const again = await room.step(root, down);
    expect(again.state).toBe('pending');
    expect(await waitingFor(room.node, root)).toEqual([transactions(pending)[0]!.id]);
    await room.node.mine();
    const confirmed = await room.step(root, again);
    await room.expectTrue(root, confirmed);
    const gone = await room.step(root, confirmed, { rpcUrls: [DEAD] });
    expect([gone.state, gone.attestation, gone.progress]).toEqual([
      'confirmed',
      confirmed.attestation,
      confirmed.progress,
    ]);
    await room.finish(root, gone);
  });

  it('goes on with the next room.node, and names the one that is away, on another chain, behind or syncing', async () => {
    const other = await startEvmNode({ noMining: true, chainId: 999 });
    try {
      const heads = async ({ method, params }: RpcCall, answer: RpcAnswer): Promise<RpcAnswer> =>
        method === 'eth_getBlockByNumber' && params[0] === 'latest' ? { result: await room.node.block(0) } : answer;
      const syncing = ({ method }: RpcCall, answer: RpcAnswer): RpcAnswer =>
        method === 'eth_syncing' ? { result: { currentBlock: '0x1' } } : answer;
      const tagless = ({ method, params }: RpcCall, answer: RpcAnswer): RpcAnswer =>
        method === 'eth_getBlockByNumber' && params[0] === 'finalized'
          ? { error: { code: -32000, message: 'finalized block not found' } }
          : answer;
      await room.node.rpc('evm_increaseTime', 600);
      await room.node.mine(6);
      const faults: [string, RpcProxy['alter'], string, Partial<EvmSettings>][] = [
        [DEAD, null, 'is not reachable', {}],
        [other.rpcUrl, null, 'is on the wrong chain: expected chain id 31337, got 999', {}],
        [room.proxy.url, heads, 'is behind, at block 0 where another one has block ', {}],
        [room.proxy.url, syncing, 'is still syncing, at block ', {}],
        [
          room.proxy.url,
          tagless,
          'does not serve the tag finalized (finalized block not found)',
          { finality: 'finalized' },
        ],
      ];
      for (const [url, alter, problem, changed] of faults) {
        room.proxy.alter = alter;
        const given = { rpcUrls: [url, room.node.rpcUrl], ...changed };
        const root = newRoot();
        const pending = await room.sent(root, given);
        expect(pending.state).toBe('pending');
        expect(pending.detail).toContain(`RPC ${hostOf(url)} ${problem}`);
        await room.node.mine();
        const confirmed = await room.step(root, pending, given);
        expect(confirmed.state).toBe('confirmed');
        expect(confirmed.detail).toContain(`RPC ${hostOf(url)} ${problem}`);
        await room.expectTrue(root, confirmed);
        if (alter === heads) continue;
        const alone = await room.step(root, confirmed, { ...given, rpcUrls: [url] });
        expect([alone.state, alone.attestation]).toEqual(['confirmed', confirmed.attestation]);
      }
    } finally {
      await other.stop();
    }
  });

  /** A node's lies about what it has: the answers of one method with something changed. */
  const lies: [string, string, (result: Record<string, unknown>) => unknown][] = [
    [
      'the hash of the block in a receipt',
      'eth_getTransactionReceipt',
      (r) => ({ ...r, blockHash: `0x${'aa'.repeat(32)}` }),
    ],
    ['the height in a receipt', 'eth_getTransactionReceipt', (r) => ({ ...r, blockNumber: '0x1' })],
    ['whose receipt it is', 'eth_getTransactionReceipt', (r) => ({ ...r, transactionHash: `0x${'aa'.repeat(32)}` })],
    ['what was paid', 'eth_getTransactionReceipt', (r) => ({ ...r, gasUsed: '0xffffffff' })],
    ['the form of a receipt', 'eth_getTransactionReceipt', () => 'yes'],
    ['the time of the block', 'eth_getBlockByNumber', (r) => ({ ...r, timestamp: '0x6ab13c01' })],
    ['the hash of the block', 'eth_getBlockByNumber', (r) => ({ ...r, hash: `0x${'bb'.repeat(32)}` })],
    [
      'the root of the transactions',
      'eth_getBlockByNumber',
      (r) => ({ ...r, transactionsRoot: `0x${'bb'.repeat(32)}` }),
    ],
    ['the transactions', 'eth_getBlockByNumber', (r) => ({ ...r, transactions: [] })],
    [
      'the order of the transactions',
      'eth_getBlockByNumber',
      (r) => ({ ...r, transactions: (r['transactions'] as object[]).toReversed() }),
    ],
    ['that there is such a block', 'eth_getBlockByNumber', () => null],
  ];

  it.each(lies)(
    'does not believe a node that lies about %s, names it, and believes the next one',
    async (_, method, lie) => {
      const root = newRoot();
      await room.node.rpc('eth_sendTransaction', {
        from: room.node.accounts[2]!.address,
        to: room.node.accounts[2]!.address,
      });
      const pending = await room.sent(root);
      await room.node.mine();
      const height = `0x${(await room.node.height()).toString(16)}`;
      room.proxy.alter = (call, answer) =>
        call.method === method &&
        answer.result != null &&
        (method !== 'eth_getBlockByNumber' || call.params[0] === height)
          ? { result: lie(answer.result as Record<string, unknown>) }
          : answer;
      const deceived = await room.step(root, pending, { rpcUrls: [room.proxy.url] });
      expect([deceived.state, deceived.attestation]).toEqual(['pending', null]);
      expect(deceived.detail).toMatch(
        new RegExp(`RPC ${hostOf(room.proxy.url)} (gives|says|has|does not) .*, next try at `),
      );
      expect(transactions(deceived)).toEqual(transactions(pending));
      const both = await room.step(root, deceived, { rpcUrls: [room.proxy.url, room.node.rpcUrl] });
      expect(both.state).toBe('confirmed');
      expect(both.detail).toMatch(new RegExp(`RPC ${hostOf(room.proxy.url)} (gives|says|has|does not) `));
      await room.expectTrue(root, both);
      const kept = await room.step(root, both, { rpcUrls: [room.proxy.url] });
      await room.expectTrue(root, kept);
      room.proxy.alter = null;
      await room.finish(root, kept);
    },
  );

  it.each<[string, RegExp, (block: Record<string, unknown>) => object]>([
    [
      'computes the hashes of its blocks in another way',
      /expected the hash [0-9a-f]{64} that the block names, got [0-9a-f]{64}: .* does not hash headers as Ethereum does/,
      (block) => ({ ...block, hash: digestOf(block['hash'] as string) }),
    ],
    [
      'has headers without the fields that Ethereum has',
      /at mixHash: expected bytes in 0x hex, got null/,
      (block) => ({ ...block, mixHash: null }),
    ],
    [
      'has fields in its headers that nobody here knows',
      /or has fields in them that are not known here/,
      (block) => ({ ...block, hash: digestOf(block['hash'] as string), newField: '0x1' }),
    ],
  ])('names a chain that %s, before anything is signed', async (_, reason, change) => {
    const root = newRoot();
    room.proxy.alter = ({ method }, answer) =>
      method === 'eth_getBlockByNumber' && answer.result !== null
        ? { result: change(answer.result as Record<string, unknown>) }
        : answer;
    const genesis = (change({ hash: room.settings.genesis }) as { hash: string }).hash;
    const odd = { rpcUrls: [room.proxy.url], genesis };
    let now = await room.step(root, null, odd);
    now = await room.step(root, now, odd);
    expect(now).toMatchObject({ state: 'unsubmitted', retryAfterSeconds: 1, spent: { amount: '0', unit: 'wei' } });
    expect(now.detail).toContain(
      `RPC ${hostOf(room.proxy.url)} shows a block that no attestation can be made of, so nothing is sent (`,
    );
    expect(now.detail).toMatch(reason);
    expect(transactions(now)).toEqual([]);
  });

  it('asks for the bytes of a transaction that it cannot write out, and believes only the right ones', async () => {
    const root = newRoot();
    await room.node.rpc('eth_sendTransaction', {
      from: room.node.accounts[2]!.address,
      to: room.node.accounts[2]!.address,
    });
    const pending = await room.sent(root);
    await room.node.mine();
    const height = `0x${(await room.node.height()).toString(16)}`;
    let raw: unknown = '0x01';
    room.proxy.alter = ({ method, params }, answer) => {
      if (method === 'eth_getRawTransactionByHash' && raw !== undefined) return { result: raw };
      if (method !== 'eth_getBlockByNumber' || params[0] !== height || params[1] !== true) return answer;
      const block = answer.result as { transactions: object[] };
      return { result: { ...block, transactions: block.transactions.map((one) => ({ ...one, input: '0x00' })) } };
    };
    let now = await room.step(root, pending, { rpcUrls: [room.proxy.url] });
    expect(now.detail).toContain(`RPC ${hostOf(room.proxy.url)} gives other bytes than those of transaction 0x`);
    raw = null;
    now = await room.step(root, now, { rpcUrls: [room.proxy.url] });
    expect(now).toMatchObject({ state: 'pending', attestation: null });
    raw = undefined;
    now = await room.step(root, now, { rpcUrls: [room.proxy.url] });
    expect(now.state).toBe('confirmed');
    await room.finish(root, now);
  });

  it('believes in finality only when all nodes do, and names those that differ', async () => {
    room.proxy.alter = async ({ method, params }, answer) =>
      method === 'eth_getBlockByNumber' && params[0] === 'finalized'
        ? { result: await room.node.block('latest') }
        : answer;
    for (const rpcUrls of [
      [room.proxy.url, room.node.rpcUrl],
      [room.node.rpcUrl, room.proxy.url],
    ]) {
      const given = { rpcUrls, finality: 'finalized' } as const;
      const root = newRoot();
      const pending = await room.sent(root, given);
      await room.node.mine();
      let now = await room.step(root, pending, given);
      expect(now.state).toBe('confirmed');
      expect(now.detail).toMatch(
        new RegExp(
          `RPC ${hostOf(room.proxy.url)} calls it final, RPC ${hostOf(room.node.rpcUrl)} only blocks up to \\d+, next try`,
        ),
      );
      await room.node.mine(70);
      now = await room.step(root, now, given);
      expect(now.state).toBe('final');
      expect(now.detail).not.toContain('calls it final');
      const { number, blockHash } = verified(root, now);
      expect((await room.node.block(number))?.hash).toBe(`0x${bytesToHex(blockHash)}`);
    }
  });

  it('does not believe a node that shows another block as the final one than that block is', async () => {
    const root = newRoot();
    const given = { rpcUrls: [room.proxy.url], finality: 'finalized' } as const;
    const pending = await room.sent(root, given);
    await room.node.mine();
    const number = `0x${(await room.node.height()).toString(16)}`;
    room.proxy.alter = ({ method, params }, answer) =>
      method === 'eth_getBlockByNumber' && params[0] === 'finalized'
        ? { result: { ...(answer.result as object), number } }
        : answer;
    const doubted = await room.step(root, pending, given);
    expect(doubted).toMatchObject({ state: 'pending', attestation: null });
    expect(doubted.detail).toContain(`RPC ${hostOf(room.proxy.url)} shows a block that no attestation can be made of`);
    room.proxy.alter = null;
    await room.finish(root, await room.step(root, doubted));
  });

  it.each([
    ['all that comes of it', /^eth_getTransaction(Receipt|ByHash|Count)$/],
    ['only the receipt', /^eth_getTransactionReceipt$/],
  ])('confirms what one node has in a block though the first denies %s', async (_, denied) => {
    const root = newRoot();
    const given = { rpcUrls: [room.proxy.url, room.node.rpcUrl] };
    const pending = await room.sent(root, given);
    const unmined = await room.node.rpc('eth_getTransactionCount', room.node.accounts[0]!.address, 'latest');
    await room.node.mine();
    room.proxy.alter = ({ method }, answer) => {
      if (!denied.test(method)) return answer;
      return { result: method === 'eth_getTransactionCount' ? unmined : null };
    };
    const confirmed = await room.step(root, pending, given);
    expect(confirmed.state).toBe('confirmed');
    expect(confirmed.detail).toMatch(/does not know transaction 0x[0-9a-f]{64}, which RPC .* has in a block/);
    expect(transactions(confirmed)).toHaveLength(1);
    await room.finish(root, confirmed, given);
  });

  it('sends again what the first node has forgotten though the second one makes up a receipt', async () => {
    const root = newRoot();
    const given = { rpcUrls: [room.node.rpcUrl, room.proxy.url] };
    const pending = await room.sent(root, given);
    const { id: hash } = transactions(pending)[0]!;
    await room.node.rpc('anvil_dropTransaction', hash);
    const receipt = {
      transactionHash: hash,
      blockHash: (await room.node.block('latest'))!.hash,
      blockNumber: (await room.node.block('latest'))!.number,
      status: '0x1',
      gasUsed: '0x5208',
    };
    room.proxy.alter = ({ method }, answer) => (method === 'eth_getTransactionReceipt' ? { result: receipt } : answer);
    const again = await room.step(root, pending, given);
    expect(again).toMatchObject({ state: 'pending', attestation: null });
    expect(again.detail).toMatch(
      new RegExp(
        `RPC ${hostOf(room.proxy.url)} says that transaction ${hash} is in block \\d+, which does not hold it`,
      ),
    );
    expect(await waitingFor(room.node, root)).toEqual([hash]);
    await room.node.mine();
    await room.finish(root, await room.step(root, again, given), given);
  });

  it('confirms nothing while two nodes disagree about the block, and names both', async () => {
    const other = await startEvmNode(ROOM_CHAIN);
    try {
      expect((await other.block(0))!.hash).toBe(room.settings.genesis);
      await other.mine(400);
      const both = { rpcUrls: [room.node.rpcUrl, other.rpcUrl] };
      // The other one is far ahead, and was never told of the transaction.
      const root = newRoot();
      const pending = await room.sent(root, { rpcUrls: [room.node.rpcUrl] });
      await room.node.mine();
      const height = await room.node.height();
      const doubted = await room.step(root, pending, both);
      expect(doubted).toMatchObject({ state: 'pending', attestation: null });
      expect(doubted.detail).toContain(`disagree about block ${height} (0x`);
      for (const url of both.rpcUrls) expect(doubted.detail).toContain(`RPC ${hostOf(url)}`);
      const confirmed = await room.step(root, doubted);
      expect(confirmed.state).toBe('confirmed');
      const shaken = await room.step(root, confirmed, both);
      expect(shaken).toMatchObject({ state: 'pending', attestation: null });
      expect(transactions(shaken)).toHaveLength(1);
      await room.finish(root, shaken);
    } finally {
      await other.stop();
    }
  });
});
