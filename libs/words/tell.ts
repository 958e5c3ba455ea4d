import type { AnchorFinding } from '#proof/anchors/finding.js';
import type { CheckName, Finding, Outcome } from '#proof/finding.js';
import type { Verification } from '#proof/verification.js';
import type { Silence } from '#source/answer.js';
import { sayContent, sayStill, sayWhen, sayWho } from './answer-words.js';
import { type Comparison, comparisonsOf } from './comparison.js';
import { saySentence, sayTitle } from './finding-words.js';
import { type Headline, headlineOf } from './headline.js';
import { sayHeadline } from './headline-words.js';
import { inOrder } from './joints.js';
import type { Answer, Badge, Language, Telling } from './language.js';
import { isAside, notesOf } from './note.js';
import { sayNote } from './note-words.js';
import { remedyOf } from './remedy.js';
import { sayComparison, sayRemedy } from './remedy-words.js';

/** A finding in words. */
export interface FindingWords {
  check: CheckName;
  outcome: Outcome;
  /** The outcome, in a word or two. */
  state: string;
  title: string;
  sentence: string;
  /** What a person can do. */
  remedy?: string;
  /** What to compare by hand, and with what. */
  compare?: ComparisonWords[];
  /** What a parser or a source said, in its own English: for people who look into it. */
  details?: string[];
}

/** A value to compare by hand. */
export interface ComparisonWords {
  what: string;
  /** To be compared character by character. */
  value: string;
  where: string;
}

/** A verification in words. */
export interface VerificationWords {
  /** Which badge it is: how good the answer is, for colours and marks. */
  standing: Badge;
  badge: string;
  headline: string;
  sentence: string;
  /** What limits the answer. */
  notes: string[];
  /** What else is to be known of it. */
  asides: string[];
  /** Null where nothing is shown of a document: the proof cannot be read, or something does not match. */
  answers: { content: Answer; when: Answer; who: Answer; still: Answer } | null;
  findings: FindingWords[];
}

/** A finding in the words of a language. */
export function tellFinding(finding: Finding, language: Language, telling: Telling): FindingWords {
  const remedy = remedyOf(finding);
  const compare = comparisonsOf(finding).map((item) => tellComparison(item, language, telling));
  const details = detailsOf(finding);
  return {
    check: finding.check,
    outcome: finding.outcome,
    state: language.outcomes[finding.outcome],
    title: sayTitle(finding, language),
    sentence: saySentence(finding, language, telling),
    ...(remedy === undefined ? {} : { remedy: sayRemedy(remedy, language, telling) }),
    ...(compare.length === 0 ? {} : { compare }),
    ...(details.length === 0 ? {} : { details }),
  };
}

/** A verification in the words of a language. */
export function tellVerification(verification: Verification, language: Language, telling: Telling): VerificationWords {
  const { verdict, findings, record, when, who } = verification;
  const headline = headlineOf(verification);
  const standing = badgeOf(headline);
  const notes = notesOf(verification);
  return {
    standing,
    badge: language.badges[standing],
    ...sayHeadline(headline, language),
    notes: notes.filter((note) => !isAside(note)).map((note) => sayNote(note, language, telling)),
    asides: notes.filter(isAside).map((note) => sayNote(note, language, telling)),
    answers:
      verdict === 'unreadable' || verdict === 'mismatch'
        ? null
        : {
            content: sayContent(findings, language, telling),
            when: sayWhen(when, isTimePending(findings), language, telling),
            who: sayWho(who, record, language, telling),
            still: sayStill(verification, language, telling),
          },
    findings: findings.map((finding) => tellFinding(finding, language, telling)),
  };
}

/** Findings for a reader: those that say the same, as of several calendars that used one block, once and with their number. */
export function tellOnce(
  findings: readonly FindingWords[],
  { anchors, joints }: Language,
  { format }: Telling,
): FindingWords[] {
  const alike = new Map<string, FindingWords[]>();
  for (const finding of findings) {
    const said = JSON.stringify([finding.outcome, finding.title, finding.sentence]);
    alike.set(said, [...(alike.get(said) ?? []), finding]);
  }
  return [...alike.values()].map((same) => {
    const first = same[0]!;
    if (same.length === 1) return first;
    const details = [...new Set(same.flatMap((each) => each.details ?? []))];
    return {
      ...first,
      // A checkpoint that shows both place and status is checked for each, and is one for a reader.
      ...(first.check === 'anchor' && {
        sentence: inOrder(joints, first.sentence, anchors.alike(format.number(same.length))),
      }),
      ...(details.length === 0 ? {} : { details }),
    };
  });
}

/** A kind of record in the words of a language; its profile's id where the language has no word for it. */
export function tellProfile(id: string, language: Language): string {
  const name = id.split('@')[0] ?? id;
  return Object.hasOwn(language.profiles, name) ? (language.profiles[name] ?? id) : id;
}

/** Whether a time is still to come, as far as the proof knows, and none is undecided. */
export function isTimePending(findings: readonly Finding[]): boolean {
  const anchors = findings.filter((finding): finding is AnchorFinding => finding.check === 'anchor');
  return anchors.length > 0 && anchors.every(({ outcome }) => outcome === 'pending' || outcome === 'failed');
}

function tellComparison(comparison: Comparison, language: Language, telling: Telling): ComparisonWords {
  return { ...sayComparison(comparison, language, telling), value: comparison.value };
}

/** The badge that a headline goes with. */
function badgeOf(headline: Headline): Badge {
  if (headline.verdict !== 'authentic') return headline.verdict;
  if (headline.worth === 'test') return 'test-only';
  return headline.who === 'unchecked' ? 'signer-unchecked' : 'authentic';
}

/** What parsers and sources said about a finding. */
function detailsOf(finding: Finding): string[] {
  const own = 'detail' in finding ? [finding.detail] : [];
  const silent: readonly Silence[] = 'silent' in finding ? finding.silent : [];
  return [...own, ...silent.map(({ source, detail }) => `${source}: ${detail}`)];
}
