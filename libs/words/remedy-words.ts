import type { Comparison } from './comparison.js';
import { sayBlock, sayChain } from './chain-words.js';
import type { Language, Telling } from './language.js';
import type { Remedy } from './remedy.js';

/** A sentence; where who is reading makes a difference, one for each place. The page as one file brings its own (`offline-words.ts`), and says where it has none what the page says. */
export type Advice = string | { commandLine: string; page: string; file?: string };

/** A sentence for each kind of chain of which a source can be given. */
type ForChains = Record<Extract<Remedy, { remedy: 'give-source' }>['chain'], string>;

type WithFacts = 'hand-in-proof' | 'give-digest' | 'give-source';

/** What a person can do, in one language. What to hand in instead of a file that is no proof stands beside what that file is. */
export interface RemedyWords extends Record<Exclude<Remedy['remedy'], WithFacts>, Advice> {
  'give-digest': { commandLine: (algorithms: string) => string; page: string };
  'give-source': { commandLine: ForChains; page: string; file?: ForChains };
}

/** What to compare by hand, in one language, and with what. */
export interface ComparisonTexts {
  'merkle-root': (block: string) => string;
  'block-hash': (block: string) => string;
  genesis: (chain: string) => string;
  'root-certificate': (name: string) => string;
  'log-key': string;
  digest: (algorithm: string) => string;
  /** Where to find the other one. */
  where: Record<'chain' | 'authority' | 'operator' | 'document', string>;
}

/** What can be done about a finding, in a language. */
export function sayRemedy(told: Remedy, { joints, remedies, unreadable }: Language, { place }: Telling): string {
  switch (told.remedy) {
    case 'hand-in-proof':
      return unreadable[told.kind].handIn;
    case 'give-digest': {
      const { commandLine, page } = remedies['give-digest'];
      return place.kind === 'command-line' ? commandLine(told.algorithms.join(joints.items)) : page;
    }
    case 'give-source': {
      const { commandLine, file, page } = remedies['give-source'];
      if (place.kind === 'command-line') return commandLine[told.chain];
      return place.kind === 'file' ? (file?.[told.chain] ?? page) : page;
    }
    default: {
      const advice = remedies[told.remedy];
      if (typeof advice === 'string') return advice;
      if (place.kind === 'command-line') return advice.commandLine;
      return place.kind === 'file' ? (advice.file ?? advice.page) : advice.page;
    }
  }
}

/** What to compare, and with what, in a language. */
export function sayComparison(
  item: Comparison,
  language: Language,
  { format }: Telling,
): { what: string; where: string } {
  const { comparisons: words } = language;
  const { where } = words;
  switch (item.compare) {
    case 'merkle-root':
    case 'block-hash':
      return { what: words[item.compare](sayBlock(item.chain, item.height, language, format)), where: where.chain };
    case 'genesis':
      return { what: words.genesis(sayChain(item.chain, language)), where: where.chain };
    case 'root-certificate':
      return { what: words['root-certificate'](item.name), where: where.authority };
    case 'log-key':
      return { what: words['log-key'], where: where.operator };
    case 'digest':
      return { what: words.digest(item.algorithm), where: where.document };
    default:
      return item satisfies never;
  }
}
