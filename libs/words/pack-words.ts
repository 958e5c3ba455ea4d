import type { NetworkName } from '#bitcoin/network.js';
import type { Answer } from '#source/answer.js';
import type { NewestHeight } from '#source/newest.js';
import type { Saying } from './anchors/anchor-telling.js';
import { sayUndecided, withSilent } from './anchors/block-telling.js';
import { sayBlock, saySources } from './chain-words.js';
import { commandLineWords } from './command-line.js';
import { inOrder } from './joints.js';
import type { Language } from './language.js';

/** What one language says of a file of Bitcoin block headers. Numbers come written; blocks and chains stand in a sentence. */
export interface PackWords {
  valid: (headers: string, from: string, to: string, chain: string) => string;
  fetched: (file: string, blocks: { from: string; to: string; chain: string; added: string; newest: string }) => string;
  /** What sources say of a block of the file. */
  same: (block: string) => string;
  another: (block: string) => string;
  undecided: (block: string, why: string) => string;
  newestUndecided: (why: string) => string;
  /** Why, where only some of the sources were heard; stands in a sentence. */
  unheard: string;
  cutShort: (file: string, bytes: string) => string;
  reorganised: (file: string, headers: string, from: string, to: string) => string;
  followedTo: (block: string) => string;
  noMoreWork: (file: string, block: string) => string;
  sourcesEnd: (block: string, wanted: string) => string;
  rows: Record<'network' | 'start' | 'end' | 'headers' | 'work' | 'targets', string>;
  origin: Record<'genesis' | 'pinned' | 'unknown', string>;
  size: (headers: string, bytes: string) => string;
  work: (hashes: string, log2: string) => string;
  targets: Record<'checked' | 'unchecked', string>;
}

/** A block of a file of headers. */
export interface HeldBlock {
  height: number;
  network: NetworkName;
}

/** The block; stands in a sentence. */
export function sayHeldBlock({ height, network }: HeldBlock, { language, format }: Saying): string {
  return sayBlock({ kind: 'bitcoin', network }, height, language, format);
}

/** What sources say of a block of the file. */
export function sayCompared(held: HeldBlock, answer: Answer, saying: Saying): string {
  const { language } = saying;
  const { packs } = commandLineWords(language);
  if (answer.outcome === 'another')
    return sayUndecided(packs.another(sayHeldBlock(held, saying)), { ...answer, blocks: [answer.block] }, saying);
  if (answer.outcome !== 'shown') return sayUndecidedBlock(held, answer, saying);
  const sources = language.chains.shownBy(saySources(answer.block.sources, language));
  return withSilent(inOrder(language.joints, packs.same(sayHeldBlock(held, saying)), sources), answer, language);
}

/** That it was not decided whether the sources have a block of the file; also where some show it, since others were not heard. */
export function sayUndecidedBlock(
  held: HeldBlock,
  answer: Pick<Answer, 'outcome' | 'silent'> & { blocks?: Extract<Answer, { outcome: 'contradicted' }>['blocks'] },
  saying: Saying,
): string {
  const { chains } = saying.language;
  const { blocks = [], outcome, silent } = answer;
  const { undecided, unheard } = commandLineWords(saying.language).packs;
  const why = outcome === 'shown' || outcome === 'another' ? unheard : chains.undecided[outcome];
  return sayUndecided(undecided(sayHeldBlock(held, saying), why), { blocks, silent }, saying);
}

/** That the newest block is not known, or not of all sources. */
export function sayNewestUndecided(newest: NewestHeight, language: Language): string {
  const { newestUndecided, unheard } = commandLineWords(language).packs;
  const why = newest.outcome === 'told' ? unheard : language.chains.undecided[newest.outcome];
  return withSilent(newestUndecided(why), newest, language);
}
