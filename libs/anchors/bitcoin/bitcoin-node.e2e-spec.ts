import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hexToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { mineHeader } from '#bitcoin/testing/mined-header.js';
import type { BlockSource } from '#source/block-source.js';
import { cookieFetch } from '../cookie-fetch.js';
import { lying, newRoot, refusing, transactions, useBitcoinNode } from './testing/bitcoin-anchoring.js';

describe('the Bitcoin anchor and what its node says', () => {
  const room = useBitcoinNode();

  it('raises the fee only when that helps', async () => {
    const root = newRoot();
    let now = await room.step(root, null);
    const settings = (reason: string) => ({
      targetBlocks: 1,
      fetch: refusing({ sendrawtransaction: [-26, reason] }),
    });
    for (let i = 0; i < 3; i++) {
      now = await room.step(root, now, settings('datacarrier'));
      expect(now.detail).toContain('the node refuses the transaction: datacarrier, next try at');
      await room.mineOnly();
    }
    expect(transactions(now)).toHaveLength(1);
    now = await room.step(root, now, settings('mempool full'));
    expect(transactions(now)).toHaveLength(2);
    expect((await room.step(root, now)).state).toBe('pending');
  });

  it('confirms nothing that another source contradicts, and calls nothing final sooner than it does', async () => {
    const root = newRoot();
    const pending = await room.sent(root);
    await room.node.mine(6);
    await room.synced();
    const other = (network: 'regtest' | 'mainnet', more: Partial<BlockSource> = {}): BlockSource => ({
      name: 'an explorer',
      network: () => Promise.resolve(network),
      header: () => Promise.resolve(mineHeader()),
      ...more,
    });
    const doubted = await room.step(root, pending, { otherSources: [other('regtest')] });
    expect(doubted).toMatchObject({ state: 'pending', attestation: null });
    expect(doubted.detail).toMatch(
      /Bitcoin node at .* and an explorer disagree about block \d+ \(.*nothing is confirmed/,
    );
    const confirmed = await room.step(root, doubted, { otherSources: [other('mainnet')] });
    expect(confirmed.state).toBe('final');
    const height = await room.node.height();
    const header = async (at: number) =>
      hexToBytes(await room.node.rpc<string>('getblockheader', await room.node.rpc('getblockhash', at), false));
    const behind = other('regtest', { header, tip: () => Promise.resolve(height - 1) });
    expect((await room.step(root, doubted, { otherSources: [behind] })).state).toBe('confirmed');
    await room.expectTrue(root, confirmed);
  });

  it('begins with the least fee rate that is set when the node estimates no fees, within the cap', async () => {
    const without = refusing({ estimatesmartfee: [-32603, 'Fee estimation disabled'] });
    for (const [settings, least, most] of [
      [{ minFeeRate: 0 }, 100, 200],
      [{ minFeeRate: 5 }, 700, 900],
      [{ minFeeRate: 500 }, 20_000, 20_000],
    ] as const) {
      const root = newRoot();
      const signed = await room.step(root, null, { ...settings, fetch: without });
      const fee = Number(transactions(signed)[0]!.cost);
      expect(fee).toBeGreaterThanOrEqual(least);
      expect(fee).toBeLessThanOrEqual(most);
      expect((await room.step(root, signed)).state).toBe('pending');
    }
  });

  it('is held by its own limit of the fee alone, not by the node’s', async () => {
    const root = newRoot();
    const dearest = lying({ estimatesmartfee: ({ result }) => Object.assign(result as object, { feerate: 0.2 }) });
    const signed = await room.step(root, null, { fetch: dearest, maxFeeSats: 5_000_000 });
    expect(Number(transactions(signed)[0]!.cost)).toBeGreaterThan(2_000_000);
    const pending = await room.step(root, signed, { maxFeeSats: 5_000_000 });
    expect(pending.state).toBe('pending');
    expect(transactions(pending)).toHaveLength(1);
  });

  it('names a fee cap of zero, and goes on once it is lifted', async () => {
    const root = newRoot();
    const refused = await room.step(root, null, { maxFeeSats: 0 });
    expect(refused).toMatchObject({ state: 'unsubmitted', attestation: null });
    expect(refused.detail).toMatch(
      /BITCOIN_MAX_FEE_SATS is too low: the node takes nothing below \d+ sat, allowed are 0, next try/,
    );
    const signed = await room.step(root, refused);
    expect((await room.step(root, signed)).state).toBe('pending');
  });

  it('keeps what it had while the node is away, behind a proxy or not, refuses it, or hangs, and goes on afterwards', async () => {
    const root = newRoot();
    const url = 'http://127.0.0.1:9';
    const away = await room.step(root, null, { url });
    expect(away.detail).toMatch(/^not submitted yet, the node is not reachable, next try at .*Z$/);
    const proxied = await room.step(root, away, { fetch: async () => new Response('Bad Gateway', { status: 502 }) });
    expect(proxied.detail).toMatch(
      /the node gives no usable answer to getblockchaininfo \(expected a JSON-RPC answer, got HTTP status 502\), next/,
    );
    const signed = await room.step(root, proxied);
    const unsent = await room.step(root, signed, { url });
    expect(unsent).toMatchObject({ state: 'unsubmitted', progress: signed.progress });
    const pending = await room.step(root, unsent);
    const stranger = await room.step(root, pending, { url: room.node.rpcUrl.replace(/:[0-9a-f]+@/, ':wrong@') });
    expect([stranger.state, stranger.progress]).toEqual(['pending', pending.progress]);
    expect(stranger.detail).toMatch(/the node refuses the user and password, next try at .*Z$/);

    process.kill(room.node.pid, 'SIGSTOP');
    const hanging = await room
      .step(root, pending, { timeoutMs: 300 })
      .finally(() => process.kill(room.node.pid, 'SIGCONT'));
    expect([hanging.state, hanging.progress]).toEqual(['pending', pending.progress]);
    await room.node.mine(1);
    const confirmed = await room.until(root, hanging, 'confirmed');
    const gone = await room.step(root, confirmed, { url });
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
    expect((await room.step(root, null, { fetch: syncing })).detail).toMatch(
      /^not submitted yet, the node is still syncing, at block \d+, next try/,
    );
    expect((await room.step(root, null, { network: 'mainnet' })).detail).toMatch(
      /the node is on the wrong chain: expected mainnet, got regtest, next try/,
    );

    const pending = await room.sent(root);
    await room.node.mine(1);
    await room.synced();
    const pruned = refusing({ getblock: [-1, 'Block not available (pruned data)'] });
    const without = await room.step(root, pending, { fetch: pruned });
    expect(without).toMatchObject({ state: 'pending', attestation: null });
    expect(without.detail).toContain(
      'the node has pruned the block that holds the transaction, so that its proof cannot be made',
    );
    const confirmed = await room.until(root, without, 'confirmed');
    // What has been proved stays proved without the block, and while the node syncs again.
    expect((await room.step(root, confirmed, { fetch: pruned })).state).toBe('confirmed');
    expect((await room.step(root, confirmed, { fetch: syncing })).attestation).toEqual(confirmed.attestation);
  });

  it('believes no block whose transactions do not lead to its header', async () => {
    const root = newRoot();
    const pending = await room.sent(root);
    await room.node.sendOpReturn(randomBytes(32));
    await room.node.mine(1);
    await room.synced();
    const forged = lying({
      getblock: ({ result }) => {
        const { tx } = result as { tx: string[] };
        tx[0] = '00'.repeat(32);
      },
    });
    const doubted = await room.step(root, pending, { fetch: forged });
    expect(doubted).toMatchObject({ state: 'pending', attestation: null });
    expect(doubted.detail).toMatch(/what the node says about block \d+ does not fit together/);
    expect((await room.until(root, doubted, 'confirmed')).attestation).not.toBeNull();
  });

  it('says so when the wallet sees the transaction in a block that the chain does not have', async () => {
    const root = newRoot();
    const pending = await room.sent(root);
    await room.node.mine(1);
    await room.synced();
    const denying = lying({ getblockhash: (answer) => void (answer.result = '00'.repeat(32)) });
    const denied = await room.step(root, pending, { fetch: denying });
    expect(denied).toMatchObject({ state: 'pending', attestation: null });
    expect(denied.detail).toMatch(
      /the wallet sees transaction \w{64} in block \d+ \w{64}, which the node's chain does not have, next try at/,
    );
    const confirmed = await room.until(root, denied, 'confirmed');
    expect(confirmed.detail).not.toContain('the wallet sees');
  });

  it('reads the cookie file for every call, as the node writes a new one at each start, and says when it cannot be read', async () => {
    const { host, username, password } = new URL(room.node.rpcUrl);
    const cookieFile = join(room.folder, '.cookie');
    const settings = { url: `http://${host}`, fetch: cookieFetch(fetch, cookieFile) };
    const root = newRoot();
    const without = await room.step(root, null, settings);
    expect(without.detail).toContain("the node's cookie file cannot be read");
    expect(without.detail).toContain('ENOENT');
    await writeFile(cookieFile, `${username}:wrong\n`);
    expect((await room.step(root, without, settings)).detail).toContain('the node refuses the user and password');
    await writeFile(cookieFile, `${username}:${password}\n`);
    expect((await room.step(root, without, settings)).detail).toBe('transaction signed, not sent yet');
  });
});
