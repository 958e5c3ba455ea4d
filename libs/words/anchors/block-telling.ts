import type { ShownFacts, UndecidedFacts, UndecidedReason } from '#proof/anchors/shown-facts.js';
import type { Silence } from '#source/answer.js';
import { sayBlock, sayClock, sayShownBlocks, saySilent, saySources } from '../chain-words.js';
import { inOrder } from '../joints.js';
import type { Language } from '../language.js';
import type { NamedChain } from '../named-chain.js';
import type { Remedy } from '../remedy.js';
import type { FactRow, Saying } from './anchor-telling.js';

/** That something is in a block, how sure that is, and who shows it. */
export function sayBound(facts: ShownFacts, chain: NamedChain, subject: string, { language, format }: Saying): string {
  const block = sayBlock(chain, facts.height, language, format);
  return inOrder(
    language.joints,
    language.anchors.bound(subject, block, format.date(facts.time), sayClock(chain, language)),
    language.chains.finality[facts.finality],
    language.chains.shownBy(saySources(facts.sources, language)),
    saySilent(facts.silent, language),
  );
}

/** The same of a chain for tests, where none was to count. */
export function sayNotCounted(facts: ShownFacts, chain: NamedChain, subject: string, saying: Saying): string {
  const { joints, chains } = saying.language;
  return inOrder(joints, chains.notCounted, sayBound(facts, chain, subject, saying));
}

/** What was not decided, with the blocks that were shown and the sources that were silent. */
export function sayUndecided(
  sentence: string,
  facts: Omit<UndecidedFacts, 'reason'>,
  { language, format }: Saying,
): string {
  return inOrder(
    language.joints,
    sentence,
    sayShownBlocks(facts.blocks, language, format),
    saySilent(facts.silent, language),
  );
}

/** A sentence, and the sources that were silent. */
export function withSilent(sentence: string, { silent }: Pick<ShownFacts, 'silent'>, language: Language): string {
  return inOrder(language.joints, sentence, saySilent(silent, language));
}

/** Where a block shows a time. */
export function sayBlockPlace(height: number, chain: NamedChain, { language, format }: Saying): string {
  return language.answers.when.block(sayBlock(chain, height, language, format), sayClock(chain, language));
}

/** Who supplied the block, where somebody did. */
export function supplierRows(sources: readonly string[], { language }: Saying): FactRow[] {
  return sources.length === 0 ? [] : [[language.anchors.suppliedBy, saySources(sources, language)]];
}

/** Each block once, however many attestations lead to it. */
export function differentBlocks<Found extends object>(found: readonly Found[]): (Found & { height: number })[] {
  const blocks = found.filter((one): one is Found & { height: number } => 'height' in one);
  const key = (one: Found & { height: number }) => `${one.height} ${'hash' in one ? String(one.hash) : ''}`;
  return [...new Map(blocks.map((one) => [key(one), one])).values()];
}

/** What can be done where sources did not decide about a block. */
export function undecidedRemedy(
  reason: UndecidedReason,
  silent: readonly Silence[],
  chain: 'bitcoin' | 'evm',
): Remedy | undefined {
  switch (reason) {
    case 'contradicted':
      return { remedy: 'ask-independent-source' };
    case 'absent':
    case 'no-answer':
      return { remedy: 'try-later' };
    case 'not-asked':
      return silent.some((silence) => silence.reason === 'unpinned')
        ? { remedy: 'pin-headers' }
        : { remedy: 'give-source', chain };
    default:
      return reason satisfies never;
  }
}
