import type { Answer } from '#words/language.js';
import type { VerificationWords } from '#words/tell.js';
import { element } from '../element.js';
import { icon } from '../icon.js';
import { outcomeIcon } from './checks-view.js';
import type { Words } from './words.js';

/** The three answers that most readers came for, each with a mark; what each rests on folds out below it. */
export function plainChecks(
  { language: { labels } }: Words,
  answers: NonNullable<VerificationWords['answers']>,
): HTMLElement {
  return element(
    'ul',
    { class: 'plain-checks' },
    plainCheck('content', labels.content, answers.content),
    plainCheck('who', labels.who, answers.who),
    plainCheck('still', labels.still, answers.still),
  );
}

function plainCheck(name: string, label: string, { basis, outcome, text }: Answer): HTMLElement {
  const words = [
    element('span', { class: 'check-emblem' }, icon(outcome === 'unavailable' ? 'unknown' : outcomeIcon(outcome))),
    element(
      'span',
      { class: 'plain-words' },
      element('span', { class: 'plain-label' }, label),
      element('bdi', { class: 'plain-answer' }, text),
    ),
  ];
  const item = { class: 'plain-check', 'data-answer': name, 'data-status': outcome };
  if (basis.length === 0) return element('li', item, element('div', { class: 'plain-line' }, ...words));
  return element(
    'li',
    item,
    element(
      'details',
      {},
      element('summary', { class: 'plain-line' }, ...words),
      element('div', { class: 'plain-basis' }, ...basis.map((sentence) => element('p', {}, sentence))),
    ),
  );
}

/** Questions and answers. */
export function answerList(rows: readonly { question: string; answer: string }[]): HTMLElement {
  return element(
    'dl',
    { class: 'facts' },
    ...rows.map(({ answer, question }) =>
      element(
        'div',
        { class: 'fact' },
        element('dt', {}, question),
        element('dd', {}, element('bdi', { class: 'fact-answer' }, answer)),
      ),
    ),
  );
}
