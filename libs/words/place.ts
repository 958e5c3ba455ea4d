import type { When } from '#proof/verification.js';
import { sayBlock, sayClock } from './chain-words.js';
import type { Format } from './format.js';
import type { Language } from './language.js';
import { chainOf } from './note.js';

/** What shows a time: a block with whose clock it is, or an authority's time-stamp; stands in a sentence. */
export function sayPlace(
  by: NonNullable<When['notAfter']>['by'] | NonNullable<When['notBefore']>['by'],
  language: Language,
  format: Format,
): string {
  const { block, timeStamp } = language.answers.when;
  const chain = chainOf(by);
  if (chain === null || !('height' in by)) return timeStamp('authority' in by ? by.authority : '');
  return block(sayBlock(chain, by.height, language, format), sayClock(chain, language));
}
