import { tellProfile, type VerificationWords } from '#words/tell.js';
import { element } from '../element.js';
import type { Outcome } from '../stage.js';
import { answerList } from './answers-view.js';
import { timelineView } from './timeline-view.js';
import type { Words } from './words.js';

/** When it existed and what shows it, the record's life as a picture, and what else is to be known; closed at first. */
export function timeView(
  words: Words,
  { answers, asides }: Pick<VerificationWords, 'asides'> & { answers: NonNullable<VerificationWords['answers']> },
  { verification }: Outcome,
): HTMLElement {
  const { language } = words;
  const { labels } = language;
  const { record } = verification;
  const rows = [
    ...(record === undefined ? [] : [{ question: labels.kind, answer: tellProfile(record.profile, language) }]),
    ...(record?.reference === undefined ? [] : [{ question: labels.reference, answer: record.reference }]),
  ];
  return element(
    'details',
    { class: 'fold time' },
    element(
      'summary',
      {},
      element('h3', {}, labels.when),
      element('span', { class: 'section-note' }, element('bdi', {}, answers.when.text)),
    ),
    element(
      'div',
      { class: 'fold-body time-body' },
      ...answers.when.basis.map((sentence) => element('p', {}, sentence)),
      timelineView(words, verification),
      rows.length === 0 ? undefined : answerList(rows),
      ...asides.map((aside) => element('p', { class: 'aside' }, aside)),
    ),
  );
}
