import { createHash, randomBytes } from 'node:crypto';
import type { Submission } from '../../anchor.js';
import type { Exclusively } from '../../anchor-kind.js';
import { createEvmAnchor, type EvmSettings } from '../evm.js';
import type { EvmProgress } from '../progress.js';
import { checkpointOf } from '../../testing/checkpoint.js';
import { type EvmAnchoring, readEvmAttestation, verifyEvmAttestation } from '#evm/attestation.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { type EvmNode, startEvmNode } from './evm-node.js';
import { type RpcProxy, startRpcProxy } from './rpc-proxy.js';

/** A root that nobody has used. */
export const newRoot = (): Uint8Array => new Uint8Array(createHash('sha256').update(randomBytes(32)).digest());

/** One at a time under a name, within this process. */
export function createLock(): Exclusively {
  const turns = new Map<string, Promise<unknown>>();
  return (name, work) => {
    const turn = (turns.get(name) ?? Promise.resolve()).then(work, work);
    turns.set(
      name,
      turn.catch(() => undefined),
    );
    return turn;
  };
}

/** The adapter's memory in a submission. */
export const progressOf = (submission: Submission): EvmProgress => submission.progress as EvmProgress;

/** Settings of an anchor at this node that are right, with one block to finality. */
export async function settingsFor(
  node: EvmNode,
  privateKey: string = node.accounts[0]!.privateKey,
): Promise<EvmSettings> {
  const genesis = (await node.block(0))!.hash;
  return {
    name: 'evm:test',
    rpcUrls: [node.rpcUrl],
    chainId: node.chainId,
    genesis,
    blockTimeUnit: 's',
    finality: { blocks: 3 },
    maxFeeGwei: 50,
    pollSeconds: 1,
    privateKey,
    timeoutMs: 5000,
    // No kept connections: after a restart of the node they would lead to the process that is gone.
    fetch: (url, init) => fetch(url, { ...init, headers: { ...(init?.headers as object), connection: 'close' } }),
    now: () => new Date(),
    exclusively: createLock(),
  };
}

/** Steps through submissions as the service does: each from what a database would hold, by a process that has just started. */
export function createStepper(settings: () => EvmSettings) {
  const again = (submission: Submission): Submission => {
    const text = JSON.stringify(submission);
    // Whatever happens, the key is in nothing that is stored or shown.
    if (text.toLowerCase().includes(settings().privateKey.toLowerCase().replace(/^0x/, '')))
      throw new Error('the private key is in a submission');
    return {
      ...(JSON.parse(text) as Submission),
      attestation: submission.attestation && Uint8Array.from(submission.attestation),
    };
  };
  const step = async (root: Uint8Array, before: Submission | null, changed: Partial<EvmSettings> = {}) => {
    const anchor = createEvmAnchor({ ...settings(), ...changed });
    const answer =
      before === null || before.state === 'unsubmitted'
        ? await anchor.submit(checkpointOf(root), before)
        : await anchor.confirm(before);
    return again(answer);
  };
  /** Signed and sent, and in no block yet. */
  const sent = async (root: Uint8Array, changed: Partial<EvmSettings> = {}) =>
    step(root, await step(root, null, changed), changed);
  return { again, step, sent };
}

/** What the attestation of a submission shows by itself, offline. Throws when it shows nothing. */
export function verified(root: Uint8Array, { attestation }: Submission): EvmAnchoring {
  return verifyEvmAttestation(readEvmAttestation(attestation!), root);
}

/** How far back transactions are looked for, in blocks: no test makes as many with one root. */
const SEARCH_BLOCKS = 60;

/** Hashes of the transactions in the chain that carry a root, as it stands in their input. */
export async function minedFor(node: EvmNode, root: Uint8Array): Promise<string[]> {
  const found: string[] = [];
  const newest = await node.height();
  for (let height = newest; height > Math.max(newest - SEARCH_BLOCKS, 0); height--) {
    const block = await node.rpc<{ transactions: { hash: string; input: string }[] }>(
      'eth_getBlockByNumber',
      `0x${height.toString(16)}`,
      true,
    );
    for (const { hash, input } of block.transactions) if (input.endsWith(bytesToHex(root))) found.push(hash);
  }
  return found;
}

interface PoolTransaction {
  hash: string;
  input: string;
}

