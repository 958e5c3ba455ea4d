import type { Subject } from '#proof/anchors/finding.js';
import type { Still, VerifiedRecord, When, Who } from '#proof/verification.js';
import { sayBlock, sayClock } from './chain-words.js';
import type { Answer, Language, Telling } from './language.js';
import { chainOf } from './note.js';

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
    timeStamp: (authority: string) => string;
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
    unknown: { text: string; noEnd: string; statedEnd: (until: string) => string };
  };
}

/** By when it existed. `pending`: whether a time is still to come. */
export function sayWhen(when: When, pending: boolean, language: Language, { format }: Telling): Answer {
  const { contradicted, notAfter, notBefore } = when;
  const words = language.answers.when;
  const place = (by: NonNullable<When['notAfter']>['by'] | NonNullable<When['notBefore']>['by']) => {
    const chain = chainOf(by);
    if (chain === null || !('height' in by)) return words.timeStamp('authority' in by ? by.authority : '');
    return words.block(sayBlock(chain, by.height, language, format), sayClock(chain, language));
  };
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

/** What is known of its standing today. */
export function sayStill(
  still: Still,
  record: VerifiedRecord | undefined,
  { answers }: Language,
  { format }: Telling,
): Answer {
  const words = answers.still;
  switch (still.state) {
    case 'expired':
      return { text: words.expired.text(format.date(still.since)), basis: [words.expired.basis] };
    case 'not-yet-valid':
      return { text: words['not-yet-valid'].text(format.date(still.from)), basis: [words['not-yet-valid'].basis] };
    case 'unknown': {
      const { noEnd, statedEnd, text } = words.unknown;
      const until = record?.validUntil;
      return { text, basis: [until === undefined ? noEnd : statedEnd(format.date(until))] };
    }
    default:
      return still satisfies never;
  }
}
