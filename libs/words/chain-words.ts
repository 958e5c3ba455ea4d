import type { UndecidedFacts, UndecidedReason } from '#proof/anchors/shown-facts.js';
import type { Finality, Silence } from '#source/answer.js';
import type { Format } from './format.js';
import type { Language } from './language.js';
import type { NamedChain } from './named-chain.js';

/** How chains, their blocks, and the sources that show them are spoken of in one language. */
export interface ChainWords {
  names: {
    bitcoin: string;
    'bitcoin-test': (network: string) => string;
    known: (id: number, name: string) => string;
    test: (id: number) => string;
    impostor: (id: number, name: string) => string;
    numbered: (id: number) => string;
    other: (text: string) => string;
  };
  bitcoinBlock: (height: string) => string;
  blockOf: (height: string, chain: string) => string;
  /** Whose clock a block's time is, with the article or without, as the sentences that take it need it. */
  clocks: Record<'bitcoin' | 'evm', string>;
  finality: Record<Finality, string>;
  /** A block was shown, and by which sources. */
  shownBy: (sources: string) => string;
  /** That a chain for tests shows it, and chains for tests were not to count. */
  notCounted: string;
  /** Why sources did not decide; stands in a sentence. */
  undecided: Record<UndecidedReason, string>;
  /** The blocks that contradict each other. */
  shownWere: (blocks: string) => string;
  shownBlock: (block: { sources: string; hash: string; time: string }) => string;
  /** The sources that contributed nothing. */
  silent: (sources: string) => string;
  silentSource: (source: string, reason: string) => string;
  /** Why a source contributed nothing; stands in a sentence. */
  silence: Record<Silence['reason'], string>;
}

/** The name of a chain. */
export function sayChain(chain: NamedChain, { chains: { names } }: Language): string {
  switch (chain.kind) {
    case 'bitcoin':
      return isMainnet(chain) ? names.bitcoin : names['bitcoin-test'](chain.network ?? '');
    case 'known':
    case 'impostor':
      return names[chain.kind](chain.id, chain.name);
    case 'test':
    case 'numbered':
      return names[chain.kind](chain.id);
    case 'other':
      return names.other(chain.text);
    default:
      return chain satisfies never;
  }
}

/** A block of a chain. */
export function sayBlock(chain: NamedChain, height: number, language: Language, format: Format): string {
  const { bitcoinBlock, blockOf } = language.chains;
  return isMainnet(chain)
    ? bitcoinBlock(format.number(height))
    : blockOf(format.number(height), sayChain(chain, language));
}

/** Whose clock the time of a block of that chain is. */
export function sayClock(chain: NamedChain, { chains: { clocks } }: Language): string {
  return clocks[chain.kind === 'bitcoin' ? 'bitcoin' : 'evm'];
}

/** The names of sources, in a list. */
export function saySources(sources: readonly string[], { joints }: Language): string {
  return sources.join(joints.items);
}

/** The sources that contributed nothing, and why; null when there is none. */
export function saySilent(silent: readonly Silence[], { chains, joints }: Language): string | null {
  if (silent.length === 0) return null;
  const sources = silent.map(({ reason, source }) => chains.silentSource(source, chains.silence[reason]));
  return chains.silent(sources.join(joints.groups));
}

/** The blocks that sources showed although nothing was decided; null when there is none. */
export function sayShownBlocks(blocks: UndecidedFacts['blocks'], language: Language, format: Format): string | null {
  if (blocks.length === 0) return null;
  const { chains, joints } = language;
  const each = blocks.map(({ hash, sources, timeMs }) =>
    chains.shownBlock({ sources: saySources(sources, language), hash, time: format.date(timeMs) }),
  );
  return chains.shownWere(each.join(joints.groups));
}

/** A chain of whose network nobody says otherwise counts as Bitcoin itself. */
function isMainnet(chain: NamedChain): boolean {
  return chain.kind === 'bitcoin' && (chain.network === null || chain.network === 'mainnet');
}
