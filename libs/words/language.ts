import type { Outcome, UnreadableKind } from '#proof/finding.js';
import type { Verdict } from '#proof/verification.js';
import type { AnchorWords } from './anchors/anchor-words.js';
import type { AnswerWords } from './answer-words.js';
import type { ChainWords } from './chain-words.js';
import type { FileFate } from './file-note.js';
import type { FindingSentences, TitleWords } from './finding-words.js';
import type { Format } from './format.js';
import type { HeadlineWords } from './headline-words.js';
import type { Joints } from './joints.js';
import type { NoteWords } from './note-words.js';
import type { PageWords } from './page-words.js';
import type { ComparisonTexts, RemedyWords } from './remedy-words.js';
import type { StatusWords } from './status-words.js';

/** Where words are read: it decides who vouches for what, and what a reader can do. */
export type Place =
  | { kind: 'command-line' }
  /** The service's page; `service` is the host that it comes from. */
  | { kind: 'page'; service: string }
  /** The page as one file, which reaches nobody and goes by what its reader gives it. */
  | { kind: 'file' };

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

/** An answer to one of a reader's questions, and what it rests on, a sentence each. */
export interface Answer {
  /** How it was answered, as a check ends. */
  outcome: Outcome;
  text: string;
  basis: string[];
}

/**
 * Everything that is said in one language: sentences, and what makes them of facts. Which of them is said, and in which order, is decided
 * outside, the same for all languages. A new finding, note, remedy or verdict does not compile until each language has words for it.
 */
export interface Language {
  /** BCP 47 tag, as in `lang`. */
  tag: string;
  /** BCP 47 tag for dates, numbers and sizes. */
  locale: string;
  labels: Labels;
  outcomes: Record<Outcome, string>;
  badges: Record<Badge, string>;
  /** Kinds of records by the name of their profile, without its version. */
  profiles: Readonly<Record<string, string>>;
  joints: Joints;
  /** What a file is that is no readable proof, and what to hand in instead. */
  unreadable: Record<UnreadableKind, { what: string; handIn: string }>;
  headlines: HeadlineWords;
  notes: NoteWords;
  /** When, who, still. */
  answers: AnswerWords;
  titles: TitleWords;
  sentences: FindingSentences;
  /** What has become of a record. */
  status: StatusWords;
  anchors: AnchorWords;
  chains: ChainWords;
  remedies: RemedyWords;
  comparisons: ComparisonTexts;
  /** What became of a file of which no finding tells. */
  files: Record<FileFate, (file: string) => string>;
  /** The service's own page. */
  page: PageWords;
}

/** What stands before the parts of an answer. */
export interface Labels {
  content: string;
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
