import { describe, expect, it } from 'vitest';
import { checkpointOf } from '../testing/checkpoint.js';
import type { BitcoinSettings } from './bitcoin.js';
import { lying, newRoot, refusing, spends, stored, transactions, useBitcoinNode } from './testing/bitcoin-anchoring.js';

describe('the coins of the Bitcoin anchor', () => {
  const room = useBitcoinNode();

  it('gives two checkpoints different coins, also when both are signed before either is sent', async () => {
    const anchor = room.anchor();
    const roots = [newRoot(), newRoot(), newRoot()];
    const signed = await Promise.all(roots.map((root) => anchor.submit(checkpointOf(root), null)));
    const coins = signed.flatMap((submission) => spends(transactions(submission)[0]!.raw));
    expect(new Set(coins).size).toBe(3);
    const pending = await Promise.all(
      signed.map((submission, i) => anchor.submit(checkpointOf(roots[i]!), stored(submission))),
    );
    expect(pending.map(({ state }) => state)).toEqual(['pending', 'pending', 'pending']);
  });

  it('keeps no coin promised for longer because the clock was set back', async () => {
    await room.wallet('single', 'createwallet', 'single');
    await room.node.rpc('generatetoaddress', 1, await room.wallet<string>('single', 'getnewaddress'));
    for (let i = 0; i < 100; i++) await room.mineOnly();
    let now = new Date();
    const anchor = room.anchor({ wallet: 'single', now: () => now });
    expect(transactions(await anchor.submit(checkpointOf(newRoot()), null))).toHaveLength(1);
    expect((await anchor.submit(checkpointOf(newRoot()), null)).detail).toContain('nothing to spend yet');
    now = new Date(now.getTime() - 86_400_000);
    expect(transactions(await anchor.submit(checkpointOf(newRoot()), null))).toHaveLength(1);
  });

  it('takes other coins once somebody else has spent its own, and only when that is final', async () => {
    const root = newRoot();
    const signed = await room.step(root, null);
    const other = newRoot();
    // Another process with the same wallet, whose transaction spends the same coin and is the one that gets through.
    const rival = await room.step(other, null, { maxFeeSats: 20_000 });
    expect(spends(transactions(rival)[0]!.raw)).toEqual(spends(transactions(signed)[0]!.raw));
    await room.mineOnly(transactions(rival)[0]!.raw);
    await room.synced();
    let now = await room.step(root, signed);
    expect(now.state).toBe('unsubmitted');
    expect(now.detail).toMatch(
      /a coin of the transaction was used by another transaction: when that is final, a new one is made, next try at /,
    );
    for (let i = 0; i < 4; i++) {
      await room.mineOnly();
      now = await room.step(root, now);
      expect(transactions(now)).toHaveLength(1);
    }
    await room.mineOnly();
    for (let i = 0; i < 3; i++) now = await room.step(root, now);
    expect(now.state).toBe('pending');
    expect(transactions(now).map(({ round }) => round)).toEqual([0, 1]);
    await room.node.mine(1);
    await room.expectTrue(root, await room.until(root, now, 'confirmed'));
  });

  it('takes other coins at once when somebody else spends its own before it was sent, and outbids nobody', async () => {
    const root = newRoot();
    const signed = await room.step(root, null);
    const other = newRoot();
    const rival = await room.step(other, null);
    const rivalId = transactions(rival)[0]!.id;
    expect(spends(transactions(rival)[0]!.raw)).toEqual(spends(transactions(signed)[0]!.raw));
    expect((await room.step(other, rival)).state).toBe('pending');

    const left = await room.step(root, signed);
    expect(left).toMatchObject({ state: 'unsubmitted', retryAfterSeconds: 1 });
    expect(left.detail).toContain(
      `a coin of the transaction is taken by ${rivalId}, which waits: another transaction is made`,
    );
    const resigned = await room.step(root, left);
    const pending = await room.step(root, resigned);
    expect(pending.state).toBe('pending');
    expect(transactions(pending).map(({ round, accepted }) => [round, accepted])).toEqual([
      [0, false],
      [1, true],
    ]);
    expect((await room.mempool()).sort()).toEqual([rivalId, transactions(pending)[1]!.id].sort());
    await room.node.mine(1);
    await room.expectTrue(root, await room.until(root, pending, 'confirmed'));
    await room.expectTrue(other, await room.until(other, rival, 'confirmed'));
  });

  it('does not outbid what has replaced it in the memory pool', async () => {
    const root = newRoot();
    const signed = await room.step(root, null);
    // Signed by another process with the same wallet before this one's was sent, and for a higher fee.
    const dearly = lying({ estimatesmartfee: ({ result }) => Object.assign(result as object, { feerate: 0.0005 }) });
    const [rival] = transactions(await room.step(newRoot(), null, { fetch: dearly }));
    let now = await room.step(root, signed);
    expect(now.state).toBe('pending');
    await room.node.rpc('sendrawtransaction', rival!.raw);
    expect(await room.mempool()).toEqual([rival!.id]);
    for (let i = 0; i < 3; i++) {
      await room.mineOnly();
      now = await room.step(root, now, { targetBlocks: 1 });
      expect(now.state).toBe('pending');
      expect(now.detail).toContain(
        `a coin of the transaction is taken by ${rival!.id}, which waits, and only one of them will be mined`,
      );
    }
    expect(transactions(now)).toHaveLength(1);
    expect(await room.mempool()).toEqual([rival!.id]);
    await room.mineOnly(rival!.raw);
    for (let i = 0; i < 5; i++) {
      now = await room.step(root, now);
      expect(now.detail).toContain('a coin of the transaction was used by another transaction');
      await room.mineOnly();
    }
    for (let i = 0; i < 3; i++) now = await room.step(root, now);
    expect(transactions(now).map(({ round }) => round)).toEqual([0, 1]);
    await room.node.mine(1);
    await room.expectTrue(root, await room.until(root, now, 'confirmed'));
  });

  it('counts the blocks without its coins anew when they were there meanwhile', async () => {
    const root = newRoot();
    let now = await room.sent(root);
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
      now = await room.step(root, now, { ...settings, fetch: without });
      expect(now.detail).toContain('a coin of the transaction was used by another transaction');
      now = await room.step(root, now, settings);
      expect(now.detail).toMatch(/waiting for Bitcoin regtest since [^,]*$/);
      for (let block = 0; block < 6; block++) await room.mineOnly();
    }
    expect(transactions(now)).toHaveLength(1);
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
    const refused = await room.step(newRoot(), null, { fetch: long });
    expect(transactions(refused)).toEqual([]);
    expect(refused.detail).toMatch(/spending them takes \d+ bytes, a proof holds at most 1900, next try/);
  });

  it('names a wallet that is locked, knows its coins not yet, has no keys or is none, and uses up no address meanwhile', async () => {
    await room.wallet('locked', 'createwallet', 'locked', false, false, 'secret');
    await room.node.rpc('generatetoaddress', 1, await room.wallet<string>('locked', 'getnewaddress'));
    for (let i = 0; i < 100; i++) await room.mineOnly();
    const root = newRoot();
    const asked: string[] = [];
    const settings = (info: object): Partial<BitcoinSettings> => ({
      wallet: 'locked',
      fetch: async (input, init) => {
        asked.push((JSON.parse(init?.body as string) as { method: string }).method);
        return lying({ getwalletinfo: ({ result }) => Object.assign(result as object, info) })(input, init);
      },
    });
    const locked = await room.step(root, null, settings({}));
    expect(locked.detail).toContain('not submitted yet, the wallet is locked by its passphrase, next try at');
    const scanning = await room.step(root, locked, settings({ scanning: { duration: 3, progress: 0.437 } }));
    expect(scanning.detail).toContain('the wallet is looking for its coins in the chain, at 43 %');
    const watching = await room.step(root, scanning, settings({ private_keys_enabled: false }));
    expect(watching.detail).toContain('the wallet cannot sign: it has no private keys');
    expect(asked).not.toContain('fundrawtransaction');
    const none = await room.step(root, watching, {
      fetch: (input, init) =>
        String(input as string).includes('/wallet/')
          ? Promise.resolve(new Response(null, { status: 404 }))
          : fetch(input, init),
    });
    expect(none.detail).toContain('the node has no getwalletinfo: it runs without a wallet, or is too old');
    const forbidden = await room.step(root, none, {
      fetch: (input, init) =>
        /"listunspent"/.test(init?.body as string)
          ? Promise.resolve(new Response(null, { status: 403 }))
          : fetch(input, init),
    });
    expect(forbidden.detail).toContain('the node forbids listunspent; rpcallowip and rpcwhitelist');
    const unnamed = await room.step(root, forbidden, { wallet: undefined });
    expect(unnamed.detail).toContain('the node has several wallets; BITCOIN_WALLET must name one');

    await room.wallet('locked', 'walletpassphrase', 'secret', 60);
    const signed = await room.step(root, unnamed, settings({}));
    expect((await room.step(root, signed, settings({}))).state).toBe('pending');
  });

  it('says that the wallet is empty, has only unconfirmed money, or does not exist, and goes on once it can', async () => {
    await room.wallet('poor', 'createwallet', 'poor');
    const root = newRoot();
    const settings = { wallet: 'poor' };
    const empty = await room.step(root, null, settings);
    expect(empty).toMatchObject({ state: 'unsubmitted', attestation: null, retryAfterSeconds: 1 });
    expect(empty.detail).toMatch(
      /^not submitted yet, the wallet has nothing to spend: it is empty, or what it has is locked or was mined less than 101 blocks ago, next try at .*Z$/,
    );
    const missing = await room.step(root, empty, { wallet: 'nobody' });
    expect(missing.detail).toContain('the wallet is not loaded in the node; BITCOIN_WALLET names it');

    const address = await room.wallet<string>('poor', 'getnewaddress');
    await room.node.rpc('generatetoaddress', 1, address);
    await room.node.mine(100);
    await room.synced();
    const signed = await room.step(root, missing, settings);
    const pending = await room.step(root, signed, settings);
    expect(pending.state).toBe('pending');
    const next = await room.step(newRoot(), null, settings);
    expect(next.detail).toMatch(/the wallet has nothing to spend yet: its \d+ sat wait for their first confirmation/);
    await room.node.mine(1);
    await room.expectTrue(root, await room.until(root, pending, 'confirmed', settings));
  });
});
