import type { Outcome } from '#proof/finding.js';
import type { Verification } from '#proof/verification.js';
import type { FileNote } from '#words/file-note.js';
import type { Badge, Language } from '#words/language.js';
import { type FindingWords, tellOnce, tellProfile, tellVerification, type VerificationWords } from '#words/tell.js';
import { tellingIn } from '../language.js';
import { type Style, type Terminal, visible } from '../terminal.js';

const BADGE_STYLE: Record<Badge, Style> = {
  authentic: 'good',
  'signer-unchecked': 'wait',
  'test-only': 'wait',
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

/** What a report is about. */
export interface Report {
  /** As it was named on the command line. */
  document: string;
  proof: string;
  /** Every other file that was there. */
  files: readonly FileNote[];
  verification: Verification;
  exitCode: number;
}

/** The report as a JSON value: everything that is told in words, as facts and in words. */
export function reportValue({ document, exitCode, files, proof, verification }: Report, language: Language): unknown {
  const telling = tellingIn(language);
  const { findings: told, ...words } = tellVerification(verification, language, telling);
  const { askedAt, findings, record, still, verdict, when, who } = verification;
  return {
    document,
    proof,
    verdict,
    exitCode,
    who,
    when,
    still,
    ...(askedAt === undefined ? {} : { askedAt }),
    ...(record === undefined ? {} : { record }),
    findings: findings.map((finding, i) => ({ ...finding, words: textsOf(told[i]!) })),
    files: files.map((note) => ({ ...note, sentence: language.files[note.note](note.file) })),
    language: language.tag,
    words,
  };
}

function textsOf({ compare, details, remedy, sentence, state, title }: FindingWords): unknown {
  return { title, state, sentence, remedy, compare, details };
}

/** Prints a verification for a person: the answer first, then each check with its mark, then what to compare by hand. */
export function printReport(terminal: Terminal, report: Report, language: Language): void {
  const { files, verification } = report;
  const telling = tellingIn(language);
  const words = tellVerification(verification, language, telling);
  const { labels } = language;
  terminal.print(terminal.paint('strong', terminal.paint(BADGE_STYLE[words.standing], visible(words.headline))));
  terminal.print(visible(words.sentence));
  terminal.print();
  printRows(terminal, [
    [labels.document, [report.document]],
    [labels.proof, [report.proof]],
    ...recordRows(verification, language),
    ...answerRows(words, language),
  ]);
  terminal.print();
  terminal.print(labels.findings);
  for (const finding of tellOnce(words.findings, language, telling)) printFinding(terminal, finding, language);
  printList(
    terminal,
    labels.compare,
    words.findings
      .filter(({ outcome }) => outcome !== 'passed')
      .flatMap(({ compare = [] }) => compare)
      .map(({ value, what, where }) => `${what}: ${value} (${where})`),
  );
  printList(terminal, labels.notes, [...words.notes, ...files.map((note) => language.files[note.note](note.file))]);
}

function recordRows({ record }: Verification, language: Language): [string, string[]][] {
  if (record === undefined) return [];
  const { labels } = language;
  return [
    [labels.record, [`${record.id}, ${tellProfile(record.profile, language)} (${record.profile})`]],
    [labels.agency, [record.agency]],
    ...(record.reference === undefined ? [] : ([[labels.reference, [record.reference]]] as [string, string[]][])),
    ...(record.claims === undefined
      ? []
      : ([[labels.claims, [JSON.stringify(record.claims)]]] as [string, string[]][])),
  ];
}

function answerRows({ answers }: VerificationWords, { labels }: Language): [string, string[]][] {
  if (answers === null) return [];
  return (['when', 'who', 'still'] as const).map((name) => [
    labels[name],
    [answers[name].text, ...answers[name].basis],
  ]);
}

function printFinding(terminal: Terminal, finding: FindingWords, { labels }: Language): void {
  const { mark, style } = MARKS[finding.outcome];
  const { details = [], remedy, sentence, state, title } = finding;
  terminal.print(`${terminal.paint(style, `${mark} ${state}`)}  ${visible(title)}: ${visible(sentence)}`);
  if (remedy !== undefined) terminal.print(`    ${labels.remedy}: ${visible(remedy)}`);
  for (const detail of details) terminal.print(terminal.paint('faint', `    ${labels.detail}: ${visible(detail)}`));
}

/** Prints names and values in two columns, each further line of a value under its first. */
function printRows(terminal: Terminal, rows: readonly (readonly [string, readonly string[]])[]): void {
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

/** Prints a heading and lines, each once however often it comes; nothing without lines. */
function printList(terminal: Terminal, heading: string, lines: readonly string[]): void {
  const different = new Set(lines);
  if (different.size === 0) return;
  terminal.print();
  terminal.print(heading);
  for (const line of different) terminal.print(`  ${visible(line)}`);
}
