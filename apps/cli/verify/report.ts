import type { Outcome } from '#proof/finding.js';
import type { Verdict, Verification } from '#proof/verification.js';
import { en } from '#words/en.js';
import { formatFor } from '#words/format.js';
import { tellVerification } from '#words/tell.js';
import { type Style, type Terminal, visible } from '../terminal.js';

const VERDICT_STYLE: Record<Verdict, Style> = {
  authentic: 'good',
  'authentic-not-current': 'wait',
  pending: 'wait',
  unavailable: 'wait',
  mismatch: 'bad',
  unreadable: 'bad',
};

const MARKS: Record<Outcome, { style: Style; mark: string }> = {
  passed: { style: 'good', mark: '✓' },
  failed: { style: 'bad', mark: '✗' },
  pending: { style: 'wait', mark: '…' },
  unavailable: { style: 'wait', mark: '?' },
  'not-applicable': { style: 'faint', mark: '–' },
};

/** What the report is about. */
export interface Report {
  document: string;
  proof: string;
  verification: Verification;
}

/** Prints a verification for a person: the answer first, then each check with its mark, then what to compare by hand. */
export function printReport(terminal: Terminal, { document, proof, verification }: Report): void {
  const telling = { format: formatFor({ locale: en.locale, seconds: true }), place: { kind: 'command-line' } as const };
  const told = tellVerification(verification, en, telling);
  terminal.print(terminal.paint('strong', terminal.paint(VERDICT_STYLE[verification.verdict], visible(told.headline))));
  terminal.print(visible(told.sentence));
  terminal.print();
  const rows: [string, string][] = [
    [en.labels.document, document],
    [en.labels.proof, proof],
    ...Object.entries(told.answers ?? {}).map(([name, { text }]): [string, string] => [
      en.labels[name as 'when' | 'who' | 'still'],
      text,
    ]),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  for (const [name, text] of rows) terminal.print(`${name.padEnd(width)}  ${visible(text)}`);
  terminal.print();
  for (const { outcome, sentence, state, title } of told.findings) {
    const { mark, style } = MARKS[outcome];
    terminal.print(`${terminal.paint(style, `${mark} ${state}`)}  ${visible(title)}: ${visible(sentence)}`);
  }
  const compare = told.findings.flatMap((finding) => finding.compare ?? []);
  printList(
    terminal,
    en.labels.compare,
    compare.map(({ value, what, where }) => `${what} ${value} ${where}`),
  );
  printList(terminal, en.labels.notes, told.notes);
}

/** Prints a heading and lines, each once however often it comes; nothing without lines. */
function printList(terminal: Terminal, heading: string, lines: readonly string[]): void {
  const different = new Set(lines);
  if (different.size === 0) return;
  terminal.print();
  terminal.print(heading);
  for (const line of different) terminal.print(`  ${visible(line)}`);
}
