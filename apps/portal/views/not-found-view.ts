import { element } from '../element.js';
import type { Stage } from '../stage.js';
import { noticeView } from './notice-view.js';
import type { Words } from './words.js';

/** No record carries the document's digest: why that may be, without suspecting anyone. */
export function notFoundView({ page }: Words, stage: Extract<Stage, { name: 'not-found' }>): HTMLElement {
  const { notFound } = page;
  const ots = { none: undefined, matches: notFound.otsMatches, differs: notFound.otsDiffers }[stage.ots];
  return noticeView(
    'not-found',
    notFound,
    ots === undefined ? undefined : element('p', { class: 'notice-text emphasised' }, ots),
    element('ul', { class: 'reasons' }, ...notFound.reasons.map((reason) => element('li', {}, reason))),
    element('p', { class: 'digest-label' }, notFound.digest),
    element('p', {}, element('code', { class: 'hash' }, stage.digestHex)),
  );
}
