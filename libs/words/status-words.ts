import type {
  CosignatureFinding,
  LeafStatus,
  ShownEvent,
  StatusAgeFinding,
  StatusFinding,
  StatusHistoryFinding,
  StatusLeafFinding,
  StatusRootFinding,
  StatusWord,
} from '#proof/status-finding.js';
import type { ShownStatus, StatusChange, Still, Who } from '#proof/verification.js';
import type { Format } from './format.js';
import { inOrder } from './joints.js';
import type { Answer, Language } from './language.js';
import { sayPlace } from './place.js';

/** What is said of a record's status, in one language. */
export interface StatusWords {
  /** As of when, and by whose word. */
  asOf: {
    time: (time: string) => string;
    words: { batch: string; clock: string; witness: (name: string) => string };
    age: (span: string) => string;
    boundBy: (time: string, place: string) => string;
    closedAfter: (time: string) => string;
  };
  /** Answers to the question whether it is still valid. */
  answers: {
    active: (asOf: string) => string;
    reactivated: (since: string) => string;
    stale: (asOf: string, maxAge: string) => string;
    ahead: (asOf: string) => string;
    changed: Record<StatusChange['state'], (since: string) => string>;
  };
  change: {
    reason: (code: string) => string;
    successor: (id: string) => string;
    agency: (name: string) => string;
    /** Whose word it is that the agency made it; of a log that nobody trusts nothing is said. */
    who: Record<Exclude<Who, 'unchecked'>, string>;
    received: (time: string) => string;
  };
  root: {
    passed: (batch: string, records: string) => string;
    failed: Record<Extract<StatusRootFinding, { outcome: 'failed' }>['reason'], string>;
  };
  leaf: {
    untouched: string;
    changed: (status: string) => string;
    failed: Record<Extract<StatusLeafFinding, { outcome: 'failed' }>['reason'], string>;
  };
  history: {
    none: string;
    /** One change, by its status, agency and times. */
    event: (status: string, agency: string, effectiveAt: string, receivedAt: string) => string;
    complete: string;
    failed: Record<Extract<StatusHistoryFinding, { outcome: 'failed' }>['reason'], string>;
  };
  cosignature: { clock: (time: string) => string; witness: (name: string, time: string) => string; failed: string };
  age: {
    passed: (asOf: string, age: string, maxAge: string) => string;
    stale: (asOf: string, age: string, maxAge: string) => string;
    ahead: (asOf: string) => string;
    noLimit: (asOf: string, age: string) => string;
  };
  /** Statuses, as they stand in a sentence. */
  names: Record<LeafStatus, string>;
}

/** Whether it is still valid, where the proof shows its status. */
export function sayShownStill(
  still: Extract<Still, { state: 'active' | 'stale' | StatusChange['state'] }>,
  language: Language,
  format: Format,
): Omit<Answer, 'outcome'> {
  const { answers, asOf: shown, change } = language.status;
  const { status } = still;
  const asOf = format.date(status.asOf);
  switch (still.state) {
    case 'active':
      return {
        text: answers.active(asOf),
        basis: [
          ...(still.since === undefined ? [] : [answers.reactivated(format.date(still.since))]),
          ...sayAsOf(status, language, format),
        ],
      };
    case 'stale':
      return {
        text: answers.stale(asOf, format.span(still.maxAgeMs)),
        basis: sayAsOf(status, language, format),
      };
    default:
      return {
        text: answers.changed[still.state](format.date(still.since)),
        basis: [
          ...(still.reason === undefined ? [] : [change.reason(still.reason)]),
          ...(still.by === undefined ? [] : [change.successor(still.by)]),
          ...(still.state === 'consumed' ? [change.agency(still.agency)] : []),
          ...(still.who === 'unchecked' ? [] : [change.who[still.who]]),
          change.received(format.date(still.receivedAt)),
          shown.time(asOf),
          ...sayAsOf(status, language, format),
        ],
      };
  }
}

/** What the time of a status rests on, a sentence each. */
function sayAsOf(status: ShownStatus, language: Language, format: Format): string[] {
  const { asOf } = language.status;
  const { ageMs, boundBy, closedAfter, word } = status;
  return [
    ...(ageMs === 0 ? [] : [asOf.age(format.span(ageMs))]),
    sayWord(word, language),
    ...(boundBy === undefined ? [] : [asOf.boundBy(format.date(boundBy.time), sayPlace(boundBy.by, language, format))]),
    ...(closedAfter === undefined ? [] : [asOf.closedAfter(format.date(closedAfter.time))]),
  ];
}

function sayWord(word: StatusWord, { status: { asOf } }: Language): string {
  return word.kind === 'witness' ? asOf.words.witness(word.name) : asOf.words[word.kind];
}

/** What was found about a status. */
export function sayStatus(finding: StatusFinding, language: Language, format: Format): string {
  const { leaf, root } = language.status;
  switch (finding.check) {
    case 'status-root':
      return finding.outcome === 'passed'
        ? root.passed(format.number(finding.batch), format.number(finding.records))
        : root.failed[finding.reason];
    case 'status-leaf':
      if (finding.outcome === 'failed') return leaf.failed[finding.reason];
      return finding.status === 'untouched' ? leaf.untouched : leaf.changed(language.status.names[finding.status]);
    case 'status-history':
      return sayHistory(finding, language, format);
    case 'cosignature':
      return sayCosignature(finding, language, format);
    case 'status-age':
      return sayAge(finding, language, format);
    default:
      return finding satisfies never;
  }
}

function sayHistory(finding: StatusHistoryFinding, language: Language, format: Format): string {
  const { history } = language.status;
  if (finding.outcome === 'not-applicable') return history.none;
  if (finding.outcome === 'failed') return history.failed[finding.reason];
  const events = finding.events.toReversed().map((event) => sayEvent(event, language, format));
  return inOrder(language.joints, ...events, history.complete);
}

/** A change of status, in a sentence. */
function sayEvent(event: ShownEvent, { status: { history, names } }: Language, format: Format): string {
  const { agency, effectiveAt, receivedAt, to } = event;
  return history.event(names[to], agency, format.date(effectiveAt), format.date(receivedAt));
}

function sayCosignature(finding: CosignatureFinding, { status: { cosignature } }: Language, format: Format): string {
  if (finding.outcome === 'failed') return cosignature.failed;
  const time = format.date(finding.time);
  return finding.word.kind === 'witness' ? cosignature.witness(finding.word.name, time) : cosignature.clock(time);
}

function sayAge(finding: StatusAgeFinding, { status: { age } }: Language, format: Format): string {
  const [asOf, old] = [format.date(finding.asOf), format.span(finding.ageMs)];
  switch (finding.outcome) {
    case 'passed':
      return age.passed(asOf, old, format.span(finding.maxAgeMs));
    case 'unavailable':
      return finding.reason === 'ahead' ? age.ahead(asOf) : age.stale(asOf, old, format.span(finding.maxAgeMs));
    case 'not-applicable':
      return age.noLimit(asOf, old);
    default:
      return finding satisfies never;
  }
}
