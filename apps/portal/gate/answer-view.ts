import type { GateAnswer } from '#gate/decide.js';
import type { PaperCode } from '#paper/code.js';
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

/** What an answer lets be shown of its code: nothing of what does not match, or is not known here, which says nothing about anything. */
function shownCode(said: GateAnswer): (GateAnswer & { code: PaperCode }) | null {
  if (said.answer === 'unreadable' || said.answer === 'mismatch') return null;
  return said.answer === 'unknown' && said.why !== 'no-text' ? null : said;
}

/** What the permit says, to be compared. */
export function permitView({ said }: Told, { words }: AnswerContext): HTMLElement[] {
  const text = shownCode(said)?.code.document?.text;
  if (text === undefined) return [];
  return [
    element('p', { class: 'compare', id: 'compare' }, words.compare),
    element('p', { class: 'permit', role: 'group', 'aria-labelledby': 'compare' }, text),
  ];
}

/** The facts of its record. */
export function factsView({ said, atMs }: Told, { words, format }: AnswerContext): HTMLElement[] {
  const shown = shownCode(said);
  if (shown === null) return [];
  const { facts } = words;
  const { statement } = shown.code;
  const asOf = 'statusAsOfMs' in shown ? shown.statusAsOfMs : undefined;
  const rows: [string, string | undefined][] = [
    [facts.issuer, statement.agency],
    [facts.from, statement.validFrom && format.date(statement.validFrom)],
    [facts.until, statement.validUntil === undefined ? words.unbounded : format.date(statement.validUntil)],
    [facts.statusAsOf, asOf === undefined ? undefined : format.date(asOf)],
    [facts.received, format.date(statement.receivedAt)],
    [facts.checkedAt, format.date(atMs)],
    [facts.record, 'id' in shown ? shown.id : undefined],
  ];
  const told = rows.filter((row): row is [string, string] => row[1] !== undefined);
  return [
    element(
      'dl',
      { class: 'facts' },
      ...told.flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, value)]),
    ),
  ];
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
