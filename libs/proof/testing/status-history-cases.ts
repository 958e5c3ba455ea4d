import { base64 } from '@scure/base';
import { leafHash } from '#merkle/hash.js';
import type { RecordStatement } from '#statement/statement.js';
import type { Proof } from '../proof.js';
import type { StatusProof } from '../status-proof.js';
import { type SampleChange, SampleLog } from './sample-log.js';
import {
  type Changes,
  flippedHash,
  proofOf,
  recordLog,
  statusVector,
  type StatusVectorChange,
} from './status-vector.js';
import type { VectorCase } from './vector-case.js';

const OTHER_ID = '019ca869-507b-7812-82da-057373556ba2';
const HASH = 'ab'.repeat(32);
const to =
  (status: 'revoked' | 'suspended' | 'consumed' | 'active', more: Partial<SampleChange> = {}): Changes =>
  (of) => [{ of, to: status, ...more }];
const range =
  (first: number, count: number, more: Partial<SampleChange> = {}): Changes =>
  () => [{ of: { first, count }, to: 'revoked', ...more }];

const revoked = recordLog([to('revoked')]);
const three = recordLog([to('suspended'), to('active'), to('suspended')]);
const beside = recordLog([to('revoked'), range(101, 5)]);

const failing = (about: string, proof: Proof, { checks = {}, ...rest }: StatusVectorChange = {}) =>
  statusVector(about, 'mismatch', proof, {
    checks: { 'status-history': 'failed', ...checks },
    answer: { still: 'unknown' },
    ...rest,
  });
/** What a log seals that should not have. */
const sealed = (
  about: string,
  batches: Changes[],
  { statement = {}, ...change }: StatusVectorChange & { statement?: Partial<RecordStatement> } = {},
) => failing(`a log with ${about}`, proofOf(recordLog(batches, statement)), change);
/** What a holder makes of a sound proof. */
const given = (about: string, change: (events: StatusProof['events']) => StatusProof['events'] | void, from = three) =>
  failing(
    about,
    proofOf(from, (status) => {
      status.events = change(status.events) ?? status.events;
    }),
  );

/** Where an event stands. */
function placeCases(): VectorCase[] {
  const newest = (about: string, change: (event: StatusProof['events'][0]) => void) =>
    given(
      about,
      ([event]) => {
        change(event!);
      },
      revoked,
    );
  return [
    newest('an event with another index', (event) => (event.index += 1)),
    newest('an event with an index beyond its batch', (event) => (event.index += 2)),
    newest('a path of an event that is a hash short', ({ path }) => path.pop()),
    newest('a path of an event that is a hash long', ({ path }) => path.push(HASH)),
    newest('a changed hash in the path of an event', ({ path }) => (path[0] = flippedHash(path[0]!))),
    newest("a path of an event's batch that is a hash short", ({ batch }) => batch.path.pop()),
    newest(
      "a changed hash in the path of an event's batch",
      ({ batch: { path } }) => (path[0] = flippedHash(path[0]!)),
    ),
    given('an older event whose batch is not in the log', (events) => {
      const { path } = events[2]!.batch;
      path[0] = flippedHash(path[0]!);
    }),
  ];
}

