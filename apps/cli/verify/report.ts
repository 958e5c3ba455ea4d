import type { Verification } from '#proof/verification.js';
import type { FileNote } from '#words/file-note.js';
import type { Badge, Language } from '#words/language.js';
import { type FindingWords, tellOnce, tellProfile, tellVerification, type VerificationWords } from '#words/tell.js';
import { tellingIn } from '../language.js';
import { printFinding, printRows } from '../print.js';
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
  printList(terminal, labels.notes, [
    ...words.notes,
    ...words.asides,
    ...files.map((note) => language.files[note.note](note.file)),
  ]);
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

/** Prints a heading and lines, each once however often it comes; nothing without lines. */
function printList(terminal: Terminal, heading: string, lines: readonly string[]): void {
  const different = new Set(lines);
  if (different.size === 0) return;
  terminal.print();
  terminal.print(heading);
  for (const line of different) terminal.print(`  ${visible(line)}`);
}
