import { NETWORKS } from '#bitcoin/network.js';
import { identifyChain } from '#evm/chain.js';
import type { Chain, Standing } from './chain.js';

/** What a block of this chain is worth to a stranger: the one place that tells public chains from those for tests. */
export function standingOf(chain: Chain): Standing {
  if (chain.kind === 'evm') return identifyChain(chain.chainId, chain.genesis).standing;
  if (chain.network === null) return 'unnamed';
  return NETWORKS[chain.network].test ? 'test' : 'public';
}