/** Whose statement it is, about what. */
function statementCases(): VectorCase[] {
  const agency = 'other.example';
  return [
    given(
      'a statement with another reason than the logged one',
      ([event]) => void (event!.statement.reason = 'mistake'),
    ),
    sealed('an entry of another state than its statement', [to('suspended', { lie: { state: 1 } })]),
    sealed('an entry of another time than its statement', [
      to('revoked', { lie: { effectiveAtMs: 1_772_352_000_000 } }),
    ]),
    sealed('an entry of more records than its statement', [range(100, 2, { lie: { count: 3 } })]),
    sealed('an entry of other records than its statement', [range(99, 2, { lie: { first: 100 } })]),
    sealed('an entry of two records for a statement about one', [to('revoked', { lie: { count: 2 } })]),
    sealed('an event about another record at the ordinal of this one', [
      (of) => [{ of: { ...of, id: OTHER_ID }, to: 'revoked' }],
    ]),
    sealed('a revocation by another agency', [to('revoked', { agency })]),
    sealed('a revocation of a range by another agency', [range(90, 20, { agency })]),
    sealed('a suspension that another agency ended', [to('suspended'), to('active', { agency })]),
    sealed('another agency that consumed what its profile lets nobody consume', [to('consumed', { agency })]),
    sealed('another agency that revoked what its profile lets every agency consume', [to('revoked', { agency })], {
      statement: { profile: 'invoice@1' },
      now: '2026-03-01T09:03:00.000Z',
    }),
    sealed('another agency that revoked a record of a profile that nobody knows', [to('revoked', { agency })], {
      statement: { profile: 'tender@7' },
      checks: { 'status-age': 'not-applicable' },
    }),
  ];
}

/** Whether the events are all, and lead from the beginning to what the leaf says. */
function chainCases(): VectorCase[] {
  const consumed = to('consumed');
  return [
    given('a history without its only event', () => [], revoked),
    given('a history without its newest event', (events) => events.slice(1)),
    given('a history without its oldest event', (events) => events.slice(0, -1)),
    given('a history without an event in between', ([newest, , oldest]) => [newest!, oldest!]),
    given('a history without any event', () => []),
    given('a history with the oldest event first', (events) => events.toReversed()),
    given('a history with an event twice', ([newest, ...older]) => [newest!, newest!, ...older]),
    given('an event about other records', () => beside.log.status({ batch: 1, index: 1 }).events, beside),
    given(
      'an event about other records after the record’s own',
      (own) => [...beside.log.status({ batch: 1, index: 1 }).events, ...own],
      beside,
    ),
    sealed('an end of a suspension that never was', [to('active')]),
    sealed('a second end of a suspension', [to('suspended'), to('active'), to('active')]),
    sealed('a second suspension in the first', [to('suspended'), to('suspended')]),
    sealed('a consumption of a suspended record', [to('suspended'), consumed]),
    sealed('an event after a revocation', [to('revoked'), to('suspended')]),
    sealed('two consumptions', [consumed, consumed]),
    sealed('an event that denies the one before it', [to('suspended'), to('revoked', { previous: null })]),
    sealed('an event that names another before it', [to('suspended'), to('active'), to('revoked', { previous: 161 })]),
    sealed('an event that names one before it where there was none', [to('revoked', { previous: 150 })]),
    sealed('a range over a record that was touched', [to('suspended'), range(100, 2, { previous: null })]),
    failing('a log with an event about an entry of its own batch', ownBatch()),
    failing('a log whose leaf has forgotten an event that it has', forgotten()),
  ];
}

/** The record is revoked in its own batch. */
function ownBatch() {
  const log = new SampleLog();
  const [record] = log.seal({ records: [{}], changes: [{ of: { first: 0, count: 1 }, to: 'revoked' }], others: 8 });
  log.seal({ others: 1 });
  return proofOf({ log, record: record! });
}

/** The record was revoked, and the last status root says that it was never touched. */
function forgotten() {
  const log = new SampleLog();
  const [record] = log.seal({ records: [{}], others: 9 });
  log.seal({ changes: [{ of: record!, to: 'revoked' }] });
  const leaf = new Uint8Array(32);
  log.seal({ others: 1 }, { statusRoot: leafHash(leaf) });
  return proofOf({ log, record: record! }, (status) => {
    status.leaf = { value: base64.encode(leaf), path: [] };
  });
}

/** Well-formed proofs whose history is not their record's, or not all of it. */
export function historyMismatchCases(): VectorCase[] {
  return [...placeCases(), ...statementCases(), ...chainCases()];
}
