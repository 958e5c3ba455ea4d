import { type Changes, proofOf, type RecordLog, recordLog, statusVector } from './status-vector.js';
import { SampleLog } from './sample-log.js';
import type { VectorCase } from './vector-case.js';

/** The successor that a superseded record names. */
const BY = '019ca869-507b-7812-82da-057373556ba2';

const to =
  (status: 'revoked' | 'suspended' | 'consumed' | 'active', more: object = {}): Changes =>
  (of) => [{ of, to: status, ...more }];
const superseded: Changes = (of) => [{ of, to: 'superseded', by: BY }];

/** A log of so many entries, of which the last is the record. */
function endingWithRecord(entries: number): RecordLog {
  const log = new SampleLog();
  if (entries > 1) log.seal({ others: entries - 1 });
  const [record] = log.seal({ records: [{}] });
  return { log, record: record! };
}

/** A log whose first 64 entries were all touched, the record the first of them. */
function touchedLeaf(): RecordLog {
  const log = new SampleLog();
  const [record] = log.seal({ records: [{}], others: 63 });
  const changes = Array.from({ length: 64 }, (_, first) => ({
    of: first === 0 ? record! : { first, count: 1 },
    to: first % 2 === 0 ? ('suspended' as const) : ('revoked' as const),
  }));
  log.seal({ changes });
  log.seal({ changes: changes.filter((_, i) => i % 4 === 0).map(({ of }) => ({ of, to: 'active' as const })) });
  return { log, record: record! };
}

/** Proofs that hold and say what has become of their record. */
export function statusCases(): VectorCase[] {
  const notCurrent = (about: string, batches: Changes[], still: string, since = '2026-03-01T08:01:59.500Z') =>
    statusVector(about, 'authentic-not-current', proofOf(recordLog(batches)), { answer: { still, since } });
  const active = (about: string, of: RecordLog) =>
    statusVector(about, 'authentic', proofOf(of), { answer: { still: 'active' } });
  const between = recordLog([to('suspended'), to('active'), to('suspended'), to('active')]);
  const own = recordLog();
  const twice = proofOf(own);
  const invoice = recordLog([to('consumed', { agency: 'tax.example' })], { profile: 'invoice@1' });
  const unknownProfile = recordLog([to('consumed', { agency: 'tax.example' })], { profile: 'tender@7' });
  const noLimit = { 'status-age': 'not-applicable' } as const;
  return [
    statusVector('a record about which nothing was ever logged', 'authentic', proofOf(own), {
      answer: { still: 'active', asOf: '2026-03-01T08:02:00.000Z', word: 'batch' },
    }),
    notCurrent('a revoked record', [to('revoked', { reason: 'court-order' })], 'revoked'),
    notCurrent('a suspended record', [to('suspended')], 'suspended'),
    notCurrent('a superseded record', [superseded], 'superseded'),
    notCurrent('a record that its own agency consumed, whatever its profile says', [to('consumed')], 'consumed'),
    statusVector(
      'a record whose suspension has ended',
      'authentic',
      proofOf(recordLog([to('suspended'), to('active')])),
      {
        answer: { still: 'active', since: '2026-03-01T08:02:59.500Z' },
      },
    ),
    active('a record that was suspended twice', between),
    notCurrent(
      'a record that was superseded while it was suspended',
      [to('suspended'), superseded],
      'superseded',
      '2026-03-01T08:02:59.500Z',
    ),
    notCurrent(
      'a record that was suspended again and then consumed',
      [to('suspended'), to('active'), to('suspended'), to('active'), to('consumed')],
      'consumed',
      '2026-03-01T08:05:59.500Z',
    ),
    statusVector(
      'a record that was suspended and is active again within one batch',
      'authentic',
      proofOf(
        recordLog([
          (of) => [
            { of, to: 'suspended' },
            { of, to: 'active', previous: 161 },
          ],
        ]),
      ),
    ),
    notCurrent('a record that is one of a range', [() => [{ of: { first: 64, count: 97 }, to: 'revoked' }]], 'revoked'),
    notCurrent(
      'a record that is the first of a range',
      [() => [{ of: { first: 100, count: 2 }, to: 'suspended' }]],
      'suspended',
    ),
    notCurrent(
      'a record that is the last of a range',
      [() => [{ of: { first: 0, count: 101 }, to: 'revoked' }]],
      'revoked',
    ),
    notCurrent('a record that is a range of one', [() => [{ of: { first: 100, count: 1 }, to: 'revoked' }]], 'revoked'),
    active(
      'a record beside others that were touched',
      recordLog([
        () => [
          { of: { first: 99, count: 1 }, to: 'revoked' },
          { of: { first: 101, count: 20 }, to: 'suspended' },
        ],
      ]),
    ),
    statusVector(
      'a record that another agency consumed, as its profile lets every agency',
      'authentic-not-current',
      proofOf(invoice),
      {
        now: '2026-03-01T09:02:00.000Z',
        answer: { still: 'consumed' },
      },
    ),
    statusVector(
      'a record of a profile that nobody knows, which another agency consumed',
      'authentic-not-current',
      proofOf(unknownProfile),
      { checks: { ...noLimit, 'status-history': 'passed' }, answer: { still: 'consumed' } },
    ),
    ...[1, 63, 64, 65, 128, 129].map((entries) =>
      active(`the last record of a log of ${entries} entries, under its own batch`, endingWithRecord(entries)),
    ),
    statusVector('a record in a leaf of which all 64 were touched', 'authentic', proofOf(touchedLeaf()), {
      answer: { still: 'active', since: '2026-03-01T08:01:59.500Z' },
    }),
    statusVector('the record of an older checkpoint than the newest', 'authentic', {
      ...between.log.proof(between.record, { size: 4 }),
    }),
    statusVector(
      'a status whose checkpoint is one of the proof',
      'authentic',
      {
        ...twice,
        log: {
          ...twice.log,
          checkpoints: [
            own.log.checkpoint(1, 2),
            { ...own.log.checkpoint(1, 3), attestations: [{ type: 'unknown', value: { type: 'x' } }] },
          ],
        },
      },
      { checks: { anchor: ['unavailable', 'passed'] } },
    ),
    statusVector('a status of a checkpoint before those of the proof', 'authentic', {
      ...own.log.proof(own.record, { size: 2 }),
      log: { key: own.log.key, checkpoints: [own.log.checkpoint(1, 3)] },
    }),
  ];
}
