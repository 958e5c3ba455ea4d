import { element } from '../element.js';
import type { Stage } from '../stage.js';
import { noticeView } from './notice-view.js';
import type { Words } from './words.js';

/** No record carries the document's digest: why that may be, without suspecting anyone. */
export function notFoundView({ format, page }: Words, stage: Extract<Stage, { name: 'not-found' }>): HTMLElement {
  const { notFound } = page;
  const ots = { none: undefined, matches: notFound.otsMatches, differs: notFound.otsDiffers }[stage.ots];
  return noticeView(
    'not-found',
    notFound,
    ots === undefined ? undefined : element('p', { class: 'notice-text emphasised' }, ots),
    element('ul', { class: 'reasons' }, ...notFound.reasons.map((reason) => element('li', {}, reason)), pagesLine()),
    element('p', { class: 'digest-label' }, notFound.digest),
    element('p', {}, element('code', { class: 'hash' }, stage.digestHex)),
  );

  /** What came of the search for a code on the pages, where there are pages. */
  function pagesLine(): HTMLElement | undefined {
    const { pages } = stage;
    if (pages === undefined) return undefined;
    const { none, some, ...others } = notFound.pages;
    const faults = { ...others, 'no-reader': page.intake.refusals['no-reader'] };
    if (pages.state !== 'none') return element('li', { 'data-pages': pages.state }, faults[pages.state]);
    const { looked, of } = pages;
    const said = looked === of ? none : some(format.number(looked), format.number(of));
    return element('li', { 'data-pages': 'none' }, said);
  }
}
