import type { AnchorBound } from '#proof/anchor-check.js';
import type { BeaconBound } from '#proof/beacon-check.js';
import { type UndecidedCause, undecidedCause } from '#proof/undecided.js';
import type { VerifiedRecord } from '#proof/verify.js';
import type { Check, CheckStatus, Verdict } from '#proof/verdict.js';
import type { Style, Terminal } from '../terminal.js';
import { visible } from '../terminal.js';
import { comparisons, timeMeanings } from './comparison.js';

const VERDICT_TEXT: Record<Exclude<Verdict, 'unavailable'>, { style: Style; text: string }> = {
  authentic: {
    style: 'good',
    text: 'AUTHENTIC: the document matches, the proof holds, and an anchor outside the service attests its time',
  },
  'authentic-not-current': {
    style: 'wait',
    text: 'AUTHENTIC, BUT NOT CURRENT: the proof holds; the record is no longer (or not yet) valid',
  },
  pending: { style: 'wait', text: 'PENDING: the proof holds up to the signed checkpoint; no anchor is confirmed yet' },
  mismatch: { style: 'bad', text: 'MISMATCH: the document or the proof does not match' },
};

const UNDECIDED_TEXT: Record<UndecidedCause, string> = {
  document: 'UNDECIDED: the document could not be compared; what was still proved stands below',
  contradiction: 'UNDECIDED: the sources contradict each other; what was still proved stands below',
  outage: 'UNDECIDED: a source was asked and did not show what is needed; what was still proved stands below',
  'nothing-given':
    'UNDECIDED: nothing was given that its anchors could be checked against; compare them by hand, or give it, as told below',
};

/** How far a later time may come first without any clock being wrong by more than Bitcoin's rules allow. */
const BITCOIN_CLOCK_MS = 2 * 60 * 60 * 1000;

const MARKS: Record<CheckStatus, { style: Style; mark: string; word: string }> = {
  passed: { style: 'good', mark: '✓', word: 'passed' },
  failed: { style: 'bad', mark: '✗', word: 'FAILED' },
  pending: { style: 'wait', mark: '…', word: 'pending' },
  unavailable: { style: 'wait', mark: '?', word: 'not checked' },
  'not-applicable': { style: 'faint', mark: '–', word: 'n/a' },
};

/** What the report is about. */
export interface Report {
  document: string;
  proof: string;
  verdict: Verdict;
  checks: readonly Check[];
  record?: VerifiedRecord | undefined;
  /** The earliest block that anchors the record. */
  existedBefore?: AnchorBound | undefined;
  existedAfter?: BeaconBound | undefined;
}

/** Prints a verification for a person: the verdict first, then each check with its mark, then what to compare by hand. */
export function printReport(terminal: Terminal, report: Report): void {
  const { checks, existedAfter, existedBefore, record, verdict } = report;
  const { style, text } =
    verdict === 'unavailable'
      ? { style: 'wait' as const, text: UNDECIDED_TEXT[undecidedCause(checks)] }
      : VERDICT_TEXT[verdict];
  const onlyGiven = verdict !== 'mismatch' && documentNotGiven(checks);
  terminal.print(
    terminal.paint('strong', terminal.paint(style, onlyGiven ? text.replace('the document matches, ', '') : text)),
  );
  if (existedBefore?.test === true)
    terminal.print(
      terminal.paint('strong', 'ATTENTION: only a chain for tests attests it, which proves nothing outside a test.'),
    );
  terminal.print();
  terminal.print(`document  ${visible(report.document)}`);
  terminal.print(`proof     ${visible(report.proof)}`);
  if (record !== undefined) {
    terminal.print(`record    ${visible(record.id)}, ${visible(record.profile)}`);
    terminal.print(
      `agency    ${visible(record.agency)}${signerChecked(checks) ? '' : ' (as the proof says; see log-key)'}`,
    );
    terminal.print(
      `received  ${visible(record.receivedAt)} by the log ${visible(record.log)}, batch ${record.batch}, sealed ${visible(record.sealedAt)}`,
    );
  }
  if (existedBefore !== undefined) {
    const { height, place, time, type } = existedBefore;
    const by = type === 'rfc3161' ? `a time-stamp of ${visible(place)}` : `block ${height} of ${visible(place)}`;
    terminal.print(`existed   no later than ${visible(time)}, by ${by}`);
  }
  if (existedAfter !== undefined) {
    const { chain, height, test, time } = existedAfter;
    const place = `block ${height} of ${visible(chain)}${test ? ', a chain for tests' : ''}`;
    terminal.print(`sealed    no earlier than ${visible(time)}, by ${place}`);
    const apartMs = existedBefore === undefined ? 0 : Date.parse(time) - Date.parse(existedBefore.time);
    if (apartMs > BITCOIN_CLOCK_MS)
      terminal.print(
        `          ATTENTION: the two times contradict each other: a clock is wrong by ${Math.floor(apartMs / 3_600_000)} hours or more. Rely on neither alone.`,
      );
    else if (apartMs > 0)
      terminal.print(
        '          The later time comes first: the clocks of the two places differ. Bitcoin’s may be two hours off.',
      );
  }
  terminal.print();
  const width = Math.max(...checks.map(({ code }) => code.length));
  const wordWidth = Math.max(...checks.map(({ status }) => MARKS[status].word.length));
  for (const { code, message, status } of checks) {
    const { mark, style: markStyle, word } = MARKS[status];
    terminal.print(
      `${terminal.paint(markStyle, `${mark} ${code.padEnd(width)}  ${word.padEnd(wordWidth)}`)}  ${visible(message)}`,
    );
  }
  printList(terminal, 'What the times mean:', timeMeanings(checks));
  printList(terminal, 'To compare by hand:', comparisons(checks));
}

/** Prints a heading and lines, each once however often it comes; nothing without lines. */
function printList(terminal: Terminal, heading: string, lines: Iterable<string>): void {
  const different = new Set(lines);
  if (different.size === 0) return;
  terminal.print();
  terminal.print(heading);
  for (const line of different) terminal.print(`  ${visible(line)}`);
}

function signerChecked(checks: readonly Check[]): boolean {
  return checks.some(({ code, status }) => code === 'log-key' && status === 'passed');
}

function documentNotGiven(checks: readonly Check[]): boolean {
  return checks.some(({ code, status }) => code === 'document' && status === 'not-applicable');
}
