import type { GateAnswer } from '#gate/decide.js';
import type { Format } from '#words/format.js';
import { sayGateAnswer } from '#words/gate.js';
import type { GateWords } from '#words/gate-words.js';
import { element } from '../element.js';
import { icon, type IconName } from '../icon.js';

/** What was said of a code, and when. */
export interface Told {
  said: GateAnswer;
  atMs: number;
}

/** How an answer is coloured: never the only thing by which it is told from others. */
export const TONES: Readonly<Record<GateAnswer['answer'], 'good' | 'bad' | 'unsure'>> = {
  valid: 'good',
  genuine: 'unsure',
  unknown: 'unsure',
  unreadable: 'unsure',
  'not-yet-valid': 'bad',
  expired: 'bad',
  revoked: 'bad',
  suspended: 'bad',
  superseded: 'bad',
  consumed: 'bad',
  mismatch: 'bad',
};

const ICONS: Readonly<Record<GateAnswer['answer'], IconName>> = {
  valid: 'authentic',
  genuine: 'unknown',
  unknown: 'not-found',
  unreadable: 'unreadable',
  'not-yet-valid': 'pending',
  expired: 'authentic-not-current',
  revoked: 'revoked',
  suspended: 'suspended',
  superseded: 'refresh',
  consumed: 'failed',
  mismatch: 'mismatch',
};

/** What surrounds an answer. */
export interface AnswerContext {
  words: GateWords;
  /** For the time of day. */
  locale: string;
  format: Format;
  packAsOfMs: number | null;
}

/** What a screen reader is told, and everybody sees first. */
export function answerBanner({ said, atMs }: Told, { words, format, packAsOfMs }: AnswerContext): HTMLElement {
  const { headline, sentence } = sayGateAnswer(said, words, { format, nowMs: atMs, packAsOfMs });
  return element(
    'div',
    { class: 'banner', 'data-tone': TONES[said.answer], 'data-answer': said.answer },
    icon(ICONS[said.answer]),
    element(
      'div',
      { class: 'banner-words' },
      element('h2', { class: 'headline' }, headline),
      element('p', { class: 'sentence' }, sentence),
    ),
  );
}

/** What the permit says, to be compared, and the facts of its record. Nothing of what does not match: that says nothing about anything. */
export function answerDetails({ said, atMs }: Told, { words, format }: AnswerContext): HTMLElement | undefined {
  if (said.answer === 'unreadable' || said.answer === 'mismatch') return undefined;
  if (said.answer === 'unknown' && said.why !== 'no-text') return undefined;
  const { statement, document } = said.code;
  const { facts } = words;
  const rows: [string, string][] = [
    [facts.issuer, statement.agency],
    ...(statement.validFrom === undefined ? [] : [[facts.from, format.date(statement.validFrom)] as [string, string]]),
    [facts.until, statement.validUntil === undefined ? words.unbounded : format.date(statement.validUntil)],
    ...(said.statusAsOfMs === undefined
      ? []
      : [[facts.statusAsOf, format.date(said.statusAsOfMs)] as [string, string]]),
    [facts.received, format.date(statement.receivedAt)],
    [facts.checkedAt, format.date(atMs)],
    [facts.record, said.id],
  ];
  return element(
    'div',
    { class: 'details' },
    ...(document === undefined
      ? []
      : [
          element('p', { class: 'compare', id: 'compare' }, words.compare),
          element('p', { class: 'permit', role: 'group', 'aria-labelledby': 'compare' }, document.text),
        ]),
    element(
      'dl',
      { class: 'facts' },
      ...rows.flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, value)]),
    ),
  );
}

/** What is shown while nothing was scanned. */
export function readyBanner(words: GateWords, isSetUp: boolean): HTMLElement {
  return element(
    'div',
    { class: 'banner', 'data-tone': 'ready' },
    icon(isSetUp ? 'scan' : 'lock'),
    element(
      'div',
      { class: 'banner-words' },
      element('h2', { class: 'headline' }, isSetUp ? words.ready : words.setup),
      element('p', { class: 'sentence' }, isSetUp ? words.readyHint : words.notReady),
    ),
  );
}

/** What was said before, newest first: its answer, what the permit begins with, and the time of day. */
export function historyView(before: readonly Told[], { words, locale }: AnswerContext): HTMLElement[] {
  if (before.length === 0) return [];
  const items = before.map(({ said, atMs }) =>
    element(
      'li',
      { 'data-tone': TONES[said.answer] },
      element('strong', {}, words.headlines[said.answer]),
      element('span', {}, 'code' in said ? (said.code.document?.text.split('\n')[0] ?? said.id) : ''),
      element('span', { class: 'soft' }, new Date(atMs).toLocaleTimeString(locale)),
    ),
  );
  return [element('h2', { class: 'small' }, words.history), element('ol', { class: 'before' }, ...items)];
}
