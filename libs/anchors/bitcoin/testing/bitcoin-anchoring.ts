import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { parseTransaction } from '#bitcoin/transaction.js';
import { parseTimestamp, serializeDetachedFile } from '#ots/codec.js';
import type { Submission } from '../../anchor.js';
import { hasPythonOpenTimestamps, verifyWithReference } from '../../opentimestamps/testing/python-opentimestamps.js';
import { checkpointOf } from '../../testing/checkpoint.js';
import { type BitcoinSettings, createBitcoinAnchor } from '../bitcoin.js';
import type { BitcoinProgress } from '../progress.js';
import { startBitcoinNode, type BitcoinNode } from './bitcoin-node.js';
import { callWallet, createFundedWallet } from './bitcoin-wallet.js';

/** The wallet that pays unless a test names another. */
const WALLET = 'notary';

/** Looks at what must come until it has, and how often. */
const PATIENCE = 300;
const LOOK_MS = 20;

/** A root that nobody has used. */
export const newRoot = (): Uint8Array => new Uint8Array(createHash('sha256').update(randomBytes(32)).digest());

export const progressOf = (submission: Submission): BitcoinProgress => submission.progress as BitcoinProgress;
export const transactions = (submission: Submission): BitcoinProgress['transactions'] =>
  progressOf(submission).transactions;

/** What a submission is when it has been stored and read again: every step starts from that, in a new process as it were. */
export const stored = (submission: Submission): Submission => ({
  ...(JSON.parse(JSON.stringify(submission)) as Submission),
  attestation: submission.attestation && Uint8Array.from(submission.attestation),
});

/** The outpoints that a transaction spends. */
export const spends = (raw: string): string[] =>
  parseTransaction(Buffer.from(raw, 'hex')).inputs.map(
    ({ previousTxid, previousIndex }) => `${Buffer.from(previousTxid).toString('hex')}:${previousIndex}`,
  );

/** Whether the transaction carries the root. */
export const carries = (raw: string, root: Uint8Array): boolean =>
  raw.includes(`6a20${Buffer.from(root).toString('hex')}`);

const methodOf = (init: RequestInit | undefined): string =>
  (JSON.parse(init?.body as string) as { method: string }).method;

/** The node's answers, with those to some methods changed. */
export function lying(changes: Record<string, (answer: Record<string, unknown>) => void>): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    const change = changes[methodOf(init)];
    if (change === undefined) return response;
    const answer = (await response.json()) as Record<string, unknown>;
    change(answer);
    return Response.json(answer);
  };
}

/** A node that answers these methods with an error, number and message, without doing anything. */
export function refusing(errors: Record<string, readonly [number, string]>, next: typeof fetch = fetch): typeof fetch {
  return async (input, init) => {
    const error = errors[methodOf(init)];
    if (error === undefined) return next(input, init);
    return Response.json({ result: null, error: { code: error[0], message: error[1] } }, { status: 500 });
  };
}

/** A node of one's own for the tests of a file, and an anchor that works with it. Tests share neither a memory pool nor a root. */
export interface BitcoinRoom {
  readonly node: BitcoinNode;
  /** A folder that is removed at the end. */
  readonly folder: string;
  anchor(settings?: Partial<BitcoinSettings>): ReturnType<typeof createBitcoinAnchor>;
  wallet<T>(name: string, method: string, ...params: unknown[]): Promise<T>;
  step(root: Uint8Array, before: Submission | null, settings?: Partial<BitcoinSettings>): Promise<Submission>;
  /** Signed and sent, and in no block yet. */
  sent(root: Uint8Array): Promise<Submission>;
  /** Steps until a state is reached. */
  until(root: Uint8Array, before: Submission, state: string, settings?: Partial<BitcoinSettings>): Promise<Submission>;
  mempool(): Promise<string[]>;
  /** A block with exactly these transactions. */
  mineOnly(...raw: string[]): Promise<void>;
  /** Waits until the wallet has heard of every block of the node. */
  synced(): Promise<void>;
  /** Confirms whatever waits. */
  clean(): Promise<void>;
  /** No attestation about a block that the chain has not, and none that the reference library does not accept. */
  expectTrue(root: Uint8Array, submission: Submission): Promise<void>;
}

