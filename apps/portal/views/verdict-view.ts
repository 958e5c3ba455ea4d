import type { Verdict } from '#proof/verification.js';
import { button, element, type Child } from '../element.js';
import { icon } from '../icon.js';
import type { Words } from './words.js';

/** The one big answer. */
export interface VerdictModel {
  verdict: Verdict;
  /** A word or two; what the verdict usually has when absent. */
  badge?: string | undefined;
  headline: string;
  /** What it means here, in a sentence or two. */
  text: string;
  /** Whether the page looks again by itself. */
  refreshing?: boolean | undefined;
  /** What the reader can do about it. */
  actions?: { label: string; onPress: () => void }[] | undefined;
  /** Remarks under the sentence. */
  notes?: string[] | undefined;
}

/** The verdict: shape, colour and words each say it alone; what follows from it (facts, checks, details) comes below. */
export function verdictView({ language, page }: Words, model: VerdictModel, ...below: Child[]): HTMLElement {
  const actions = (model.actions ?? []).map(({ label, onPress }) => button({ class: 'button' }, onPress, label));
  return element(
    'div',
    { class: 'card verdict', 'data-verdict': model.verdict },
    element(
      'div',
      { class: 'verdict-head' },
      element('div', { class: 'verdict-emblem' }, icon(model.verdict)),
      element(
        'div',
        { class: 'verdict-words' },
        element('p', { class: 'verdict-badge' }, model.badge ?? language.badges[model.verdict]),
        element('h2', { id: 'result-title', tabindex: -1 }, model.headline),
        element('p', { class: 'verdict-text' }, model.text),
        ...(model.notes ?? []).map((note) => element('p', { class: 'verdict-note' }, note)),
        model.refreshing
          ? element('p', { class: 'verdict-refreshing' }, icon('refresh'), page.result.refreshing)
          : undefined,
        actions.length === 0 ? undefined : element('div', { class: 'verdict-actions' }, ...actions),
      ),
    ),
    ...below,
  );
}
