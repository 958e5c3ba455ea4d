import type { Outcome } from '#proof/finding.js';
import type { FindingWords } from '#words/tell.js';
import { type Child, element } from '../element.js';
import { icon, type IconName } from '../icon.js';
import type { Words } from './words.js';

/** The icon of each outcome: shape and word both say it. */
const ICONS: Record<Outcome, IconName> = {
  passed: 'passed',
  failed: 'failed',
  pending: 'pending',
  unavailable: 'unavailable',
  'not-applicable': 'not-applicable',
};

/** The icon of an outcome. */
export function outcomeIcon(outcome: Outcome): IconName {
  return ICONS[outcome];
}

/** The checks that an answer turns on, open. */
export function decisiveChecks(title: string, findings: readonly FindingWords[]): HTMLElement {
  return element(
    'section',
    { class: 'decisive' },
    element('h3', {}, title),
    element('ol', { class: 'check-list' }, ...findings.map(checkItem)),
  );
}

/** Every check with its outcome, told by icon and word, and a plain sentence; closed at first. `shown`: those that stand elsewhere on the page. */
export function checksView(
  { page }: Words,
  findings: readonly FindingWords[],
  shown: readonly FindingWords[],
): HTMLElement {
  const { checks: labels } = page;
  const applicable = findings.filter(({ outcome }) => outcome !== 'not-applicable');
  const passed = findings.filter(({ outcome }) => outcome === 'passed').length;
  const details = findings.flatMap((finding) =>
    (finding.details ?? []).map((detail) => [finding.check, detail] as const),
  );
  return element(
    'details',
    { class: 'fold checks' },
    element(
      'summary',
      {},
      element('h3', { id: 'checks-title' }, labels.heading),
      element('span', { class: 'section-note' }, labels.summary(passed, applicable.length)),
    ),
    element(
      'div',
      { class: 'fold-body' },
      element('ol', { class: 'check-list' }, ...findings.filter((finding) => !shown.includes(finding)).map(checkItem)),
      details.length === 0
        ? undefined
        : element(
            'details',
            { class: 'technical' },
            element('summary', {}, labels.technical),
            element(
              'dl',
              { lang: 'en' },
              ...details.map(([check, detail]) =>
                element('div', {}, element('dt', {}, element('code', {}, check)), element('dd', {}, detail)),
              ),
            ),
          ),
    ),
  );
}

function checkItem({ check, compare = [], outcome, remedy, sentence, state, title }: FindingWords): HTMLElement {
  return element(
    'li',
    { class: 'check', 'data-code': check, 'data-status': outcome },
    element('span', { class: 'check-emblem' }, icon(ICONS[outcome])),
    element(
      'div',
      { class: 'check-words' },
      element('p', { class: 'check-title' }, title, ' ', element('span', { class: 'check-status' }, state)),
      element('p', { class: 'check-text' }, ...withHashes(sentence)),
      remedy === undefined ? undefined : element('p', { class: 'check-text check-remedy' }, remedy),
      ...compare.map(({ value, what, where }) =>
        element(
          'p',
          { class: 'check-text check-compare' },
          `${what} · `,
          element('code', { class: 'hash' }, value),
          ` · ${where}`,
        ),
      ),
    ),
  );
}

/** A sentence with the hashes in it set as such: in the letters of prose they are a block of noise. */
function withHashes(sentence: string): Child[] {
  const parts = sentence.split(/([0-9a-f]{40,})/);
  return parts.map((part, i) => (i % 2 === 0 ? part : element('code', { class: 'hash' }, part)));
}