/** To be called in a `describe`: starts the node before its tests, and stops it after them. */
export function useBitcoinNode(): BitcoinRoom {
  let node: BitcoinNode;
  let folder: string;
  let payee: string;
  let withReference: boolean;
  beforeAll(async () => {
    withReference = await hasPythonOpenTimestamps(process.env['CI'] !== undefined);
    node = await startBitcoinNode();
    folder = await mkdtemp(join(tmpdir(), 'sealroot-bitcoin-'));
    await createFundedWallet(node, WALLET);
    payee = (await callWallet(node, WALLET, 'getnewaddress')) as string;
  });
  afterEach(() => clean());
  afterAll(async () => {
    await node?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const anchor: BitcoinRoom['anchor'] = (settings = {}) =>
    createBitcoinAnchor({
      url: node.rpcUrl,
      wallet: WALLET,
      network: 'regtest',
      maxFeeSats: 20_000,
      minFeeRate: 1,
      targetBlocks: 6,
      finalBlocks: 6,
      otherSources: [],
      pollSeconds: 1,
      timeoutMs: 5_000,
      fetch,
      now: () => new Date(),
      ...settings,
    });
  const step: BitcoinRoom['step'] = async (root, before, settings = {}) =>
    stored(
      before === null || before.state === 'unsubmitted'
        ? await anchor(settings).submit(checkpointOf(root), before)
        : await anchor(settings).confirm(before),
    );
  const mempool = () => node.rpc<string[]>('getrawmempool');
  const mineOnly = async (...raw: string[]) => {
    await node.rpc('generateblock', payee, raw);
  };
  async function synced() {
    for (let i = 0; i < PATIENCE; i++) {
      const { lastprocessedblock } = (await callWallet(node, WALLET, 'getwalletinfo')) as {
        lastprocessedblock: { height: number };
      };
      if (lastprocessedblock.height === (await node.height())) return;
      await sleep(LOOK_MS);
    }
    throw new Error('expected the wallet to hear of all blocks');
  }
  async function clean() {
    while ((await mempool()).length > 0) await node.mine(1);
    await synced();
  }
  const asReferenceSees = async (root: Uint8Array, { attestation }: Submission) => {
    const proof = join(folder, `${Buffer.from(root).toString('hex')}.ots`);
    const timestamp = parseTimestamp(attestation!, root, { canonical: true });
    await writeFile(proof, serializeDetachedFile({ hash: 'sha256', digest: root, timestamp }));
    const document = `sha256:${Buffer.from(root).toString('hex')}`;
    return (await verifyWithReference(node.rpcUrl, [{ document, proof }]))[0];
  };

  return {
    get node() {
      return node;
    },
    get folder() {
      return folder;
    },
    anchor,
    wallet: <T>(name: string, method: string, ...params: unknown[]) =>
      callWallet(node, name, method, ...params) as Promise<T>,
    step,
    async sent(root) {
      const signed = await step(root, null);
      expect(signed).toMatchObject({ state: 'unsubmitted', attestation: null, retryAfterSeconds: 0 });
      expect(signed.detail).toBe('transaction signed, not sent yet');
      const pending = await step(root, signed);
      expect(pending).toMatchObject({ state: 'pending', attestation: null });
      return pending;
    },
    async until(root, before, state, settings = {}) {
      let now = before;
      for (let i = 0; i < PATIENCE; i++) {
        now = await step(root, now, settings);
        if (now.state === state) return now;
        await sleep(LOOK_MS);
      }
      throw new Error(`expected ${state}, got ${now.state}: ${now.detail}`);
    },
    mempool,
    mineOnly,
    synced,
    clean,
    async expectTrue(root, submission) {
      expect(submission.attestation === null).toBe(
        submission.state === 'pending' || submission.state === 'unsubmitted',
      );
      const { block } = progressOf(submission);
      if (block) expect(await node.rpc('getblockhash', block.number)).toBe(block.hash);
      if (submission.attestation && withReference)
        expect(await asReferenceSees(root, submission)).toMatchObject({ ok: true, height: block?.number });
    },
  };
}
