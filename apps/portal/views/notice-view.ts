import { element, type Child } from '../element.js';
import { icon, type IconName } from '../icon.js';
import type { Notice } from '#words/page-words.js';

/** A calm message that is not a verdict: what is the case, and what to do next. */
export function noticeView(name: IconName, notice: Notice, ...more: Child[]): HTMLElement {
  return element(
    'div',
    { class: 'card notice' },
    element('div', { class: 'notice-emblem' }, icon(name)),
    element(
      'div',
      { class: 'notice-words' },
      element('h2', { id: 'result-title', tabindex: -1 }, notice.title),
      element('p', { class: 'notice-text' }, notice.text),
      ...more,
    ),
  );
}
