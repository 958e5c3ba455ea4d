import type { StatusWords } from '../status-words.js';
import { capital } from './grammar.js';

/** What has become of a record, and as of when. */
export const status: StatusWords = {
  asOf: {
    time: (time) => `The status is as of ${time}.`,
    words: {
      batch: 'That no later change was in the log then is the word of the log’s operator, who signed it.',
      clock: 'That no later change was in the log then is the word of the log’s own clock, which signed it.',
      witness: (name) => `That this was the newest state of the log then is the word of the witness ${name}.`,
    },
    age: (span) => `Age of this status: ${span}.`,
    boundBy: (time, place) => `The log has been bound to this status since ${time} at the latest, as ${place} shows.`,
    closedAfter: (time) => `The batch that it rests on was closed after ${time}, the time of a block that it names.`,
  },
  answers: {
    active: (asOf) => `Yes, as of ${asOf}: nothing in the log speaks against it.`,
    reactivated: (since) => `It was suspended before; the suspension ended on ${since}.`,
    stale: (asOf, maxAge) =>
      `Not known: the status in this proof is as of ${asOf}, and should be no older than ${maxAge}.`,
    ahead: (asOf) => `Not known: the status in this proof claims to be as of ${asOf}, which has not come yet.`,
    changed: {
      revoked: (since) => `No: it was revoked with effect from ${since}.`,
      suspended: (since) => `No: it has been suspended since ${since}.`,
      superseded: (since) => `No: it was replaced with effect from ${since}.`,
      consumed: (since) => `No: it was used on ${since}, and can be used once only.`,
    },
  },
  change: {
    reason: (code) => `Reason stated by the agency: ${code}.`,
    successor: (id) => `Record ${id} takes its place.`,
    agency: (name) => `It was used at ${name}.`,
    who: {
      agency: 'The change was signed by the agency’s own key, which was authorised then.',
      log: 'The change was made through the agency’s access to the service: that the agency made it is the word of the log’s operator.',
    },
    received: (time) => `The log received this change on ${time}, by its own clock.`,
  },
  root: {
    passed: (batch, records) =>
      `Batch ${batch} is the last one under the checkpoint, so its status speaks of every entry of the log, ${records} in all.`,
    failed: {
      'other-root': 'The chain of hashes does not lead from that batch to the root of the checkpoint.',
      'bad-path': 'The chain of hashes from that batch is not one for the last place under the checkpoint.',
      'other-origin': 'A batch that the status rests on is one of another log.',
      'not-last': 'There are batches after it under the checkpoint, which may say something else.',
      'bad-first': 'The batches in this proof contradict each other about how many entries came before them.',
      'other-history': 'The proof shows two states of the log of the same size: one of its histories is false.',
    },
  },
  leaf: {
    untouched: 'No change of this record’s status had ever been logged.',
    changed: (name) => `The record’s status is: ${name}.`,
    failed: {
      'bad-ordinal': 'The log was not long enough to hold this record at the time of that status.',
      'bad-leaf': 'The entry that is given for the record’s status is not one that can be.',
      'bad-path': 'The chain of hashes does not lead from the record’s status to the status of the whole log.',
    },
  },
  history: {
    none: 'There is no change to show.',
    event: (name, agency, effectiveAt, receivedAt) =>
      `${capital(name)} with effect from ${effectiveAt}, by ${agency}; received by the log on ${receivedAt}.`,
    complete: 'These are all changes up to that status, each shown to be in the log.',
    failed: {
      'other-root': 'A change is not in the log where the proof says it is.',
      'bad-path': 'The chain of hashes of a change is not one for the place in the log that the proof names.',
      'other-statement': 'The statement of a change is not the one that the log has.',
      'other-record': 'A change is about another record.',
      'other-agency': 'A change was made by an agency that may not make it.',
      incomplete:
        'The changes do not lead from the registration to the record’s status: one is missing, or is not allowed.',
    },
  },
  cosignature: {
    clock: (time) => `The log’s own clock signed on ${time} that this was its newest checkpoint.`,
    witness: (name, time) => `The witness ${name} signed this checkpoint on ${time}, as the newest that it had seen.`,
    failed: 'A signature under that name does not fit the checkpoint.',
  },
  age: {
    passed: (asOf, age, maxAge) => `The status is as of ${asOf}, ${age} old; it may be ${maxAge} old.`,
    stale: (asOf, age, maxAge) =>
      `The status is as of ${asOf}, ${age} old; it should be no older than ${maxAge}. What happened since is not known.`,
    ahead: (asOf) =>
      `The status claims to be as of ${asOf}, which has not come yet: its clock is wrong, or the one here.`,
    noLimit: (asOf, age) => `The status is as of ${asOf}, ${age} old. How old it may be is not laid down.`,
  },
  names: {
    untouched: 'unchanged',
    active: 'active again',
    revoked: 'revoked',
    suspended: 'suspended',
    superseded: 'replaced',
    consumed: 'used',
  },
};
