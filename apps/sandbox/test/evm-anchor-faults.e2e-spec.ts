import { createHash } from 'node:crypto';
import { bytesToHex } from '@noble/hashes/utils.js';
import { parseTransaction } from 'viem';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Submission } from '#anchors/anchor.js';
import type { EvmSettings } from '#anchors/evm/evm.js';
import { type EvmNode, startEvmNode } from '../evm-node.js';
import { type RpcAnswer, type RpcCall, type RpcProxy, startRpcProxy } from '../testing/rpc-proxy.js';
import {
  createLock,
  createStepper,
  minedFor,
  newRoot,
  passBlocks,
  progressOf,
  settingsFor,
  verified,
  waitingFor,
  waitingIn,
} from '../testing/evm-anchoring.js';

/** Nobody listens there. */
const DEAD = 'http://127.0.0.1:9';

/** What every chain of this file is made of, so that two of them have the same first block. */
const CHAIN = { noMining: true, genesisTimestamp: 1_790_000_000 };

describe('the EVM anchor when things go wrong', () => {
  let node: EvmNode;
  let proxy: RpcProxy;
  let settings: EvmSettings;
  const { step, sent } = createStepper(() => settings);
  const transactions = (submission: Submission) => progressOf(submission).transactions;
  const methodOf = (init: RequestInit | undefined) => (JSON.parse(init!.body as string) as { method: string }).method;
  const digestOf = (hash: string) => `0x${createHash('sha256').update(hash).digest('hex')}`;
  const hostOf = (url: string) => new URL(url).host;

  beforeAll(async () => {
    node = await startEvmNode(CHAIN);
    settings = await settingsFor(node);
    proxy = await startRpcProxy(node.rpcUrl);
    await node.mine(3);
  });
  afterEach(async () => {
    Object.assign(proxy, { calls: 0, alter: null, cut: null });
    await node.mine();
    expect(await waitingIn(node)).toEqual([]);
  });
  afterAll(async () => {
    await proxy?.stop();
    await node?.stop();
  });

  /** No attestation about a block that the chain has not, none that does not verify by itself, and one transaction at the most. */
  const expectTrue = async (root: Uint8Array, submission: Submission) => {
    expect(submission.attestation === null).toBe(submission.state === 'pending' || submission.state === 'unsubmitted');
    expect((await minedFor(node, root)).length + (await waitingFor(node, root)).length).toBeLessThanOrEqual(1);
    if (submission.attestation === null) return;
    const shown = verified(root, submission);
    expect(`0x${bytesToHex(shown.blockHash)}`).toBe((await node.block(shown.number))?.hash);
    expect(await minedFor(node, root)).toEqual([`0x${bytesToHex(shown.transactionHash)}`]);
  };
  const finish = async (root: Uint8Array, before: Submission, changed: Partial<EvmSettings> = {}) => {
    await node.mine(3);
    const final = await step(root, before, changed);
    expect(final.state).toBe('final');
    await expectTrue(root, final);
    return final;
  };

  it.each([1, 3, 7])(
    'goes back to pending when %i blocks are reorganised away, and is final again later',
    async (blocks) => {
      const root = newRoot();
      const pending = await sent(root);
      const { hash } = transactions(pending)[0]!;
      await node.mine(blocks);
      const before = await step(root, pending);
      expect(before.state).toBe(blocks >= 3 ? 'final' : 'confirmed');
      await expectTrue(root, before);
      const old = progressOf(before).block!;
      await node.reorg(blocks);
      expect((await node.block(old.number))?.hash).not.toBe(old.hash);
      const back = await step(root, before);
      expect(back.state).toBe('pending');
      expect(back.detail).toContain(`sent in transaction ${hash}`);
      await expectTrue(root, back);
      expect(await waitingFor(node, root)).toEqual([hash]);
      await node.mine();
      const confirmed = await step(root, back);
      expect(confirmed.state).toBe('confirmed');
      await expectTrue(root, confirmed);
      const final = await finish(root, confirmed);
      expect(progressOf(final).block?.hash).not.toBe(old.hash);
      expect(transactions(final)).toHaveLength(1);
    },
  );

  it('follows its transaction into the block that another chain has it in', async () => {
    const root = newRoot();
    const pending = await sent(root);
    await node.mine(2);
    const before = await step(root, pending);
    const old = progressOf(before).block!;
    await node.reorg(2, [transactions(pending)[0]!.raw]);
    const after = await step(root, before);
    expect(progressOf(after).block).toMatchObject({ number: old.number });
    expect(progressOf(after).block?.hash).not.toBe(old.hash);
    await expectTrue(root, after);
    await finish(root, after);
  });

  it('keeps what it had while the node is away or hangs, and sends again what the node has forgotten', async () => {
    const root = newRoot();
    const away = await step(root, null, { rpcUrls: [DEAD] });
    expect(away.detail).toMatch(/^not submitted yet, RPC 127\.0\.0\.1:9 is not reachable, next try at .*Z$/);
    const signed = await step(root, away);
    const unsent = await step(root, signed, { rpcUrls: [DEAD] });
    expect([unsent.state, unsent.progress]).toEqual(['unsubmitted', signed.progress]);
    const pending = await step(root, unsent);
    process.kill(node.pid, 'SIGSTOP');
    const hanging = await step(root, pending, { timeoutMs: 300 }).finally(() => process.kill(node.pid, 'SIGCONT'));
    expect([hanging.state, hanging.progress]).toEqual(['pending', pending.progress]);

    await node.shutDown();
    const down = await step(root, hanging);
    expect([down.state, down.progress]).toEqual(['pending', pending.progress]);
    expect(down.detail).toMatch(/RPC 127\.0\.0\.1:\d+ is not reachable, next try at .*Z$/);
    await node.start();
    expect(await waitingIn(node)).toEqual([]);
    const again = await step(root, down);
    expect(again.state).toBe('pending');
    expect(await waitingFor(node, root)).toEqual([transactions(pending)[0]!.hash]);
    await node.mine();
    const confirmed = await step(root, again);
    await expectTrue(root, confirmed);
    const gone = await step(root, confirmed, { rpcUrls: [DEAD] });
    expect([gone.state, gone.attestation, gone.progress]).toEqual([
      'confirmed',
      confirmed.attestation,
      confirmed.progress,
    ]);
    await finish(root, gone);
  });

  it('goes on with the next node, and names the one that is away, on another chain, behind or syncing', async () => {
    const other = await startEvmNode({ noMining: true, chainId: 999 });
    try {
      const heads = async ({ method, params }: RpcCall, answer: RpcAnswer): Promise<RpcAnswer> =>
        method === 'eth_getBlockByNumber' && params[0] === 'latest' ? { result: await node.block(0) } : answer;
      const syncing = ({ method }: RpcCall, answer: RpcAnswer): RpcAnswer =>
        method === 'eth_syncing' ? { result: { currentBlock: '0x1' } } : answer;
      const tagless = ({ method, params }: RpcCall, answer: RpcAnswer): RpcAnswer =>
        method === 'eth_getBlockByNumber' && params[0] === 'safe'
          ? { error: { code: -32000, message: 'safe block not found' } }
          : answer;
      await node.rpc('evm_increaseTime', 600);
      await node.mine(6);
      const faults: [string, RpcProxy['alter'], string, Partial<EvmSettings>][] = [
        [DEAD, null, 'is not reachable', {}],
        [other.rpcUrl, null, 'is on the wrong chain: expected chain id 31337, got 999', {}],
        [proxy.url, heads, 'is behind, at block 0 where another one has block ', {}],
        [proxy.url, syncing, 'is still syncing, at block ', {}],
        [proxy.url, tagless, 'does not serve the tag safe (safe block not found)', { finality: 'safe' }],
      ];
      for (const [url, alter, problem, changed] of faults) {
        proxy.alter = alter;
        const given = { rpcUrls: [url, node.rpcUrl], ...changed };
        const root = newRoot();
        const pending = await sent(root, given);
        expect(pending.state).toBe('pending');
        expect(pending.detail).toContain(`RPC ${hostOf(url)} ${problem}`);
        await node.mine();
        const confirmed = await step(root, pending, given);
        expect(confirmed.state).toBe('confirmed');
        expect(confirmed.detail).toContain(`RPC ${hostOf(url)} ${problem}`);
        await expectTrue(root, confirmed);
        if (alter === heads) continue;
        const alone = await step(root, confirmed, { ...given, rpcUrls: [url] });
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
      await node.rpc('eth_sendTransaction', { from: node.accounts[2]!.address, to: node.accounts[2]!.address });
      const pending = await sent(root);
      await node.mine();
      const height = `0x${(await node.height()).toString(16)}`;
      proxy.alter = (call, answer) =>
        call.method === method &&
        answer.result != null &&
        (method !== 'eth_getBlockByNumber' || call.params[0] === height)
          ? { result: lie(answer.result as Record<string, unknown>) }
          : answer;
      const deceived = await step(root, pending, { rpcUrls: [proxy.url] });
      expect([deceived.state, deceived.attestation]).toEqual(['pending', null]);
      expect(deceived.detail).toMatch(
        new RegExp(`RPC ${hostOf(proxy.url)} (gives|says|has|does not) .*, next try at `),
      );
      expect(transactions(deceived)).toEqual(transactions(pending));
      const both = await step(root, deceived, { rpcUrls: [proxy.url, node.rpcUrl] });
      expect(both.state).toBe('confirmed');
      expect(both.detail).toMatch(new RegExp(`RPC ${hostOf(proxy.url)} (gives|says|has|does not) `));
      await expectTrue(root, both);
      const kept = await step(root, both, { rpcUrls: [proxy.url] });
      await expectTrue(root, kept);
      proxy.alter = null;
      await finish(root, kept);
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
    proxy.alter = ({ method }, answer) =>
      method === 'eth_getBlockByNumber' && answer.result !== null
        ? { result: change(answer.result as Record<string, unknown>) }
        : answer;
    const genesis = (change({ hash: settings.genesis }) as { hash: string }).hash;
    const odd = { rpcUrls: [proxy.url], genesis };
    let now = await step(root, null, odd);
    now = await step(root, now, odd);
    expect(now).toMatchObject({ state: 'unsubmitted', retryAfterSeconds: 1, spent: { amount: '0', unit: 'wei' } });
    expect(now.detail).toContain(
      `RPC ${hostOf(proxy.url)} shows a block that no attestation can be made of, so nothing is sent (`,
    );
    expect(now.detail).toMatch(reason);
    expect(transactions(now)).toEqual([]);
  });

  it('asks for the bytes of a transaction that it cannot write out, and believes only the right ones', async () => {
    const root = newRoot();
    await node.rpc('eth_sendTransaction', { from: node.accounts[2]!.address, to: node.accounts[2]!.address });
    const pending = await sent(root);
    await node.mine();
    const height = `0x${(await node.height()).toString(16)}`;
    let raw: unknown = '0x01';
    proxy.alter = ({ method, params }, answer) => {
      if (method === 'eth_getRawTransactionByHash' && raw !== undefined) return { result: raw };
      if (method !== 'eth_getBlockByNumber' || params[0] !== height || params[1] !== true) return answer;
      const block = answer.result as { transactions: object[] };
      return { result: { ...block, transactions: block.transactions.map((one) => ({ ...one, input: '0x00' })) } };
    };
    let now = await step(root, pending, { rpcUrls: [proxy.url] });
    expect(now.detail).toContain(`RPC ${hostOf(proxy.url)} gives other bytes than those of transaction 0x`);
    raw = null;
    now = await step(root, now, { rpcUrls: [proxy.url] });
    expect(now).toMatchObject({ state: 'pending', attestation: null });
    raw = undefined;
    now = await step(root, now, { rpcUrls: [proxy.url] });
    expect(now.state).toBe('confirmed');
    await finish(root, now);
  });

  it('believes in finality only when all nodes do, and names those that differ', async () => {
    proxy.alter = async ({ method, params }, answer) =>
      method === 'eth_getBlockByNumber' && params[0] === 'finalized' ? { result: await node.block('latest') } : answer;
    for (const rpcUrls of [
      [proxy.url, node.rpcUrl],
      [node.rpcUrl, proxy.url],
    ]) {
      const given = { rpcUrls, finality: 'finalized' } as const;
      const root = newRoot();
      const pending = await sent(root, given);
      await node.mine();
      let now = await step(root, pending, given);
      expect(now.state).toBe('confirmed');
      expect(now.detail).toMatch(
        new RegExp(
          `RPC ${hostOf(proxy.url)} calls it final, RPC ${hostOf(node.rpcUrl)} only blocks up to \\d+, next try`,
        ),
      );
      await node.mine(70);
      now = await step(root, now, given);
      expect(now.state).toBe('final');
      expect(now.detail).not.toContain('calls it final');
      const { number, blockHash } = verified(root, now);
      expect((await node.block(number))?.hash).toBe(`0x${bytesToHex(blockHash)}`);
    }
  });

  it('does not believe a node that shows another block as the final one than that block is', async () => {
    const root = newRoot();
    const given = { rpcUrls: [proxy.url], finality: 'finalized' } as const;
    const pending = await sent(root, given);
    await node.mine();
    const number = `0x${(await node.height()).toString(16)}`;
    proxy.alter = ({ method, params }, answer) =>
      method === 'eth_getBlockByNumber' && params[0] === 'finalized'
        ? { result: { ...(answer.result as object), number } }
        : answer;
    const doubted = await step(root, pending, given);
    expect(doubted).toMatchObject({ state: 'pending', attestation: null });
    expect(doubted.detail).toContain(`RPC ${hostOf(proxy.url)} shows a block that no attestation can be made of`);
    proxy.alter = null;
    await finish(root, await step(root, doubted));
  });

  it.each([
    ['all that comes of it', /^eth_getTransaction(Receipt|ByHash|Count)$/],
    ['only the receipt', /^eth_getTransactionReceipt$/],
  ])('confirms what one node has in a block though the first denies %s', async (_, denied) => {
    const root = newRoot();
    const given = { rpcUrls: [proxy.url, node.rpcUrl] };
    const pending = await sent(root, given);
    const unmined = await node.rpc('eth_getTransactionCount', node.accounts[0]!.address, 'latest');
    await node.mine();
    proxy.alter = ({ method }, answer) => {
      if (!denied.test(method)) return answer;
      return { result: method === 'eth_getTransactionCount' ? unmined : null };
    };
    const confirmed = await step(root, pending, given);
    expect(confirmed.state).toBe('confirmed');
    expect(confirmed.detail).toMatch(/does not know transaction 0x[0-9a-f]{64}, which RPC .* has in a block/);
    expect(transactions(confirmed)).toHaveLength(1);
    await finish(root, confirmed, given);
  });

  it('sends again what the first node has forgotten though the second one makes up a receipt', async () => {
    const root = newRoot();
    const given = { rpcUrls: [node.rpcUrl, proxy.url] };
    const pending = await sent(root, given);
    const { hash } = transactions(pending)[0]!;
    await node.rpc('anvil_dropTransaction', hash);
    const receipt = {
      transactionHash: hash,
      blockHash: (await node.block('latest'))!.hash,
      blockNumber: (await node.block('latest'))!.number,
      status: '0x1',
      gasUsed: '0x5208',
    };
    proxy.alter = ({ method }, answer) => (method === 'eth_getTransactionReceipt' ? { result: receipt } : answer);
    const again = await step(root, pending, given);
    expect(again).toMatchObject({ state: 'pending', attestation: null });
    expect(again.detail).toMatch(
      new RegExp(`RPC ${hostOf(proxy.url)} says that transaction ${hash} is in block \\d+, which does not hold it`),
    );
    expect(await waitingFor(node, root)).toEqual([hash]);
    await node.mine();
    await finish(root, await step(root, again, given), given);
  });

  it('makes no second transaction because a node denies the first one', async () => {
    const root = newRoot();
    const pending = await sent(root);
    await node.mine(6);
    proxy.alter = ({ method }, answer) =>
      /^eth_getTransaction(Receipt|ByHash)$/.test(method) ? { result: null } : answer;
    const both = await step(root, pending, { rpcUrls: [proxy.url, node.rpcUrl] });
    expect(both.state).toBe('final');
    expect(both.detail).toMatch(
      new RegExp(
        `RPC ${hostOf(proxy.url)} does not know transaction 0x.*, which RPC ${hostOf(node.rpcUrl)} has in a block`,
      ),
    );
    let alone = await step(root, pending, { rpcUrls: [proxy.url] });
    for (let i = 0; i < 5; i++) {
      await node.mine();
      alone = await step(root, alone, { rpcUrls: [proxy.url] });
    }
    expect(transactions(alone)).toHaveLength(1);
    expect(alone.detail).toMatch(
      /says that transaction 0x[0-9a-f]{64} is in no block, and shows a block that holds it/,
    );
    await expectTrue(root, both);
    await expectTrue(root, await step(root, alone));
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
    const signed = await step(root, null);
    const refusing: typeof fetch = async (url, init) =>
      methodOf(init) === 'eth_sendRawTransaction'
        ? Response.json({ error: { code: -32000, message } })
        : settings.fetch(url, init);
    let now = signed;
    for (let i = 0; i < 5; i++) {
      now = await step(root, now, { fetch: refusing });
      expect(now).toMatchObject({ state: 'unsubmitted', retryAfterSeconds: 1 });
      expect(now.detail).toMatch(detail);
      expect(transactions(now)).toHaveLength(1);
    }
    now = await step(root, now);
    expect(now.state).toBe('pending');
    await node.mine();
    await finish(root, await step(root, now));
  });

  it('raises a fee that the node calls too low a few times, and no more', async () => {
    const root = newRoot();
    let sends = 0;
    const refusing: typeof fetch = async (url, init) => {
      if (methodOf(init) !== 'eth_sendRawTransaction') return settings.fetch(url, init);
      sends++;
      return Response.json({ error: { code: -32000, message: 'replacement transaction underpriced' } });
    };
    let now = await step(root, null);
    let hasty = 0;
    for (let i = 0; i < 40; i++) {
      now = await step(root, now, { fetch: refusing });
      if (now.retryAfterSeconds === 0) hasty++;
    }
    expect(transactions(now)).toHaveLength(10);
    expect(hasty).toBe(9);
    expect(sends).toBeLessThanOrEqual(10 + 31 * 10);
    expect(now.detail).toContain(
      'the node refuses the transaction: replacement transaction underpriced; its fee is not raised: it was 9 times',
    );
    now = await step(root, now);
    expect(now.state).toBe('pending');
    await node.mine();
    await finish(root, await step(root, now));
  });

  it('believes “already known” only until it sees that the node has forgotten the transaction', async () => {
    const root = newRoot();
    const knowing: typeof fetch = async (url, init) =>
      methodOf(init) === 'eth_sendRawTransaction'
        ? Response.json({ error: { code: -32000, message: 'already known' } })
        : settings.fetch(url, init);
    const claimed = await step(root, await step(root, null), { fetch: knowing });
    expect(claimed.state).toBe('pending');
    expect(await waitingFor(node, root)).toEqual([]);
    const pending = await step(root, claimed);
    expect(await waitingFor(node, root)).toEqual([transactions(pending)[0]!.hash]);
    await node.mine();
    await finish(root, await step(root, pending));
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
      return settings.fetch(url, init);
    };
    let now = await step(root, null, { fetch: lying });
    for (let i = 0; i < 4; i++) {
      now = await step(root, now, { fetch: lying });
      expect(now.state).toBe('unsubmitted');
    }
    expect(now.detail).toMatch(
      /the node refuses the transaction: intrinsic gas too low.*; its fee is not raised: the node still reckons with 21375 gas/,
    );
    expect(transactions(now)).toHaveLength(1);
    isLying = false;
    now = await step(root, now, { fetch: lying });
    expect(now.retryAfterSeconds).toBe(0);
    now = await step(root, now, { fetch: lying });
    expect(now.state).toBe('pending');
    const [first, second, ...more] = transactions(now);
    expect([second?.nonce, more]).toEqual([first?.nonce, []]);
    await node.mine();
    await finish(root, await step(root, now));
  });

  it('replaces what a node takes and never mines because too little gas was estimated', async () => {
    const root = newRoot();
    proxy.alter = ({ method }, answer) => (method === 'eth_estimateGas' ? { result: '0x4a38' } : answer);
    const pending = await sent(root, { rpcUrls: [proxy.url] });
    expect(pending.state).toBe('pending');
    await passBlocks(node, 6);
    const raised = await step(root, pending);
    expect(raised.retryAfterSeconds).toBe(0);
    const again = await step(root, raised);
    const [first, second, ...more] = transactions(again);
    expect([second?.nonce, more]).toEqual([first?.nonce, []]);
    expect(await waitingFor(node, root)).toEqual([second!.hash]);
    await node.mine();
    await finish(root, await step(root, again));
  });

  it('signs nothing with a number that can never be its turn', async () => {
    const { address } = node.accounts[0]!;
    const count = Number(await node.rpc('eth_getTransactionCount', address, 'latest'));
    const lieTo = (tag: string | null, wrong: number, isMute: boolean) => {
      proxy.alter = ({ method, params }, answer) => {
        if (method === 'eth_getProof' && isMute) return { error: { code: -32601, message: 'method not found' } };
        const isMeant = method === 'eth_getTransactionCount' && (tag === null || params[1] === tag);
        return isMeant ? { result: `0x${wrong.toString(16)}` } : answer;
      };
    };
    const alone = { rpcUrls: [proxy.url] };
    const both = { rpcUrls: [proxy.url, node.rpcUrl] };
    const root = newRoot();
    let now: Submission | null = null;
    for (const wrong of [count + 1, count + 1000]) {
      lieTo('pending', wrong, false);
      now = await step(root, now, alone);
      expect(now.detail).toMatch(
        new RegExp(
          `${wrong - count} transactions? of account 0x[0-9a-f]{40} waits? in the node, the next one is made after`,
        ),
      );
      lieTo(null, wrong, false);
      now = await step(root, now, alone);
      expect(now.detail).toMatch(
        new RegExp(`counts ${wrong} transactions of account 0x[0-9a-f]{40}, block \\d+ proves ${count}, next try at`),
      );
      lieTo(null, wrong, true);
      now = await step(root, now, both);
      expect(now.detail).toMatch(
        new RegExp(`counts ${wrong} transactions of account 0x.*, RPC .* ${count}, next try at`),
      );
    }
    expect(transactions(now!)).toEqual([]);
    lieTo(null, 0, false);
    now = await step(root, now, both);
    expect(transactions(now)[0]?.nonce).toBe(count);
    proxy.alter = null;
    now = await step(root, now, both);
    await node.mine();
    await finish(root, await step(root, now, both));
  });

  it('goes on where nodes do not show what waits', async () => {
    const root = newRoot();
    const blind: typeof fetch = async (url, init) => {
      const response = await settings.fetch(url, init);
      if (methodOf(init) !== 'eth_getTransactionByHash') return response;
      const answer = (await response.json()) as { result: { blockNumber: string | null } | null };
      return Response.json(answer.result?.blockNumber == null ? { result: null } : answer);
    };
    let now = await sent(root, { fetch: blind });
    now = await step(root, now, { fetch: blind });
    expect(now.detail).not.toContain('taken by another');
    await passBlocks(node, 6);
    for (let i = 0; i < 3; i++) now = await step(root, now, { fetch: blind });
    expect(transactions(now)).toHaveLength(2);
    expect(await waitingFor(node, root)).toEqual([transactions(now)[1]!.hash]);
    await node.mine();
    await finish(root, await step(root, now, { fetch: blind }));
  });

  it('confirms nothing while two nodes disagree about the block, and names both', async () => {
    const other = await startEvmNode(CHAIN);
    try {
      expect((await other.block(0))!.hash).toBe(settings.genesis);
      await other.mine(400);
      const both = { rpcUrls: [node.rpcUrl, other.rpcUrl] };
      // The other one is far ahead, and was never told of the transaction.
      const root = newRoot();
      const pending = await sent(root, { rpcUrls: [node.rpcUrl] });
      await node.mine();
      const height = await node.height();
      const doubted = await step(root, pending, both);
      expect(doubted).toMatchObject({ state: 'pending', attestation: null });
      expect(doubted.detail).toContain(`disagree about block ${height} (0x`);
      for (const url of both.rpcUrls) expect(doubted.detail).toContain(`RPC ${hostOf(url)}`);
      const confirmed = await step(root, doubted);
      expect(confirmed.state).toBe('confirmed');
      const shaken = await step(root, confirmed, both);
      expect(shaken).toMatchObject({ state: 'pending', attestation: null });
      expect(transactions(shaken)).toHaveLength(1);
      await finish(root, shaken);
    } finally {
      await other.stop();
    }
  });

  /** A node that goes silent for good at the call with this number, before or after it has done it: the process dies there. */
  function dyingFetch(deadAt: number, when: 'before' | 'after') {
    let calls = 0;
    let died: () => void = () => undefined;
    const dead = new Promise<'dead'>((resolve) => (died = () => resolve('dead')));
    const dying = async (...args: Parameters<typeof fetch>) => {
      const mine = ++calls;
      if (mine > deadAt || (mine === deadAt && when === 'before')) {
        died();
        return new Promise<never>(() => undefined);
      }
      const response = await settings.fetch(...args);
      if (mine !== deadAt) return response;
      died();
      return new Promise<never>(() => undefined);
    };
    return { fetch: dying as typeof fetch, dead };
  }

  const STEPS = ['sign', 'send', 'raise', 'send again', 'confirm'] as const;

  /** One submission through all its steps, each tried by `attempt`; the versions must share their nonce, and one of them be mined. */
  async function goThrough(attempt: (root: Uint8Array, stored: Submission | null) => Promise<Submission>) {
    const root = newRoot();
    let stored: Submission | null = null;
    for (const name of STEPS) {
      if (name === 'raise') await passBlocks(node, 6);
      if (name === 'confirm') {
        expect(await waitingFor(node, root)).toEqual([transactions(stored!)[1]!.hash]);
        await node.mine();
      }
      stored = await attempt(root, stored);
    }
    const versions = transactions(stored!);
    expect(versions.map(({ nonce }) => nonce)).toEqual([versions[0]!.nonce, versions[0]!.nonce]);
    const final = await finish(root, stored!);
    expect(progressOf(final).block?.transaction).toBe(versions[1]!.hash);
  }

  it.each(['before', 'after'] as const)(
    'has one nonce and one transaction when killed at any call, just %s the node does it',
    async (when) => {
      for (let deadAt = 1, killed = -1; killed !== 0; deadAt++) {
        killed = 0;
        await goThrough(async (root, stored) => {
          const { fetch: dying, dead } = dyingFetch(deadAt, when);
          // The lock of a process that dies is gone with it.
          const outcome = await Promise.race([step(root, stored, { fetch: dying, exclusively: createLock() }), dead]);
          if (outcome !== 'dead') return outcome;
          killed++;
          return step(root, stored);
        });
        expect(deadAt).toBeLessThan(40);
      }
    },
  );

  it.each(['before', 'after'] as const)(
    'has one nonce and one transaction when the connection breaks at any call, just %s the node does it',
    async (when) => {
      for (let at = 1, broken = -1; broken !== 0; at++) {
        broken = 0;
        await goThrough(async (root, stored) => {
          Object.assign(proxy, { calls: 0, cut: { at, when } });
          let now = await step(root, stored, { rpcUrls: [proxy.url] });
          if (proxy.calls >= at) {
            broken++;
            expect(now.detail).toContain(`RPC ${hostOf(proxy.url)} is not reachable`);
            proxy.cut = null;
            now = await step(root, now, { rpcUrls: [proxy.url] });
          }
          return now;
        });
        expect(at).toBeLessThan(40);
      }
    },
  );

  it('gives different numbers to two checkpoints that are on their way at the same time', async () => {
    const exclusively = createLock();
    const roots = [newRoot(), newRoot(), newRoot()];
    const done = await Promise.all(
      roots.map(async (root) => {
        let now: Submission | null = null;
        for (let i = 0; i < 60 && now?.state !== 'final'; i++) {
          now = await step(root, now, { exclusively });
          if (now.state !== 'unsubmitted' && now.retryAfterSeconds > 0) await node.mine();
        }
        return now!;
      }),
    );
    for (const [i, submission] of done.entries()) {
      expect(submission.state).toBe('final');
      await expectTrue(roots[i]!, submission);
    }
  });
});
