import type { When } from '#proof/verification.js';
import { sayAnchorPlace } from './anchors/anchor-words.js';
import { sayBlockPlace } from './anchors/block-telling.js';
import type { Format } from './format.js';
import type { Language } from './language.js';
import { namedBeaconChain } from './named-chain.js';

/** What shows a time: a block with whose clock it is, or an authority's time-stamp; stands in a sentence. */
export function sayPlace(
  by: NonNullable<When['notAfter']>['by'] | NonNullable<When['notBefore']>['by'],
  language: Language,
  format: Format,
): string {
  const saying = { language, format };
  return by.check === 'beacon'
    ? sayBlockPlace(by.height, namedBeaconChain(by.chain), saying)
    : sayAnchorPlace(by, saying);
}
