import type { Subject } from '#proof/anchors/finding.js';
import type { Still, Verification, VerifiedRecord, When, Who } from '#proof/verification.js';
import type { Format } from './format.js';
import type { Answer, Language, Telling } from './language.js';
import { sayPlace } from './place.js';
import { sayShownStill } from './status-words.js';

/** The answers to the three questions, in one language. */
export interface AnswerWords {
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
    log: {
      text: (agency: string, log: string) => string;
      basis: { commandLine: string; page: (service: string) => string };
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

/** By when it existed. `pending`: whether a time is still to come. */
export function sayWhen(when: When, pending: boolean, language: Language, { format }: Telling): Answer {
  const { contradicted, notAfter, notBefore } = when;
  const words = language.answers.when;
  const place = (by: Parameters<typeof sayPlace>[0]) => sayPlace(by, language, format);
  const basis: string[] = [];
  if (notAfter !== undefined) basis.push(words.shownBy(place(notAfter.by)));
  if (notBefore !== undefined) basis.push(words.notBefore(format.date(notBefore.time), place(notBefore.by)));
  if (contradicted) basis.push(words.contradicted);
  if (notAfter !== undefined) return { text: words.notAfter[notAfter.subject.kind](format.date(notAfter.time)), basis };
  return { text: pending ? words.pending : words.undecided, basis };
}

/** Who is shown to have recorded it. */
export function sayWho(
  who: Who,
  record: VerifiedRecord | undefined,
  { answers }: Language,
  { place }: Telling,
): Answer {
  const { log, notStated, unchecked } = answers.who;
  if (record === undefined) return { text: notStated.text, basis: [notStated.basis] };
  if (who === 'unchecked') return { text: unchecked.text, basis: [unchecked.basis(record.agency, record.log)] };
  return {
    text: log.text(record.agency, record.log),
    basis: [place.kind === 'page' ? log.basis.page(place.service) : log.basis.commandLine],
  };
}

/** What is known of its standing, today or at the time that was asked about. */
export function sayStill(
  { askedAt, record, still }: Pick<Verification, 'askedAt' | 'record' | 'still'>,
  language: Language,
  { format }: Telling,
): Answer {
  const { text, basis } = standing(still, record, language, format);
  if (askedAt === undefined) return { text, basis };
  return { text, basis: [language.answers.still.askedAt(format.date(askedAt)), ...basis] };
}

function standing(still: Still, record: VerifiedRecord | undefined, language: Language, format: Format): Answer {
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
