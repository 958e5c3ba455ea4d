import { z } from 'zod';
import { type NetworkName, networkOfCoreName } from '#bitcoin/network.js';
import { createBitcoinNodeSource } from '#source/bitcoin-node-source.js';
import { BITCOIN_FINAL_BLOCKS } from '#source/bitcoin-witness.js';
import type { BlockSource } from '#source/block-source.js';
import type { Fetch } from '#source/http-answer.js';
import type { Anchor } from '../anchor.js';
import { AnchorError } from '../error.js';
import { NodeFault } from '../json-rpc.js';
import { createPayingAnchor, type PayingNode } from '../paying/paying-anchor.js';
import { createPromises } from '../paying/promises.js';
import { createCoreRpc, explain } from './core-rpc.js';
import { MAX_VERSIONS } from './fee.js';
import { observe } from './observe.js';
import { type Payer, perform } from './perform.js';
import { type BitcoinTransaction, parseProgress } from './progress.js';

/** How the adapter is set up. */
export interface BitcoinSettings {
  /** Bitcoin Core's RPC, `user:password@` in it unless `fetch` brings the authorization. */
  url: string;
  /** Wallet that pays; without it the only one that the node has loaded. */
  wallet?: string | undefined;
  /** The only network that the node may be on; any without it. */
  network?: NetworkName | undefined;
  /** Most that the transaction of one root may cost, in satoshis, however often its fee is raised. */
  maxFeeSats: number;
  /** Least that a transaction pays, in satoshis for a virtual byte, also where the node cannot estimate what it takes. */
  minFeeRate: number;
  /** Blocks within which a transaction should confirm; after as many its fee is raised. */
  targetBlocks: number;
  /** Blocks, the holding one included, after which a submission is final; no fewer than verifiers ask for. */
  finalBlocks: number;
  /** Who else is asked whether a block is in the chain. */
  otherSources: readonly BlockSource[];
  /** How often a submission that is not final is looked at. */
  pollSeconds: number;
  /** Time for one call. */
  timeoutMs: number;
  fetch: typeof fetch;
  now: () => Date;
}

const chainInfo = z.object({ chain: z.string(), blocks: z.int().nonnegative(), initialblockdownload: z.boolean() });

/** The anchor that puts roots into Bitcoin through a node of one's own. @throws AnchorError `bad-settings`; AddressError */
export function createBitcoinAnchor(settings: BitcoinSettings): Anchor {
  const { network, maxFeeSats, minFeeRate, targetBlocks, finalBlocks, pollSeconds, now } = settings;
  if (finalBlocks < BITCOIN_FINAL_BLOCKS || targetBlocks < 1 || maxFeeSats < 0 || minFeeRate < 0) {
    const expected = `expected at least ${BITCOIN_FINAL_BLOCKS} blocks until it is final, 1 until it should confirm, and no negative fee`;
    throw new AnchorError('bad-settings', `Bitcoin anchor: ${expected}`);
  }
  const rpc = createCoreRpc(settings);
  const { url, timeoutMs, otherSources } = settings;
  const source = createBitcoinNodeSource({ url, fetch: settings.fetch as Fetch, timeoutMs, network });
  const promises = createPromises(now);
  const payer: Payer = { rpc, maxFeeSats, minFeeRate, targetBlocks, finalBlocks, promises, inTurn: createTurns() };

  const seen = { rpc, source, otherSources, finalBlocks, now };

  return createPayingAnchor<BitcoinTransaction>({
    name: 'bitcoin',
    id: 'bitcoin',
    mostSpent: { amount: String(maxFeeSats), unit: 'sats' },
    pollSeconds,
    now,
    readProgress: parseProgress,
    rules: {
      patienceBlocks: targetBlocks,
      maxVersions: MAX_VERSIONS,
      yieldsClaim: true,
      claim: () => 'a coin of the transaction',
    },
    async reach() {
      const words = { unit: 'sat', finalBlocks };
      try {
        const info = await rpc.node(chainInfo, 'getblockchaininfo');
        const name = networkOfCoreName(info.chain)?.name;
        const chain = name === 'mainnet' ? 'Bitcoin' : `Bitcoin ${name ?? 'of unknown network'}`;
        const problem = notReady(info, name);
        const node: PayingNode<BitcoinTransaction> = {
          observe: (stored) => observe({ ...seen, network: name, height: info.blocks }, stored),
          perform: (task, stored) => perform(payer, task, stored),
          alone: (work) => work(),
          explain,
        };
        const nodes = problem === null ? [node] : [];
        return { nodes, problems: problem === null ? [] : [problem], words: { ...words, chain } };
      } catch (error) {
        if (!(error instanceof NodeFault)) throw error;
        return { nodes: [], problems: [explain(error)], words: { ...words, chain: 'Bitcoin' } };
      }
    },
  });

  /** Why the node cannot be relied on; null when it can. */
  function notReady(info: z.output<typeof chainInfo>, name: NetworkName | undefined): string | null {
    if (network !== undefined && name !== network)
      return `the node is on the wrong chain: expected ${network}, got ${name ?? 'one unknown here'}`;
    return info.initialblockdownload ? `the node is still syncing, at block ${info.blocks}` : null;
  }
}

/** Work that waits for the work before it, whatever becomes of that. */
function createTurns(): Payer['inTurn'] {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(work, work);
    last = turn.catch(() => undefined);
    return turn;
  };
}
