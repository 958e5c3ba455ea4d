import type { Verdict } from '#proof/verification.js';
import type { Badge } from '#words/language.js';
import { button, element, type Child } from '../element.js';
import { icon } from '../icon.js';
import type { Words } from './words.js';

/** The one big answer. */
export interface VerdictModel {
  verdict: Verdict;
  /** What is short of the verdict; the verdict itself when absent. */
  standing?: Badge | undefined;
  headline: string;
  /** What it means here, in a sentence or two. */
  text: string;
  /** Whether the page looks again by itself. */
  refreshing?: boolean | undefined;
  /** What the reader can do about it. */
  actions?: { label: string; onPress: () => void }[] | undefined;
}

/** The verdict: shape, colour and words each say it alone; what follows from it (facts, checks, details) comes below. */
export function verdictView({ language, page }: Words, model: VerdictModel, ...below: Child[]): HTMLElement {
  const { standing = model.verdict } = model;
  const badge = language.badges[standing];
  const actions = (model.actions ?? []).map(({ label, onPress }) => button({ class: 'button' }, onPress, label));
  return element(
    'div',
    { class: 'card verdict', 'data-verdict': model.verdict, 'data-standing': standing },
    element(
      'div',
      { class: 'verdict-head' },
      element('div', { class: 'verdict-emblem' }, icon(model.verdict)),
      element(
        'div',
        { class: 'verdict-words' },
        badge === model.headline ? undefined : element('p', { class: 'verdict-badge' }, badge),
        element('h2', { id: 'result-title', tabindex: -1 }, model.headline),
        element('p', { class: 'verdict-text' }, model.text),
        model.refreshing
          ? element('p', { class: 'verdict-refreshing' }, icon('refresh'), page.result.refreshing)
          : undefined,
        actions.length === 0 ? undefined : element('div', { class: 'verdict-actions' }, ...actions),
      ),
    ),
    ...below,
  );
}

/** What must be said beside the answers; nothing when there is nothing. `title`: what it is a list of. */
export function notesView(notes: readonly string[], title?: string): HTMLElement | undefined {
  if (notes.length === 0) return undefined;
  return element(
    'div',
    { class: 'verdict-notes' },
    title === undefined ? undefined : element('h3', {}, title),
    element('ul', { class: 'reasons' }, ...notes.map((note) => element('li', { class: 'verdict-note' }, note))),
  );
}
