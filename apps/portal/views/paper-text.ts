import { element } from '../element.js';
import type { Words } from './words.js';

/** What a code on paper says, to be compared with the paper by eye: no check does that. */
export function paperText({ page }: Words, text: string | undefined): HTMLElement | undefined {
  if (text === undefined) return undefined;
  return element(
    'figure',
    { class: 'paper-text' },
    element('figcaption', {}, page.intake.scan.compare),
    element('bdi', { class: 'paper-words' }, text),
  );
}
