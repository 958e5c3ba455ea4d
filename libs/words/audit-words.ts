import type { AuditFinding, EntryFault, EventFault } from '#audit/finding.js';
import { statusOfState } from '#statement/status-change.js';
import { commandLineWords } from './command-line.js';
import type { Format } from './format.js';
import type { Language } from './language.js';

/** What is said of an audit of a log, in one language. Numbers and times come written; batches and records are called by their numbers. */
export interface AuditWords {
  /** Keys as `name+id`; those who signed are a list. */
  signature: { notSigned: (key: string, signers: string) => string; wrong: (key: string) => string };
  fork: (before: string, now: string) => string;
  rollback: (before: string, now: string) => string;
  otherLog: (before: string, now: string) => string;
  logTiles: (size: string) => string;
  logEntry: (batch: string) => string;
  batchRoot: (batch: string) => string;
  entry: {
    malformed: (batch: string) => string;
    number: (batch: string, got: string) => string;
    first: (batch: string, expected: string, got: string) => string;
    origin: (batch: string, expected: string, got: string) => string;
    time: (batch: string, before: string, got: string) => string;
  };
  event: {
    malformed: (event: string) => string;
    'not-yet-there': (event: string) => string;
    'touched-range': (event: string, record: string) => string;
    /** Events before it; null is none. */
    previous: (event: string, record: string, expected: string | null, got: string | null) => string;
    'consumed-twice': (event: string, record: string, before: string) => string;
    /** By the names of statuses. */
    transition: (event: string, record: string, from: string, to: string) => string;
  };
  statusRoot: (batch: string) => string;
  unsentEvent: (record: string, event: string, status: string, effectiveAt: string) => string;
  /** Of one record, or else of several. */
  missingEvent: (record: string | null, includeBy: string) => string;
  missingRecord: (record: string) => string;
  recordPlace: (record: string) => string;
  /** What an audit comes to. */
  result: {
    passed: (origin: string, batches: string, entries: string) => string;
    found: (count: string) => string;
    undecided: string;
    /** Beside the others, where no key was pinned. */
    unchecked: string;
  };
}

/** Signers of a strange checkpoint that are named: a note may have a hundred. */
const SIGNERS_NAMED = 3;

/** What an audit found, in a sentence or two. */
export function sayAuditFinding(finding: AuditFinding, language: Language, format: Format): string {
  const { audit } = commandLineWords(language);
  const n = (value: number) => format.number(value);
  switch (finding.check) {
    case 'signature':
      return finding.reason === 'wrong'
        ? audit.signature.wrong(keyName(finding.key))
        : audit.signature.notSigned(keyName(finding.key), finding.signers.slice(0, SIGNERS_NAMED).join(', '));
    case 'fork':
      return audit.fork(n(finding.before.size), n(finding.now.size));
    case 'rollback':
      return audit.rollback(n(finding.before.size), n(finding.now.size));
    case 'other-log':
      return audit.otherLog(finding.before.origin, finding.now.origin);
    case 'log-tiles':
      return audit.logTiles(n(finding.size));
    case 'log-entry':
      return audit.logEntry(n(finding.batch));
    case 'batch-root':
      return audit.batchRoot(n(finding.batch));
    case 'batch-entry':
      return sayEntryFault(finding, n(finding.batch), audit, format);
    case 'event':
      return sayEventFault(finding, n(finding.ordinal), language, format);
    case 'status-root':
      return audit.statusRoot(n(finding.batch));
    case 'unsent-event':
      return audit.unsentEvent(
        finding.record,
        n(finding.event),
        statusName(finding.state, language),
        format.date(finding.effectiveAtMs),
      );
    case 'missing-event':
      return audit.missingEvent(finding.record, format.date(finding.includeBy));
    case 'missing-record':
      return audit.missingRecord(finding.record);
    case 'record-place':
      return audit.recordPlace(finding.record);
  }
}

function sayEntryFault(fault: EntryFault, batch: string, { entry }: AuditWords, format: Format): string {
  switch (fault.reason) {
    case 'malformed':
      return entry.malformed(batch);
    case 'number':
      return entry.number(batch, format.number(fault.got));
    case 'first':
      return entry.first(batch, format.number(fault.expected), format.number(fault.got));
    case 'origin':
      return entry.origin(batch, fault.expected, fault.got);
    case 'time':
      return entry.time(batch, format.date(fault.before), format.date(fault.got));
  }
}

function sayEventFault(fault: EventFault, event: string, language: Language, format: Format): string {
  const words = commandLineWords(language).audit.event;
  const number = (value: number) => format.number(value);
  switch (fault.reason) {
    case 'malformed':
    case 'not-yet-there':
      return words[fault.reason](event);
    case 'touched-range':
      return words['touched-range'](event, number(fault.record));
    case 'previous': {
      const eventBefore = (one: number | null) => (one === null ? null : number(one));
      return words.previous(event, number(fault.record), eventBefore(fault.expected), eventBefore(fault.got));
    }
    case 'consumed-twice':
      return words['consumed-twice'](event, number(fault.record), number(fault.consumedBy));
    case 'transition':
      return words.transition(
        event,
        number(fault.record),
        statusName(fault.from, language),
        statusName(fault.to, language),
      );
  }
}

function statusName(state: number, { status }: Language): string {
  return status.names[statusOfState(state) ?? 'untouched'];
}

/** A verifier key by its name and id, as a note's signature lines have them: without the key itself. */
function keyName(key: string): string {
  return key.split('+', 2).join('+');
}
