import type { Answer } from '#words/language.js';
import type { VerifiedRecord } from '#proof/verification.js';
import { tellProfile, type VerificationWords } from '#words/tell.js';
import { element } from '../element.js';
import type { Words } from './words.js';

/** A question, its answer, and what the answer rests on. */
export interface Row {
  question: string;
  answer: string;
  basis?: readonly string[];
}

/** The three answers beside the verdict: when, who, and what is known of the record's standing; then what kind of record it is. */
export function answersView(
  { language }: Words,
  answers: NonNullable<VerificationWords['answers']>,
  record: VerifiedRecord | undefined,
): HTMLElement {
  const { labels } = language;
  const row = (question: string, { basis, text }: Answer): Row => ({ question, answer: text, basis });
  return answerList([
    row(labels.when, answers.when),
    row(labels.who, answers.who),
    row(labels.still, answers.still),
    ...(record === undefined ? [] : [{ question: labels.kind, answer: tellProfile(record.profile, language) }]),
    ...(record?.reference === undefined ? [] : [{ question: labels.reference, answer: record.reference }]),
  ]);
}

/** Questions and answers. */
export function answerList(rows: readonly Row[]): HTMLElement {
  return element(
    'dl',
    { class: 'facts' },
    ...rows.map(({ answer, basis = [], question }) =>
      element(
        'div',
        { class: 'fact strong' },
        element('dt', {}, question),
        element(
          'dd',
          {},
          element('bdi', { class: 'fact-answer' }, answer),
          ...basis.map((sentence) => element('span', { class: 'fact-remark' }, sentence)),
        ),
      ),
    ),
  );
}
