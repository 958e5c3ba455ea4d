import type { Finding, Outcome } from '#proof/finding.js';
import type { Still, Verdict, VerifiedRecord, When, Who } from '#proof/verification.js';
import type { Comparison } from './comparison.js';
import type { FileNote } from './file-note.js';
import type { Format } from './format.js';
import type { Headline } from './headline.js';
import type { Note } from './note.js';
import type { PageWords } from './page-words.js';
import type { Remedy } from './remedy.js';

/** Where words are read: it decides who vouches for what, and what a reader can do. */
export type Place =
  | { kind: 'command-line' }
  /** The service's page; `service` is the host that it comes from. */
  | { kind: 'page'; service: string };

/** What sentences depend on beside what they tell. */
export interface Telling {
  format: Format;
  place: Place;
}

/** Which badge an answer carries: its verdict, or what is short of it. */
export type Badge =
  | Verdict
  /** Authentic, but for the signer. */
  | 'signer-unchecked'
  /** Authentic by the word of a chain for tests. */
  | 'test-only';

/** An answer to one of the three questions, and what it rests on, a sentence each. */
export interface Answer {
  text: string;
  basis: string[];
}

/**
 * Everything that is said in one language: whole sentences, chosen by the kind of what is told. Which parts there are is decided
 * outside, the same for all languages. A new finding, note, remedy or verdict does not compile until each language has words for it.
 */
export interface Language {
  /** BCP 47 tag, as in `lang`. */
  tag: string;
  /** BCP 47 tag for dates, numbers and sizes. */
  locale: string;
  /** The language's own name. */
  ownName: string;
  labels: Labels;
  outcomes: Record<Outcome, string>;
  badges: Record<Badge, string>;
  /** Kinds of records by the name of their profile, without its version. */
  profiles: Readonly<Record<string, string>>;
  headline(headline: Headline, telling: Telling): { headline: string; sentence: string };
  note(note: Note, telling: Telling): string;
  /** `pending`: whether a time is still to come. */
  when(when: When, pending: boolean, telling: Telling): Answer;
  who(who: Who, record: VerifiedRecord | undefined, telling: Telling): Answer;
  still(still: Still, record: VerifiedRecord | undefined, telling: Telling): Answer;
  /** What a finding is about, as a claim. */
  title(finding: Finding, telling: Telling): string;
  /** What was found. */
  sentence(finding: Finding, telling: Telling): string;
  remedy(remedy: Remedy, telling: Telling): string;
  /** What to compare, and with what. */
  comparison(comparison: Comparison, telling: Telling): { what: string; where: string };
  /** What became of a file of which no finding tells. */
  fileNote(note: FileNote, telling: Telling): string;
  /** The service's own page. */
  page: PageWords;
}

/** What stands before the parts of an answer. */
export interface Labels {
  when: string;
  who: string;
  still: string;
  document: string;
  proof: string;
  record: string;
  kind: string;
  agency: string;
  reference: string;
  claims: string;
  received: string;
  sealed: string;
  findings: string;
  notes: string;
  compare: string;
  /** What stands before a remedy. */
  remedy: string;
  /** What stands before the words of a parser or of a source, which are English whatever the language. */
  detail: string;
}
