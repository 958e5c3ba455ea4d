import type { NetworkName } from '#bitcoin/network.js';
import { NETWORKS } from '#bitcoin/network.js';
import { identifyChain, knownChain } from '#evm/chain.js';

/** A chain as sentences speak of it: by what is known of it, never by a name that it merely claims. */
export type NamedChain =
  /** `network` is null when no source could tell which one it serves. */
  | { kind: 'bitcoin'; network: NetworkName | null }
  /** The known chain of that id, by its block 0. `name` is what its people call it, the same in every language. */
  | { kind: 'known'; id: number; name: string }
  /** It has the id of a test chain, which anybody may run. */
  | { kind: 'test'; id: number }
  /** It has the id of a known chain, whose `name` this is, and another block 0. */
  | { kind: 'impostor'; id: number; name: string }
  /** Nothing is known of it but its id. */
  | { kind: 'numbered'; id: number }
  /** As a batch names it; of no kind that is known here. */
  | { kind: 'other'; text: string };

/** How a chain of an EVM attestation is spoken of. `genesis` is null where only the id is known. */
export function namedEvmChain({ chainId: id, genesis }: { chainId: number; genesis: string | null }): NamedChain {
  const { name, standing } = identifyChain(id, genesis);
  if (name !== null) return { kind: 'known', id, name };
  if (standing === 'test') return { kind: 'test', id };
  const claimed = standing === 'impostor' ? knownChain(id)?.name : undefined;
  return claimed === undefined ? { kind: 'numbered', id } : { kind: 'impostor', id, name: claimed };
}

/** How a chain that a batch entry names is spoken of: `bitcoin`, `bitcoin-<network>`, `evm-<id>`, or another. */
export function namedBeaconChain(text: string): NamedChain {
  if (text === 'bitcoin') return { kind: 'bitcoin', network: 'mainnet' };
  const network = Object.values(NETWORKS).find(({ name }) => text === `bitcoin-${name}`);
  if (network !== undefined) return { kind: 'bitcoin', network: network.name };
  const id = Number(/^evm-([1-9][0-9]{0,15})$/.exec(text)?.[1]);
  return Number.isNaN(id) ? { kind: 'other', text } : namedEvmChain({ chainId: id, genesis: null });
}
