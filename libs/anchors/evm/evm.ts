import { chainName } from '#evm/chain.js';
import type { Anchor } from '../anchor.js';
import { asking } from '#source/ask.js';
import type { Exclusively } from '../anchor-kind.js';
import { AnchorError } from '../error.js';
import { withFinality } from '../sources.js';
import { createPayingAnchor, type PayingNode } from '../paying/paying-anchor.js';
import { createPromises } from '../paying/promises.js';
import { createAccount } from './account.js';
import { type ChainSettings, readChainState } from './chain-state.js';
import { createEvmRpcs, explain } from './evm-rpc.js';
import { gweiToWei, RECKONED_GAS } from './fee.js';
import { observe } from './observe.js';
import { perform } from './perform.js';
import { type EvmTransaction, parseProgress } from './progress.js';
import type { EvmChainAccount, View } from './view.js';

/** Blocks after which a transaction that none of them holds is replaced by one with higher fees. */
const PATIENCE_BLOCKS = 5;

/** Most versions of one transaction, the first included. */
const MAX_VERSIONS = 10;

/** How the adapter is set up. Hex with `0x`, lower case. */
export interface EvmSettings extends ChainSettings {
  /** Name of the anchor: `evm:<chain>`. */
  name: string;
  /** JSON-RPC addresses of nodes, the preferred one first. */
  rpcUrls: readonly string[];
  /** Who gets the transactions; the account itself unless given. */
  to?: string | undefined;
  /** Most that a unit of gas may cost. */
  maxFeeGwei: number;
  /** How often a submission is looked at. */
  pollSeconds: number;
  /** Key of the account that pays, 64 hex digits. */
  privateKey: string;
  /** Time for one call. */
  timeoutMs: number;
  fetch: typeof fetch;
  now: () => Date;
  exclusively: Exclusively;
}

/** The anchor that puts roots into an EVM chain, as the call data of transactions of an account of one's own.
 * @throws AnchorError `bad-settings` */
export function createEvmAnchor(settings: EvmSettings): Anchor {
  const { name, pollSeconds, now, exclusively, chainId, genesis, blockTimeUnit, finality } = settings;
  const rpcs = createEvmRpcs(settings.rpcUrls, settings);
  const account = createAccount(settings.privateKey);
  const to = (settings.to ?? account.address).toLowerCase();
  if (rpcs.length === 0 || settings.maxFeeGwei < 0 || !isAddress(to))
    throw new AnchorError(
      'bad-settings',
      `Anchor ${name}: expected a node, no negative fee and an address as receiver`,
    );
  const mostPerGas = gweiToWei(settings.maxFeeGwei);
  const chain: EvmChainAccount = {
    chainId,
    genesis: genesis.toLowerCase(),
    blockTimeUnit,
    finality,
    account,
    to,
    mostPerGas,
    mostWei: mostPerGas * RECKONED_GAS,
    now,
    promises: createPromises(now),
  };
  return createPayingAnchor<EvmTransaction>({
    name,
    id: String(chainId),
    oneAtATime: true,
    mostSpent: { amount: chain.mostWei.toString(), unit: 'wei' },
    pollSeconds,
    now,
    readProgress: parseProgress,
    rules: {
      patienceBlocks: PATIENCE_BLOCKS,
      maxVersions: MAX_VERSIONS,
      yieldsClaim: false,
      claim: ({ nonce, from }) => `number ${nonce} of account ${from}`,
    },
    async reach() {
      const { ready, problems } = await readChainState(rpcs, chain);
      const ask = asking({ bitcoin: [], evm: rpcs.map(({ source }) => withFinality(source, finality)) });
      const nodes = ready.map((node, i) => {
        // A node is asked when all before it have failed.
        const failed = ready.slice(0, i).map((other) => ({ ...other, counts: false }));
        const view: View = { chain, node, others: [...failed, ...ready.slice(i + 1)], ask };
        return {
          observe: (stored) => observe(view, stored),
          perform: (task, stored) => perform(view, task, stored),
          alone: (work) => exclusively(`${chainId}:${account.address}`, work),
          explain: (fault) => `${node.rpc.name} ${explain(fault)}`,
        } satisfies PayingNode<EvmTransaction>;
      });
      return { nodes, problems, words: { chain: chainName(chainId, chain.genesis), unit: 'wei', finalBlocks: null } };
    },
  });
}

const isAddress = (text: string): text is `0x${string}` => /^0x[0-9a-f]{40}$/.test(text);