/** The transactions that wait in the node. */
export async function waitingIn(node: EvmNode): Promise<PoolTransaction[]> {
  const pool =
    await node.rpc<Record<'pending' | 'queued', Record<string, Record<string, PoolTransaction>>>>('txpool_content');
  return [pool.pending, pool.queued].flatMap((accounts) =>
    Object.values(accounts).flatMap((one) => Object.values(one)),
  );
}

/** Hashes of those that carry a root. */
export const waitingFor = async (node: EvmNode, root: Uint8Array): Promise<string[]> =>
  (await waitingIn(node)).filter(({ input }) => input.endsWith(bytesToHex(root))).map(({ hash }) => hash);

/** Blocks go by, and what waits is in none of them: as when blocks are full. */
export async function passBlocks(node: EvmNode, blocks: number): Promise<void> {
  const raws: string[] = [];
  for (const { hash } of await waitingIn(node)) {
    raws.push(await node.rpc<string>('eth_getRawTransactionByHash', hash));
    await node.rpc('anvil_dropTransaction', hash);
  }
  await node.mine(blocks);
  for (const raw of raws) await node.rpc('eth_sendRawTransaction', raw);
}

/** A block with exactly these transactions of those that wait, and others forgotten. */
export async function mineOnly(node: EvmNode, ...raws: string[]): Promise<void> {
  await node.rpc('anvil_dropAllTransactions');
  for (const raw of raws) await node.rpc('eth_sendRawTransaction', raw);
  await node.mine();
}

export const transactions = (submission: Submission): EvmProgress['transactions'] =>
  progressOf(submission).transactions;

export const hostOf = (url: string): string => new URL(url).host;

/** The method that a request calls. */
export const methodOf = (init: RequestInit | undefined): string =>
  (JSON.parse(init!.body as string) as { method: string }).method;

/** What the chain of a room is made of, so that another one has the same first block. */
export const ROOM_CHAIN = { noMining: true, genesisTimestamp: 1_790_000_000 };

/** The price of gas at which each test begins, in wei. */
const BASE_FEE = 1_000_000_000n;

/** A node of one's own for the tests of a file, a proxy before it that can be told to lie, and an anchor that works with the node. Tests share
 * neither a memory pool nor a price. */
export interface EvmRoom extends ReturnType<typeof createStepper> {
  readonly node: EvmNode;
  readonly proxy: RpcProxy;
  readonly settings: EvmSettings;
  /** No attestation about a block that the chain has not, none that does not verify by itself, and one transaction at the most. */
  expectTrue(root: Uint8Array, submission: Submission): Promise<void>;
  /** Steps to finality. */
  finish(root: Uint8Array, before: Submission, changed?: Partial<EvmSettings>): Promise<Submission>;
}

/** To be called in a `describe`: starts the node before its tests, and stops it after them. */
export function useEvmNode(): EvmRoom {
  let node: EvmNode;
  let proxy: RpcProxy;
  let settings: EvmSettings;
  beforeAll(async () => {
    node = await startEvmNode(ROOM_CHAIN);
    settings = await settingsFor(node);
    proxy = await startRpcProxy(node.rpcUrl);
    await node.mine(3);
  });
  afterEach(async () => {
    Object.assign(proxy, { calls: 0, alter: null, cut: null });
    await node.setNextBaseFee(BASE_FEE);
    await node.mine();
    expect(await waitingIn(node)).toEqual([]);
  });
  afterAll(async () => {
    await proxy?.stop();
    await node?.stop();
  });

  const stepper = createStepper(() => settings);
  async function expectTrue(root: Uint8Array, submission: Submission) {
    expect(submission.attestation === null).toBe(submission.state === 'pending' || submission.state === 'unsubmitted');
    const mined = await minedFor(node, root);
    expect(mined.length + (await waitingFor(node, root)).length).toBeLessThanOrEqual(1);
    if (submission.attestation === null) return;
    const shown = verified(root, submission);
    expect(`0x${bytesToHex(shown.blockHash)}`).toBe((await node.block(shown.number))?.hash);
    expect(progressOf(submission).block?.number).toBe(shown.number);
    expect(mined).toEqual([`0x${bytesToHex(shown.transactionHash)}`]);
  }
  return {
    ...stepper,
    get node() {
      return node;
    },
    get proxy() {
      return proxy;
    },
    get settings() {
      return settings;
    },
    expectTrue,
    async finish(root, before, changed = {}) {
      await node.mine(3);
      const final = await stepper.step(root, before, changed);
      expect(final.state).toBe('final');
      await expectTrue(root, final);
      return final;
    },
  };
}
