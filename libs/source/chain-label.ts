import { NETWORKS, type NetworkName } from '#bitcoin/network.js';
import type { Chain } from './chain.js';

/** How batch entries name Bitcoin's main chain; its other networks are `bitcoin-regtest` and the like. */
const BITCOIN = 'bitcoin';

/** How batch entries name EVM chains: by their id. */
const EVM_LABEL = /^evm-([1-9][0-9]{0,15})$/;

/** How a batch entry names a chain. */
export function chainLabel(
  chain: { kind: 'bitcoin'; network: NetworkName } | { kind: 'evm'; chainId: number },
): string {
  if (chain.kind === 'evm') return `evm-${chain.chainId}`;
  return chain.network === 'mainnet' ? BITCOIN : `${BITCOIN}-${chain.network}`;
}

/** The chain that a batch entry names so; null for one of no kind that is known here. */
export function parseChainLabel(
  label: string,
): Extract<Chain, { kind: 'evm' }> | { kind: 'bitcoin'; network: NetworkName } | null {
  const id = Number(EVM_LABEL.exec(label)?.[1]);
  if (Number.isSafeInteger(id)) return { kind: 'evm', chainId: id, genesis: null };
  const network = Object.values(NETWORKS).find(({ name }) => chainLabel({ kind: 'bitcoin', network: name }) === label);
  return network === undefined ? null : { kind: 'bitcoin', network: network.name };
}
