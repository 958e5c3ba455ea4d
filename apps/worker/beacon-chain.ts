import { createBitcoinSources, createEvmSources } from '#anchors/sources.js';
import type { Config } from '#config/config.js';
import type { BlockSource } from '#source/block-source.js';
import type { EvmSource } from '#source/evm-source.js';

/** The chain that beacons come from, and whom to ask about it. */
export type BeaconChain =
  | { readonly kind: 'bitcoin'; readonly sources: readonly BlockSource[] }
  | {
      readonly kind: 'evm';
      readonly chainId: number;
      /** Hash of block 0, hex without `0x`. */
      readonly genesis: string;
      /** What they call final goes by the chain's rule. */
      readonly sources: readonly EvmSource[];
    };

/** The configured beacon's chain; null for none, and when the configuration names no source of that chain. */
export function createBeaconChain(config: Config): BeaconChain | null {
  if (config.beacon === 'bitcoin') {
    const sources = createBitcoinSources(config);
    return sources.length === 0 ? null : { kind: 'bitcoin', sources };
  }
  const chain = config.evmChains.find(({ name }) => config.beacon === `evm:${name}`);
  if (chain === undefined) return null;
  const genesis = chain.genesis.toLowerCase().replace(/^0x/, '');
  return { kind: 'evm', chainId: chain.chainId, genesis, sources: createEvmSources(chain, config) };
}
