import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Submission } from '#anchors/anchor.js';
import { type BitcoinSettings, createBitcoinAnchor } from '#anchors/bitcoin/bitcoin.js';
import { cookieFetch } from '#anchors/bitcoin/cookie-fetch.js';
import { MAX_VERSIONS } from '#anchors/bitcoin/fee.js';
import type { BitcoinProgress } from '#anchors/bitcoin/progress.js';
import { parseTransaction } from '#bitcoin/transaction.js';
import { parseTimestamp, serializeDetachedFile } from '#ots/codec.js';
import { startBitcoinNode, type BitcoinNode } from '../bitcoin-node.js';
import { hasPythonOpenTimestamps, verifyWithReference } from '../testing/python-opentimestamps.js';
import { checkpointOf } from '#anchors/testing/checkpoint.js';

const withReference = await hasPythonOpenTimestamps(process.env['CI'] !== undefined);
const WALLET = 'notary';
const newRoot = () => new Uint8Array(createHash('sha256').update(randomBytes(32)).digest());

describe('the Bitcoin anchor with a node of our own', () => {
  let node: BitcoinNode;
  let folder: string;
  let payee: string;
  beforeAll(async () => {
    node = await startBitcoinNode();
    folder = await mkdtemp(join(tmpdir(), 'sealroot-bitcoin-'));
    // Witness coins, as Bitcoin Core's wallets have them: witnesses count from block 432 on, coins from 100 blocks on.
    await wallet(WALLET, 'createwallet', WALLET);
    payee = await wallet<string>(WALLET, 'getnewaddress');
    await node.rpc('generatetoaddress', 330, payee);
    await node.mine(110);
  });
  afterEach(() => clean());
  afterAll(async () => {
    await node?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function wallet<T>(name: string, method: string, ...params: unknown[]): Promise<T> {
    const { origin, username, password } = new URL(node.rpcUrl);
    const response = await fetch(`${origin}/wallet/${name}`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ method, params, id: 1 }),
    });
    const { result, error } = (await response.json()) as { result: T; error: { message: string } | null };
    if (error) throw new Error(`${method}: ${error.message}`);
    return result;
  }

  const newAnchor = (settings: Partial<BitcoinSettings> = {}) =>
    createBitcoinAnchor({
      url: node.rpcUrl,
      wallet: WALLET,
      network: 'regtest',
      maxFeeSats: 20_000,
      targetBlocks: 6,
      finalBlocks: 6,
      pollSeconds: 1,
      timeoutMs: 5_000,
      fetch,
      now: () => new Date(),
      ...settings,
    });
  /** Every step starts from what a database would hold, in a new process as it were. */
  const again = (submission: Submission): Submission => ({
    ...(JSON.parse(JSON.stringify(submission)) as Submission),
    attestation: submission.attestation && Uint8Array.from(submission.attestation),
  });
  const step = async (root: Uint8Array, before: Submission | null, settings: Partial<BitcoinSettings> = {}) =>
    again(
      before === null || before.state === 'unsubmitted'
        ? await newAnchor(settings).submit(checkpointOf(root), before)
        : await newAnchor(settings).confirm(before),
    );
  const sent = async (root: Uint8Array) => {
    const signed = await step(root, null);
    expect(signed).toMatchObject({ state: 'unsubmitted', attestation: null, retryAfterSeconds: 0 });
    expect(signed.detail).toBe('transaction signed, not sent yet');
    const pending = await step(root, signed);
    expect(pending).toMatchObject({ state: 'pending', attestation: null });
    return pending;
  };
  /** The node's answers, with those to some methods changed. */
  const lying = (changes: Record<string, (answer: Record<string, unknown>) => void>): typeof fetch => {
    return async (input, init) => {
      const response = await fetch(input, init);
      const change = changes[(JSON.parse(init?.body as string) as { method: string }).method];
      if (change === undefined) return response;
      const answer = (await response.json()) as Record<string, unknown>;
      change(answer);
      return Response.json(answer);
    };
  };
  /** A node that answers these methods with an error, number and message, without doing anything. */
  const refusing = (errors: Record<string, readonly [number, string]>, next: typeof fetch = fetch): typeof fetch => {
    return async (input, init) => {
      const error = errors[(JSON.parse(init?.body as string) as { method: string }).method];
      if (error === undefined) return next(input, init);
      return Response.json({ result: null, error: { code: error[0], message: error[1] } }, { status: 500 });
    };
  };
  const transactions = (submission: Submission) => (submission.progress as BitcoinProgress).transactions;
  const mempool = () => node.rpc<string[]>('getrawmempool');
  const spends = (raw: string) =>
    parseTransaction(Buffer.from(raw, 'hex')).inputs.map(
      ({ previousTxid, previousIndex }) => `${Buffer.from(previousTxid).toString('hex')}:${previousIndex}`,
    );
  /** A block with exactly these transactions. */
  const mineOnly = (...raw: string[]) => node.rpc('generateblock', payee, raw);
  /** Whether the transaction carries the root. */
  const carries = (raw: string, root: Uint8Array) => raw.includes(`6a20${Buffer.from(root).toString('hex')}`);
  /** The wallet learns of blocks a moment after the node. */
  const until = async (
    root: Uint8Array,
    before: Submission,
    state: string,
    settings: Partial<BitcoinSettings> = {},
  ) => {
    let now = before;
    for (let i = 0; i < 50; i++) {
      now = await step(root, now, settings);
      if (now.state === state) return now;
      await sleep(100);
    }
    throw new Error(`expected ${state}, got ${now.state}: ${now.detail}`);
  };
  /** Confirms whatever a test left behind, so that tests do not share a memory pool. */
  const clean = async () => {
    while ((await mempool()).length > 0) await node.mine(1);
    await sleep(300);
  };
  const asReferenceSees = async (root: Uint8Array, { attestation }: Submission) => {
    const proof = join(folder, `${Buffer.from(root).toString('hex')}.ots`);
    const timestamp = parseTimestamp(attestation!, root, { canonical: true });
    await writeFile(proof, serializeDetachedFile({ hash: 'sha256', digest: root, timestamp }));
    const document = `sha256:${Buffer.from(root).toString('hex')}`;
    return (await verifyWithReference(node.rpcUrl, [{ document, proof }]))[0];
  };
  /** No attestation about a block that the chain has not. */
  const expectTrue = async (root: Uint8Array, submission: Submission) => {
    expect(submission.attestation === null).toBe(submission.state === 'pending' || submission.state === 'unsubmitted');
    const { block } = submission.progress as BitcoinProgress;
    if (block) expect(await node.rpc('getblockhash', block.height)).toBe(block.hash);
    if (submission.attestation && withReference)
      expect(await asReferenceSees(root, submission)).toMatchObject({ ok: true, height: block?.height });
  };

  it('goes from a root to a final attestation that the reference library accepts, in a block with other transactions', async () => {
    const root = newRoot();
    const pending = await sent(root);
    expect(pending.detail).toMatch(
      /^sent in transaction [0-9a-f]{64}, fee \d+ sat, waiting for Bitcoin regtest since .*Z$/,
    );
    const [transaction] = transactions(pending);
    expect(await mempool()).toContain(transaction!.txid);
    expect(Buffer.from(transaction!.raw, 'hex').subarray(4, 6).toString('hex')).toBe('0001'); // with witness
    for (let i = 0; i < 4; i++) await node.sendOpReturn(randomBytes(32));
    const height = (await node.height()) + 1;
    await node.mine(1);
    const confirmed = await until(root, pending, 'confirmed');
    expect(confirmed.detail).toContain(
      `confirmed (1 of 6 blocks) in Bitcoin regtest block ${height}, so no later than `,
    );
    await expectTrue(root, confirmed);
    await node.mine(4);
    expect((await step(root, confirmed)).state).toBe('confirmed');
    await node.mine(1);
    const final = await step(root, confirmed);
    expect(final).toMatchObject({ state: 'final' });
    await expectTrue(root, final);
  });

  it.each([1, 3, 7])(
    'goes back to pending when %i blocks are reorganised away, and is final again later',
    async (blocks) => {
      const root = newRoot();
      const pending = await sent(root);
      const { txid } = transactions(pending)[0]!;
      const height = (await node.height()) + 1;
      await node.mine(blocks);
      const before = await until(root, pending, blocks > 5 ? 'final' : 'confirmed');
      await node.invalidateFrom(height);
      // Another chain grows past the old one without the transaction.
      for (let i = 0; i <= blocks; i++) await mineOnly();
      const back = await step(root, before);
      expect(back.state).toBe('pending');
      await expectTrue(root, back);
      expect(await mempool()).toContain(txid);
      // Its fee was high enough: the blocks since it was sent do not count.
      expect(transactions(back)).toHaveLength(1);
      await node.mine(1);
      const confirmed = await until(root, back, 'confirmed');
      await expectTrue(root, confirmed);
      await node.mine(5);
      const final = await step(root, confirmed);
      expect(final.state).toBe('final');
      await expectTrue(root, final);
      expect(transactions(final).map((one) => one.txid)).toContain(txid);
    },
  );

  it.each([1, 3, 7])(
    'has its transaction in the memory pool while %i blocks are invalid, and its old block when they count again',
    async (blocks) => {
      const root = newRoot();
      const pending = await sent(root);
      const height = (await node.height()) + 1;
      const [first] = await node.mine(blocks);
      const before = await until(root, pending, blocks > 5 ? 'final' : 'confirmed');
      await node.invalidateFrom(height);
      const back = await step(root, before);
      expect(back.state).toBe('pending');
      await expectTrue(root, back);
      expect(await mempool()).toEqual([transactions(pending)[0]!.txid]);
      expect(transactions(back)).toHaveLength(1);
      await node.rpc('reconsiderblock', first);
      const again = await until(root, back, before.state);
      expect(again.attestation).toEqual(before.attestation);
      await expectTrue(root, again);
    },
  );

  it('finds its first version again when a final block comes back while its replacement is under way', async () => {
    const root = newRoot();
    const settings = { targetBlocks: 1 };
    const pending = await sent(root);
    const height = (await node.height()) + 1;
    const [first] = await node.mine(7);
    const final = await until(root, pending, 'final');
    await node.invalidateFrom(height);
    const lost = await step(root, final);
    for (let i = 0; i < 3; i++) await mineOnly();
    const raised = await step(root, lost, settings);
    expect(transactions(raised)).toHaveLength(2);
    const [one, two] = transactions(raised);
    const replaced = await step(root, raised, settings);
    expect(replaced).toMatchObject({ state: 'pending', attestation: null, spent: { amount: String(two!.feeSats) } });
    expect(await mempool()).toEqual([two!.txid]);
    await node.rpc('reconsiderblock', first);
    const back = await until(root, replaced, 'final', settings);
    expect(back.attestation).toEqual(final.attestation);
    expect(back.spent).toEqual({ amount: String(one!.feeSats), unit: 'sats' });
    await expectTrue(root, back);
    expect(await mempool()).toEqual([]);
  });

  /** A node that goes silent for good at the call with this number, before or after the node has done it: the process dies there. */
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
      const response = await fetch(...args);
      if (mine !== deadAt) return response;
      died();
      return new Promise<never>(() => undefined);
    };
    return { fetch: dying as typeof fetch, dead };
  }

  it.each(['before', 'after'] as const)(
    'has never two independent transactions when killed at any call, just %s the node does it',
    async (when) => {
      let survived = false;
      for (let deadAt = 1; !survived; deadAt++) {
        const root = newRoot();
        let stored: Submission | null = null;
        let killed = 0;
        // Three attempts: signing, sending, raising the fee; each is killed at that call once, then repeated.
        for (const attempt of ['sign', 'send', 'raise', 'send again'] as const) {
          const settings = { targetBlocks: 1 };
          const { fetch: dying, dead } = dyingFetch(deadAt, when);
          const outcome: Submission | 'dead' = await Promise.race([
            step(root, stored, { ...settings, fetch: dying }),
            dead,
          ]);
          if (outcome === 'dead') killed++;
          stored = outcome === 'dead' ? await step(root, stored, settings) : outcome;
          if (attempt === 'send') await mineOnly();
        }
        survived = killed === 0;
        const versions: BitcoinProgress['transactions'] = transactions(stored!);
        expect(versions).toHaveLength(2);
        expect(spends(versions[1]!.raw)).toEqual(spends(versions[0]!.raw));
        const live = [];
        for (const txid of await mempool()) {
          const raw = await node.rpc<string>('getrawtransaction', txid);
          if (carries(raw, root)) live.push(txid);
        }
        expect(live).toEqual([versions[1]!.txid]);
        await clean();
        await expectTrue(root, await until(root, stored!, 'confirmed'));
        expect(deadAt).toBeLessThan(40);
      }
    },
  );

  it('raises the fee while unconfirmed, within the cap and a number of steps, and finds an earlier version that confirms', async () => {
    const root = newRoot();
    const settings = { targetBlocks: 1, maxFeeSats: 700 };
    let now = await sent(root);
    for (let i = 0; i < 14; i++) {
      await mineOnly();
      now = await step(root, now, settings);
      if (now.retryAfterSeconds === 0) now = await step(root, now, settings);
    }
    const versions = transactions(now);
    const fees = versions.map(({ feeSats }) => feeSats);
    expect(versions.length).toBeGreaterThan(2);
    expect(versions.length).toBeLessThanOrEqual(MAX_VERSIONS);
    expect(versions.every(({ accepted }) => accepted)).toBe(true);
    expect(Math.max(...fees)).toBeLessThanOrEqual(700);
    expect(fees).toEqual([...new Set(fees)].sort((a, b) => a - b));
    expect(now.detail).toContain('not raised further: BITCOIN_MAX_FEE_SATS (700)');
    expect(await mempool()).toEqual([versions.at(-1)!.txid]);
    expect(now.spent).toEqual({ amount: String(fees.at(-1)), unit: 'sats' });

    // A miner who has not heard of the newer ones.
    await mineOnly(versions[1]!.raw);
    const confirmed = await until(root, now, 'confirmed', settings);
    expect((confirmed.progress as BitcoinProgress).block?.txid).toBe(versions[1]!.txid);
    expect(confirmed.spent).toEqual({ amount: String(fees[1]), unit: 'sats' });
    await expectTrue(root, confirmed);

    // A reorganisation, and the other chain has yet another version.
    const height = await node.height();
    await node.invalidateFrom(height);
    await mineOnly(versions[0]!.raw);
    await mineOnly();
    const other = await until(root, confirmed, 'confirmed', settings);
    expect((other.progress as BitcoinProgress).block?.txid).toBe(versions[0]!.txid);
    await expectTrue(root, other);
    await node.mine(4);
    expect((await step(root, other, settings)).state).toBe('final');
  });

  it('gives two checkpoints different coins, also when both are signed before either is sent', async () => {
    const anchor = newAnchor();
    const roots = [newRoot(), newRoot(), newRoot()];
    const signed = await Promise.all(roots.map((root) => anchor.submit(checkpointOf(root), null)));
    const coins = signed.flatMap((submission) => spends(transactions(submission)[0]!.raw));
    expect(new Set(coins).size).toBe(3);
    const pending = await Promise.all(
      signed.map((submission, i) => anchor.submit(checkpointOf(roots[i]!), again(submission))),
    );
    expect(pending.map(({ state }) => state)).toEqual(['pending', 'pending', 'pending']);
  });

  it('keeps no coin promised for longer because the clock was set back', async () => {
    await wallet('single', 'createwallet', 'single');
    await node.rpc('generatetoaddress', 1, await wallet<string>('single', 'getnewaddress'));
    for (let i = 0; i < 100; i++) await mineOnly();
    let now = new Date();
    const anchor = newAnchor({ wallet: 'single', now: () => now });
    expect(transactions(await anchor.submit(checkpointOf(newRoot()), null))).toHaveLength(1);
    expect((await anchor.submit(checkpointOf(newRoot()), null)).detail).toContain('nothing to spend yet');
    now = new Date(now.getTime() - 86_400_000);
    expect(transactions(await anchor.submit(checkpointOf(newRoot()), null))).toHaveLength(1);
  });

  it('takes other coins once somebody else has spent its own, and only when that is final', async () => {
    const root = newRoot();
    const signed = await step(root, null);
    const other = newRoot();
    // Another process with the same wallet, whose transaction spends the same coin and is the one that gets through.
    const rival = await step(other, null, { maxFeeSats: 20_000 });
    expect(spends(transactions(rival)[0]!.raw)).toEqual(spends(transactions(signed)[0]!.raw));
    await mineOnly(transactions(rival)[0]!.raw);
    await sleep(300);
    let now = await step(root, signed);
    expect(now.state).toBe('unsubmitted');
    expect(now.detail).toMatch(
      /a coin of the transaction was spent elsewhere, another one is taken after 6 blocks, next try at /,
    );
    for (let i = 0; i < 5; i++) {
      await mineOnly();
      now = await step(root, now);
      expect(transactions(now)).toHaveLength(1);
    }
    await mineOnly();
    for (let i = 0; i < 3; i++) now = await step(root, now);
    expect(now.state).toBe('pending');
    expect(transactions(now).map(({ round }) => round)).toEqual([0, 1]);
    await node.mine(1);
    await expectTrue(root, await until(root, now, 'confirmed'));
  });

  it('takes other coins at once when somebody else spends its own before it was sent, and outbids nobody', async () => {
    const root = newRoot();
    const signed = await step(root, null);
    const other = newRoot();
    const rival = await step(other, null);
    const rivalId = transactions(rival)[0]!.txid;
    expect(spends(transactions(rival)[0]!.raw)).toEqual(spends(transactions(signed)[0]!.raw));
    expect((await step(other, rival)).state).toBe('pending');

    const left = await step(root, signed);
    expect(left).toMatchObject({ state: 'unsubmitted', retryAfterSeconds: 1 });
    expect(left.detail).toContain(`a coin of the transaction is being spent by ${rivalId}, another one is taken`);
    const resigned = await step(root, left);
    const pending = await step(root, resigned);
    expect(pending.state).toBe('pending');
    expect(transactions(pending).map(({ round, accepted }) => [round, accepted])).toEqual([
      [0, false],
      [1, true],
    ]);
    expect((await mempool()).sort()).toEqual([rivalId, transactions(pending)[1]!.txid].sort());
    await node.mine(1);
    await expectTrue(root, await until(root, pending, 'confirmed'));
    await expectTrue(other, await until(other, rival, 'confirmed'));
  });

  it('does not outbid what has replaced it in the memory pool', async () => {
    const root = newRoot();
    const signed = await step(root, null);
    // Signed by another process with the same wallet before this one's was sent, and for a higher fee.
    const dearly = lying({ estimatesmartfee: ({ result }) => Object.assign(result as object, { feerate: 0.0005 }) });
    const [rival] = transactions(await step(newRoot(), null, { fetch: dearly }));
    let now = await step(root, signed);
    expect(now.state).toBe('pending');
    await node.rpc('sendrawtransaction', rival!.raw);
    expect(await mempool()).toEqual([rival!.txid]);
    for (let i = 0; i < 3; i++) {
      await mineOnly();
      now = await step(root, now, { targetBlocks: 1 });
      expect(now.state).toBe('pending');
      expect(now.detail).toContain(`a coin of the transaction is being spent by ${rival!.txid}, too`);
    }
    expect(transactions(now)).toHaveLength(1);
    expect(await mempool()).toEqual([rival!.txid]);
    await mineOnly(rival!.raw);
    for (let i = 0; i < 6; i++) {
      now = await step(root, now);
      expect(now.detail).toContain('a coin of the transaction was spent elsewhere');
      await mineOnly();
    }
    for (let i = 0; i < 3; i++) now = await step(root, now);
    expect(transactions(now).map(({ round }) => round)).toEqual([0, 1]);
    await node.mine(1);
    await expectTrue(root, await until(root, now, 'confirmed'));
  });

  it('counts the blocks without its coins anew when they were there meanwhile', async () => {
    const root = newRoot();
    let now = await sent(root);
    const without = refusing(
      {
        getmempoolentry: [-5, 'Transaction not in mempool'],
        sendrawtransaction: [-25, 'bad-txns-inputs-missingorspent'],
      },
      lying({
        gettxspendingprevout: (answer) => Object.assign(answer, { result: [{}] }),
        gettxout: (answer) => Object.assign(answer, { result: null }),
      }),
    );
    const settings = { targetBlocks: 100 };
    for (let i = 0; i < 2; i++) {
      now = await step(root, now, { ...settings, fetch: without });
      expect(now.detail).toContain('a coin of the transaction was spent elsewhere');
      now = await step(root, now, settings);
      expect(now.detail).toMatch(/waiting for Bitcoin regtest since [^,]*$/);
      for (let block = 0; block < 6; block++) await mineOnly();
    }
    expect(transactions(now)).toHaveLength(1);
  });

  it('raises the fee only when that helps', async () => {
    const root = newRoot();
    let now = await step(root, null);
    const settings = (reason: string) => ({
      targetBlocks: 1,
      fetch: refusing({ sendrawtransaction: [-26, reason] }),
    });
    for (let i = 0; i < 3; i++) {
      now = await step(root, now, settings('datacarrier'));
      expect(now.detail).toContain('the node refuses the transaction: datacarrier, next try at');
      await mineOnly();
    }
    expect(transactions(now)).toHaveLength(1);
    now = await step(root, now, settings('mempool full'));
    expect(transactions(now)).toHaveLength(2);
    expect((await step(root, now)).state).toBe('pending');
  });

  it('pays what relaying takes when the node estimates no fees', async () => {
    const root = newRoot();
    const signed = await step(root, null, {
      fetch: refusing({ estimatesmartfee: [-32603, 'Fee estimation disabled'] }),
    });
    expect((await step(root, signed)).state).toBe('pending');
  });

  it('is held by its own limit of the fee alone, not by the node’s', async () => {
    const root = newRoot();
    const dearest = lying({ estimatesmartfee: ({ result }) => Object.assign(result as object, { feerate: 0.2 }) });
    const signed = await step(root, null, { fetch: dearest, maxFeeSats: 5_000_000 });
    expect(transactions(signed)[0]!.feeSats).toBeGreaterThan(2_000_000);
    const pending = await step(root, signed, { maxFeeSats: 5_000_000 });
    expect(pending.state).toBe('pending');
    expect(transactions(pending)).toHaveLength(1);
  });

  it('signs nothing that no timestamp could hold', async () => {
    const long = lying({
      signrawtransactionwithwallet: ({ result }) => {
        const answer = result as { hex: string };
        // The first input's empty script, after version, marker, number of inputs and outpoint, becomes one of 1904 bytes.
        const at = 2 * (4 + 2 + 1 + 36);
        answer.hex = `${answer.hex.slice(0, at)}fd7007${'00'.repeat(1904)}${answer.hex.slice(at + 2)}`;
      },
    });
    const refused = await step(newRoot(), null, { fetch: long });
    expect(transactions(refused)).toEqual([]);
    expect(refused.detail).toMatch(/spending them takes \d+ bytes, a proof holds at most 1900, next try/);
  });

  it('names a wallet that is locked, knows its coins not yet, has no keys or is none, and uses up no address meanwhile', async () => {
    await wallet('locked', 'createwallet', 'locked', false, false, 'secret');
    await node.rpc('generatetoaddress', 1, await wallet<string>('locked', 'getnewaddress'));
    for (let i = 0; i < 100; i++) await mineOnly();
    const root = newRoot();
    const asked: string[] = [];
    const settings = (info: object): Partial<BitcoinSettings> => ({
      wallet: 'locked',
      fetch: async (input, init) => {
        asked.push((JSON.parse(init?.body as string) as { method: string }).method);
        return lying({ getwalletinfo: ({ result }) => Object.assign(result as object, info) })(input, init);
      },
    });
    const locked = await step(root, null, settings({}));
    expect(locked.detail).toContain('not submitted yet, the wallet is locked by its passphrase, next try at');
    const scanning = await step(root, locked, settings({ scanning: { duration: 3, progress: 0.437 } }));
    expect(scanning.detail).toContain('the wallet is looking for its coins in the chain, at 43 %');
    const watching = await step(root, scanning, settings({ private_keys_enabled: false }));
    expect(watching.detail).toContain('the wallet cannot sign: it has no private keys');
    expect(asked).not.toContain('fundrawtransaction');
    const none = await step(root, watching, {
      fetch: (input, init) =>
        String(input as string).includes('/wallet/')
          ? Promise.resolve(new Response(null, { status: 404 }))
          : fetch(input, init),
    });
    expect(none.detail).toContain('the node has no getwalletinfo: it runs without a wallet, or is too old');
    const forbidden = await step(root, none, {
      fetch: (input, init) =>
        /"listunspent"/.test(init?.body as string)
          ? Promise.resolve(new Response(null, { status: 403 }))
          : fetch(input, init),
    });
    expect(forbidden.detail).toContain('the node forbids listunspent; rpcallowip and rpcwhitelist');
    const unnamed = await step(root, forbidden, { wallet: undefined });
    expect(unnamed.detail).toContain('the node has several wallets; BITCOIN_WALLET must name one');

    await wallet('locked', 'walletpassphrase', 'secret', 60);
    const signed = await step(root, unnamed, settings({}));
    expect((await step(root, signed, settings({}))).state).toBe('pending');
  });

  it('says that the wallet is empty, has only unconfirmed money, or does not exist, and goes on once it can', async () => {
    await wallet('poor', 'createwallet', 'poor');
    const root = newRoot();
    const settings = { wallet: 'poor' };
    const empty = await step(root, null, settings);
    expect(empty).toMatchObject({ state: 'unsubmitted', attestation: null, retryAfterSeconds: 1 });
    expect(empty.detail).toMatch(
      /^not submitted yet, the wallet has nothing to spend: it is empty, or what it has is locked or was mined less than 101 blocks ago, next try at .*Z$/,
    );
    const missing = await step(root, empty, { wallet: 'nobody' });
    expect(missing.detail).toContain('the wallet is not loaded in the node; BITCOIN_WALLET names it');

    const address = await wallet<string>('poor', 'getnewaddress');
    await node.rpc('generatetoaddress', 1, address);
    await node.mine(100);
    await sleep(500);
    const signed = await step(root, missing, settings);
    const pending = await step(root, signed, settings);
    expect(pending.state).toBe('pending');
    const next = await step(newRoot(), null, settings);
    expect(next.detail).toMatch(/the wallet has nothing to spend yet: its \d+ sat wait for a confirmation/);
    await node.mine(1);
    await expectTrue(root, await until(root, pending, 'confirmed', settings));
  });

  it('names a fee cap of zero, and goes on once it is lifted', async () => {
    const root = newRoot();
    const refused = await step(root, null, { maxFeeSats: 0 });
    expect(refused).toMatchObject({ state: 'unsubmitted', attestation: null });
    expect(refused.detail).toMatch(
      /BITCOIN_MAX_FEE_SATS is too low: the node takes nothing below \d+ sat, allowed are 0, next try/,
    );
    const signed = await step(root, refused);
    expect((await step(root, signed)).state).toBe('pending');
  });

  it('keeps what it had while the node is away, behind a proxy or not, refuses it, or hangs, and goes on afterwards', async () => {
    const root = newRoot();
    const url = 'http://127.0.0.1:9';
    const away = await step(root, null, { url });
    expect(away.detail).toMatch(/^not submitted yet, the node is not reachable, next try at .*Z$/);
    const proxied = await step(root, away, { fetch: async () => new Response('Bad Gateway', { status: 502 }) });
    expect(proxied.detail).toMatch(
      /the node gave no usable answer \(.*: expected a JSON-RPC answer, got HTTP status 502\), next/,
    );
    const signed = await step(root, proxied);
    const unsent = await step(root, signed, { url });
    expect(unsent).toMatchObject({ state: 'unsubmitted', progress: signed.progress });
    const pending = await step(root, unsent);
    const stranger = await step(root, pending, { url: node.rpcUrl.replace(/:[0-9a-f]+@/, ':wrong@') });
    expect([stranger.state, stranger.progress]).toEqual(['pending', pending.progress]);
    expect(stranger.detail).toMatch(/the node refuses the user and password, next try at .*Z$/);

    process.kill(node.pid, 'SIGSTOP');
    const hanging = await step(root, pending, { timeoutMs: 300 }).finally(() => process.kill(node.pid, 'SIGCONT'));
    expect([hanging.state, hanging.progress]).toEqual(['pending', pending.progress]);
    await node.mine(1);
    const confirmed = await until(root, hanging, 'confirmed');
    const gone = await step(root, confirmed, { url });
    expect([gone.state, gone.attestation, gone.progress]).toEqual([
      'confirmed',
      confirmed.attestation,
      confirmed.progress,
    ]);
    expect(gone.detail).toContain('the node is not reachable');
  });

  it('names a node that syncs, that has pruned the block, or that is on another chain', async () => {
    const root = newRoot();
    const syncing = lying({
      getblockchaininfo: ({ result }) => Object.assign(result as object, { initialblockdownload: true }),
    });
    expect((await step(root, null, { fetch: syncing })).detail).toMatch(
      /^not submitted yet, the node is still syncing, at block \d+, next try/,
    );
    expect((await step(root, null, { network: 'mainnet' })).detail).toMatch(
      /the node is on the wrong chain: expected mainnet, got regtest, next try/,
    );

    const pending = await sent(root);
    await node.mine(1);
    await sleep(300);
    const pruned = refusing({ getblock: [-1, 'Block not available (pruned data)'] });
    const without = await step(root, pending, { fetch: pruned });
    expect(without).toMatchObject({ state: 'pending', attestation: null });
    expect(without.detail).toContain(
      'the node has pruned the block that holds the transaction, so that its proof cannot be made',
    );
    const confirmed = await until(root, without, 'confirmed');
    // What has been proved stays proved without the block, and while the node syncs again.
    expect((await step(root, confirmed, { fetch: pruned })).state).toBe('confirmed');
    expect((await step(root, confirmed, { fetch: syncing })).attestation).toEqual(confirmed.attestation);
  });

  it('believes no block whose transactions do not lead to its header', async () => {
    const root = newRoot();
    const pending = await sent(root);
    await node.sendOpReturn(randomBytes(32));
    await node.mine(1);
    await sleep(300);
    const forged = lying({
      getblock: ({ result }) => {
        const { tx } = result as { tx: string[] };
        tx[0] = '00'.repeat(32);
      },
    });
    const doubted = await step(root, pending, { fetch: forged });
    expect(doubted).toMatchObject({ state: 'pending', attestation: null });
    expect(doubted.detail).toMatch(/what the node says about block \d+ does not fit together/);
    expect((await until(root, doubted, 'confirmed')).attestation).not.toBeNull();
  });

  it('says so when the wallet sees the transaction in a block that the chain does not have', async () => {
    const root = newRoot();
    const pending = await sent(root);
    await node.mine(1);
    await sleep(300);
    const denying = lying({ getblockhash: (answer) => void (answer.result = '00'.repeat(32)) });
    const denied = await step(root, pending, { fetch: denying });
    expect(denied).toMatchObject({ state: 'pending', attestation: null });
    expect(denied.detail).toMatch(
      /the wallet sees transaction \w{64} in block \d+ \w{64}, which the node's chain does not have, next try at/,
    );
    const confirmed = await until(root, denied, 'confirmed');
    expect(confirmed.detail).not.toContain('the wallet sees');
  });

  it('reads the cookie file for every call, as the node writes a new one at each start, and says when it cannot be read', async () => {
    const { host, username, password } = new URL(node.rpcUrl);
    const cookieFile = join(folder, '.cookie');
    const settings = { url: `http://${host}`, fetch: cookieFetch(fetch, cookieFile) };
    const root = newRoot();
    const without = await step(root, null, settings);
    expect(without.detail).toContain("the node's cookie file cannot be read");
    expect(without.detail).toContain('ENOENT');
    await writeFile(cookieFile, `${username}:wrong\n`);
    expect((await step(root, without, settings)).detail).toContain('the node refuses the user and password');
    await writeFile(cookieFile, `${username}:${password}\n`);
    expect((await step(root, without, settings)).detail).toBe('transaction signed, not sent yet');
  });
});
