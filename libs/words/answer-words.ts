import type { DocumentFinding, Finding, Outcome } from '#proof/finding.js';
import type { Subject } from '#proof/anchors/finding.js';
import type { Still, Verification, VerifiedRecord, When, Who } from '#proof/verification.js';
import { saySentence } from './finding-words.js';
import type { Format } from './format.js';
import type { Answer, Language, Telling } from './language.js';
import { sayPlace } from './place.js';
import { sayShownStill } from './status-words.js';

/** The answers to the questions that a reader asks, in one language. */
export interface AnswerWords {
  content: { same: string; notGiven: string; undecided: string };
  when: {
    notAfter: Record<Subject['kind'], (time: string) => string>;
    /** Nothing outside the log shows it yet; no attestation was decided. */
    pending: string;
    undecided: string;
    shownBy: (place: string) => string;
    notBefore: (time: string, place: string) => string;
    contradicted: string;
    /** Places that show a time; they stand in a sentence. */
    block: (block: string, clock: string) => string;
  };
  who: {
    /** A bare time-stamp names nobody. */
    notStated: { text: string; basis: string };
    unchecked: { text: string; basis: (agency: string, log: string) => string };
    /** Its own key signed, which the log had registered for it. */
    agency: {
      text: (agency: string) => string;
      basis: (log: string) => string;
    };
    log: {
      text: (agency: string, log: string) => string;
      basis: { yours: string; page: (service: string) => string };
    };
  };
  still: {
    expired: { text: (since: string) => string; basis: string };
    'not-yet-valid': { text: (from: string) => string; basis: string };
    'not-yet-recorded': { text: (from: string) => string; basis: string };
    unknown: { text: string; noEnd: string; statedEnd: (until: string) => string };
    /** That another time than the present was asked about. */
    askedAt: (time: string) => string;
  };
}

/** Whether the document is the registered one, and what that rests on. */
export function sayContent(findings: readonly Finding[], language: Language, telling: Telling): Answer {
  const { content } = language.answers;
  const finding = findings.find((one): one is DocumentFinding => one.check === 'document');
  if (finding === undefined || finding.outcome === 'not-applicable')
    return { text: content.notGiven, basis: [], outcome: 'not-applicable' };
  const text = finding.outcome === 'passed' ? content.same : content.undecided;
  return { text, basis: [saySentence(finding, language, telling)], outcome: finding.outcome };
}

/** By when it existed. `pending`: whether a time is still to come. */
export function sayWhen(when: When, pending: boolean, language: Language, { format }: Telling): Answer {
  const { contradicted, notAfter, notBefore } = when;
  const words = language.answers.when;
  const place = (by: Parameters<typeof sayPlace>[0]) => sayPlace(by, language, format);
  const basis: string[] = [];
  if (notAfter !== undefined) basis.push(words.shownBy(place(notAfter.by)));
  if (notBefore !== undefined) basis.push(words.notBefore(format.date(notBefore.time), place(notBefore.by)));
  if (contradicted) basis.push(words.contradicted);
  if (notAfter !== undefined)
    return {
      text: words.notAfter[notAfter.subject.kind](format.date(notAfter.time)),
      basis,
      outcome: contradicted ? 'failed' : 'passed',
    };
  return pending
    ? { text: words.pending, basis, outcome: 'pending' }
    : { text: words.undecided, basis, outcome: 'unavailable' };
}

/** Who is shown to have recorded it. */
export function sayWho(
  who: Who,
  record: VerifiedRecord | undefined,
  { answers }: Language,
  { place }: Telling,
): Answer {
  const { agency, log, notStated, unchecked } = answers.who;
  if (record === undefined) return { text: notStated.text, basis: [notStated.basis], outcome: 'not-applicable' };
  if (who === 'unchecked')
    return { text: unchecked.text, basis: [unchecked.basis(record.agency, record.log)], outcome: 'not-applicable' };
  if (who === 'agency')
    return { text: agency.text(record.agency), basis: [agency.basis(record.log)], outcome: 'passed' };
  return {
    text: log.text(record.agency, record.log),
    basis: [place.kind === 'page' ? log.basis.page(place.service) : log.basis.yours],
    outcome: 'passed',
  };
}

/** What is known of its standing, today or at the time that was asked about. */
export function sayStill(
  { askedAt, record, still, who }: Pick<Verification, 'askedAt' | 'record' | 'still' | 'who'>,
  language: Language,
  { format }: Telling,
): Answer {
  const { text, basis } = standing(still, record, language, format);
  // A log that nobody checked says of its own records what it likes.
  const outcome = still.state === 'active' && who === 'unchecked' ? 'not-applicable' : STILL_OUTCOMES[still.state];
  if (askedAt === undefined) return { text, basis, outcome };
  return { text, basis: [language.answers.still.askedAt(format.date(askedAt)), ...basis], outcome };
}

/** How the question whether it is still valid is answered. */
const STILL_OUTCOMES: Record<Still['state'], Outcome> = {
  active: 'passed',
  unknown: 'unavailable',
  stale: 'unavailable',
  expired: 'failed',
  'not-yet-valid': 'failed',
  'not-yet-recorded': 'failed',
  revoked: 'failed',
  suspended: 'failed',
  superseded: 'failed',
  consumed: 'failed',
};

function standing(
  still: Still,
  record: VerifiedRecord | undefined,
  language: Language,
  format: Format,
): Omit<Answer, 'outcome'> {
  const words = language.answers.still;
  switch (still.state) {
    case 'expired':
      return { text: words.expired.text(format.date(still.since)), basis: [words.expired.basis] };
    case 'not-yet-valid':
    case 'not-yet-recorded':
      return { text: words[still.state].text(format.date(still.from)), basis: [words[still.state].basis] };
    case 'unknown': {
      const { noEnd, statedEnd, text } = words.unknown;
      if (still.status !== undefined)
        return { text: language.status.answers.ahead(format.date(still.status.asOf)), basis: [] };
      const until = record?.validUntil;
      return { text, basis: [until === undefined ? noEnd : statedEnd(format.date(until))] };
    }
    default:
      return sayShownStill(still, language, format);
  }
}
