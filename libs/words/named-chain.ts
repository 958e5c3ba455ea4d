import type { NetworkName } from '#bitcoin/network.js';
import { identifyChain, knownChain } from '#evm/chain.js';
import { parseChainLabel } from '#source/chain-label.js';

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
  const chain = parseChainLabel(text);
  if (chain === null) return { kind: 'other', text };
  return chain.kind === 'evm' ? namedEvmChain(chain) : chain;
}
