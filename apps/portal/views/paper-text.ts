import { element } from '../element.js';
import type { Words } from './words.js';

/** What a code says, to be compared with the paper by eye, which no check does; of one on a page of a file, that the answer is about that alone. */
export function paperText(
  { format, page: { intake } }: Words,
  { page, text }: { page?: number | undefined; text?: string | undefined },
): HTMLElement | undefined {
  if (text === undefined && page === undefined) return undefined;
  const { compare, comparePage, onPage } = intake.scan;
  const advice =
    page === undefined ? [compare] : [onPage(format.number(page)), ...(text === undefined ? [] : [comparePage])];
  return element(
    'figure',
    { class: 'paper-text' },
    element('figcaption', {}, advice.join(' ')),
    text === undefined ? undefined : element('bdi', { class: 'paper-words' }, text),
  );
}
