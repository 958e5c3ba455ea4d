import type { Check } from '#proof/verdict.js';
import { element } from '../element.js';
import { icon } from '../icon.js';
import { type Sentence, STATUS_ICONS } from '../i18n/catalogue.js';
import type { Words } from './words.js';

/** Every check with its status, told by icon and word, and a plain sentence. */
export function checksView(words: Words, checks: readonly Check[]): HTMLElement {
  const { checks: labels } = words.catalogue;
  const applicable = checks.filter(({ status }) => status !== 'not-applicable');
  const passed = checks.filter(({ status }) => status === 'passed').length;
  return element(
    'section',
    { class: 'checks', 'aria-labelledby': 'checks-title' },
    element(
      'div',
      { class: 'section-head' },
      element('h3', { id: 'checks-title' }, labels.heading),
      element('span', { class: 'section-note' }, labels.summary(passed, applicable.length)),
    ),
    element('ol', { class: 'check-list' }, ...checks.map((check) => checkItem(words, check))),
    element(
      'details',
      { class: 'technical' },
      element('summary', {}, labels.technical),
      element(
        'dl',
        { lang: 'en' },
        ...checks.map(({ code, message }) =>
          element('div', {}, element('dt', {}, element('code', {}, code)), element('dd', {}, message)),
        ),
      ),
    ),
  );
}

function checkItem({ catalogue, format }: Words, check: Check): HTMLElement {
  const { checks: labels } = catalogue;
  const { title, sentences, statuses } = labels.byCode[check.code];
  const inWords = (sentence: Sentence) =>
    typeof sentence === 'function' ? sentence(check.data ?? {}, format) : sentence;
  return element(
    'li',
    { class: 'check', 'data-code': check.code, 'data-status': check.status },
    element('span', { class: 'check-emblem' }, icon(STATUS_ICONS[check.status])),
    element(
      'div',
      { class: 'check-words' },
      element(
        'p',
        { class: 'check-title' },
        inWords(title),
        ' ',
        element('span', { class: 'check-status' }, statuses?.[check.status] ?? labels.statuses[check.status]),
      ),
      element('p', { class: 'check-text' }, inWords(sentences[check.status])),
    ),
  );
}
