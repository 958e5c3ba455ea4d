import type { Outcome } from '#proof/finding.js';
import type { Language } from '#words/language.js';
import type { FindingWords } from '#words/tell.js';
import { type Style, type Terminal, visible } from './terminal.js';

const MARKS: Record<Outcome, { style: Style; mark: string }> = {
  passed: { style: 'good', mark: '✓' },
  failed: { style: 'bad', mark: '✗' },
  pending: { style: 'wait', mark: '…' },
  unavailable: { style: 'wait', mark: '?' },
  'not-applicable': { style: 'faint', mark: '–' },
};

/** Prints what was found: its mark and outcome, what it is, what can be done, and what parsers and sources said. */
export function printFinding(
  terminal: Terminal,
  finding: Pick<FindingWords, 'outcome' | 'state' | 'sentence' | 'remedy' | 'details'> & { title?: string },
  { labels }: Language,
): void {
  const { mark, style } = MARKS[finding.outcome];
  const { details = [], remedy, sentence, state, title } = finding;
  const text = title === undefined ? sentence : `${title}: ${sentence}`;
  terminal.print(`${terminal.paint(style, `${mark} ${state}`)}  ${visible(text)}`);
  if (remedy !== undefined) terminal.print(`    ${labels.remedy}: ${visible(remedy)}`);
  for (const detail of details) terminal.print(terminal.paint('faint', `    ${labels.detail}: ${visible(detail)}`));
}

/** Prints names and values in two columns, each further line of a value under its first. */
export function printRows(terminal: Terminal, rows: readonly (readonly [string, readonly string[]])[]): void {
  const width = Math.max(...rows.map(([name]) => columns(name)));
  for (const [name, lines] of rows)
    for (const [i, line] of lines.entries()) {
      const label = i === 0 ? name : '';
      terminal.print(`${label}${' '.repeat(width - columns(label))}  ${visible(line)}`);
    }
}

/** Columns that a text takes on a terminal: Chinese characters and their punctuation take two. */
function columns(text: string): number {
  return [...text].reduce(
    (sum, character) => sum + (/[\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]/.test(character) ? 2 : 1),
    0,
  );
}
