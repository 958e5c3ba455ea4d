import { PROFILES } from '#statement/profile.js';
import { sampleProof } from './sample-proof.js';
import { type Changes, proofOf, recordLog, statusVector } from './status-vector.js';
import { vector, type VectorCase } from './vector-case.js';

const HOUR_MS = 3_600_000;
const sound = recordLog();

/** By profile: the standing an hour, a day, 30 days and 365 days after the status, and a millisecond. */
const STALE_AFTER: Record<string, string[]> = {
  'licence@1': ['active', 'stale', 'stale', 'stale'],
  'generic@1': ['active', 'active', 'stale', 'stale'],
  'invoice@1': ['stale', 'stale', 'stale', 'stale'],
  'title@1': ['active', 'stale', 'stale', 'stale'],
  'company@1': ['active', 'stale', 'stale', 'stale'],
  'identity@1': ['stale', 'stale', 'stale', 'stale'],
  'evidence@1': ['active', 'active', 'active', 'stale'],
  'permit@1': ['stale', 'stale', 'stale', 'stale'],
};

/** How old a status may be. */
function ageCases(): VectorCase[] {
  const aged = (
    about: string,
    verdict: VectorCase['verdict'],
    now: string,
    still: string,
    change: Partial<VectorCase> = {},
  ) =>
    statusVector(about, verdict, proofOf(sound), {
      now,
      answer: { still },
      ...change,
      checks: { ...(still === 'stale' ? { 'status-age': 'unavailable' } : {}), ...change.checks },
    });
  const suspended = recordLog([(of) => [{ of, to: 'suspended' }]]);
  const revoked = recordLog([(of) => [{ of, to: 'revoked' }]]);
  const late = {
    now: '2026-04-01T00:00:00.000Z',
    checks: { 'status-history': 'passed', 'status-age': 'unavailable' },
  } as const;
  return [
    aged('a licence’s status of exactly a day ago', 'authentic', '2026-03-02T08:02:00.000Z', 'active'),
    aged('a licence’s status of a day and a millisecond ago', 'unavailable', '2026-03-02T08:02:00.001Z', 'stale'),
    aged(
      'a status of a day and a millisecond ago, where two days are asked for',
      'authentic',
      '2026-03-02T08:02:00.001Z',
      'active',
      { maxStatusAgeMs: 48 * HOUR_MS },
    ),
    aged(
      'a status of an hour and a millisecond ago, where an hour is asked for',
      'unavailable',
      '2026-03-01T09:02:00.001Z',
      'stale',
      { maxStatusAgeMs: HOUR_MS },
    ),
    aged('a status that may have no age, at its own time', 'authentic', '2026-03-01T08:02:00.000Z', 'active', {
      maxStatusAgeMs: 0,
    }),
    aged('a status of five minutes ahead', 'authentic', '2026-03-01T07:57:00.000Z', 'active', { maxStatusAgeMs: 0 }),
    aged('a status of more than five minutes ahead', 'unavailable', '2026-03-01T07:56:59.999Z', 'unknown', {
      checks: { 'status-age': 'unavailable' },
    }),
    aged('a status of a time that has not come', 'unavailable', '2026-03-01T07:40:00.000Z', 'unknown', {
      checks: { times: 'failed', 'status-age': 'unavailable' },
    }),
    statusVector(
      'a status of a profile that nobody knows',
      'authentic',
      proofOf(recordLog([], { profile: 'tender@7' })),
      {
        now: '2036-03-01T00:00:00.000Z',
        checks: { 'status-age': 'not-applicable' },
        answer: { still: 'active' },
      },
    ),
    ...PROFILES.map(({ id: profile }) =>
      statusVector(
        `a status of ${profile} of an hour ago, asked for at later times`,
        'authentic',
        proofOf(recordLog([], { profile })),
        {
          now: '2026-03-01T09:02:00.000Z',
          instants: [
            '2026-03-01T09:02:00.001Z',
            '2026-03-02T08:02:00.001Z',
            '2026-03-31T08:02:00.001Z',
            '2027-03-01T08:02:00.001Z',
          ],
          // A new profile must be named above, and in the second verifier.
          answer: { standing: STALE_AFTER[profile] ?? [] },
        },
      ),
    ),
    statusVector('an old status of a suspended record', 'authentic-not-current', proofOf(suspended), {
      ...late,
      answer: { still: 'suspended' },
    }),
    statusVector('an old status of a revoked record', 'authentic-not-current', proofOf(revoked), {
      ...late,
      answer: { still: 'revoked' },
    }),
    statusVector('an old status of another document', 'unavailable', proofOf(sound), {
      now: '2026-04-01T00:00:00.000Z',
      digests: { sm3: '00'.repeat(32) },
      checks: { document: 'unavailable', 'status-age': 'unavailable' },
      answer: { still: 'stale' },
    }),
  ];
}

/** What was so at each instant of a record's life, which was rewritten twice: as the log had it in the end. */
const LIFE: readonly (readonly [instant: string, still: string])[] = [
  ['00:00:00.000', 'not-yet-recorded'],
  ['08:00:59.499', 'not-yet-recorded'],
  ['08:00:59.500', 'not-yet-valid'],
  ['08:01:00.000', 'not-yet-valid'],
  ['08:01:09.999', 'not-yet-valid'],
  ['08:01:10.000', 'active'],
  ['08:01:10.001', 'active'],
  ['08:01:29.999', 'active'],
  ['08:01:30.000', 'suspended'],
  ['08:01:59.500', 'suspended'],
  ['08:02:00.000', 'suspended'],
  ['08:02:30.000', 'suspended'],
  ['08:02:59.499', 'suspended'],
  ['08:02:59.500', 'active'],
  ['08:02:59.750', 'active'],
  ['08:02:59.999', 'active'],
  ['08:03:00.000', 'suspended'],
  ['08:03:30.000', 'suspended'],
  ['08:03:59.499', 'suspended'],
  ['08:03:59.500', 'suspended'],
  ['08:04:00.000', 'suspended'],
  ['08:04:19.999', 'suspended'],
  ['08:04:20.000', 'suspended'],
  ['08:04:59.500', 'suspended'],
  ['08:05:00.000', 'suspended'],
  ['08:05:09.999', 'suspended'],
  ['08:05:10.000', 'active'],
  ['08:05:20.000', 'active'],
  ['08:05:29.999', 'active'],
  ['08:05:30.000', 'active'],
  ['08:05:30.001', 'expired'],
  ['08:05:35.000', 'expired'],
  ['08:05:39.999', 'expired'],
  ['08:05:40.000', 'revoked'],
  ['08:05:59.500', 'revoked'],
  ['08:07:59.500', 'revoked'],
  ['08:08:00.000', 'revoked'],
  ['09:00:00.000', 'revoked'],
  ['12:00:00.000', 'revoked'],
  ['23:59:59.999', 'revoked'],
];

/** Asked as of another time. */
function instantCases(): VectorCase[] {
  const at =
    (to: 'suspended' | 'active' | 'revoked', time: string): Changes =>
    (of) => [{ of, to, effectiveAt: `2026-03-01T${time}Z` }];
  const life = recordLog(
    [
      at('suspended', '08:01:30.000'),
      at('active', '08:02:59.500'),
      at('suspended', '08:03:59.500'),
      at('active', '08:04:20.000'),
      at('suspended', '08:03:00.000'),
      at('active', '08:05:10.000'),
      at('revoked', '08:05:40.000'),
    ],
    { validFrom: '2026-03-01T08:01:10.000Z', validUntil: '2026-03-01T08:05:30.000Z' },
  );
  const early = recordLog([at('revoked', '07:00:00.000')]);
  const asked = (about: string, verdict: VectorCase['verdict'], time: string, change: Partial<VectorCase>) =>
    statusVector(about, verdict, proofOf(life), {
      at: `2026-03-01T${time}Z`,
      ...change,
      checks: { 'status-history': 'passed', ...change.checks },
    });
  const bare = sampleProof({ statement: { validUntil: '2026-03-31T00:00:00.000Z' } });
  return [
    statusVector(
      'a record’s life of seven changes, some of them dated back, asked as of forty instants',
      'authentic-not-current',
      proofOf(life),
      {
        checks: { validity: 'failed', 'status-history': 'passed' },
        instants: LIFE.map(([time]) => `2026-03-01T${time}Z`),
        answer: { still: 'revoked', since: '2026-03-01T08:05:40.000Z', standing: LIFE.map(([, still]) => still) },
      },
    ),
    asked('as of a time at which it was active', 'authentic', '08:05:15.000', {
      checks: { validity: 'passed' },
      answer: { still: 'active', since: '2026-03-01T08:05:10.000Z' },
    }),
    asked('as of a time at which it had expired', 'authentic-not-current', '08:05:35.000', {
      checks: { validity: 'failed' },
      answer: { still: 'expired', since: '2026-03-01T08:05:30.000Z' },
    }),
    asked('as of a time at which it was suspended', 'authentic-not-current', '08:03:00.000', {
      checks: { validity: 'passed' },
      answer: { still: 'suspended', since: '2026-03-01T08:03:00.000Z' },
    }),
    asked('as of a time at which the log did not have it', 'authentic-not-current', '08:00:59.499', {
      checks: { validity: 'failed' },
      answer: { still: 'not-yet-recorded' },
    }),
    statusVector(
      'a revocation with effect from before the record was received',
      'authentic-not-current',
      proofOf(early),
      {
        instants: ['2026-03-01T06:59:59.999Z', '2026-03-01T07:00:00.000Z'],
        answer: { still: 'revoked', standing: ['not-yet-recorded', 'revoked'] },
      },
    ),
    statusVector('a status asked as of a time after it', 'authentic', proofOf(sound), {
      instants: ['2026-03-02T08:02:00.000Z', '2026-03-02T08:02:00.001Z'],
      answer: { standing: ['active', 'stale'] },
    }),
    vector('a proof without status, asked as of other times', bare, 'authentic-not-current', {
      checks: { validity: 'failed' },
      instants: ['2026-03-01T08:00:00.122Z', '2026-03-01T08:00:00.123Z', '2026-03-31T00:00:00.001Z'],
      answer: { still: 'expired', standing: ['not-yet-recorded', 'unknown', 'expired'] },
    }),
  ];
}

/** Proofs that hold, whose status is as of some time, asked as of some time. */
export function statusTimeCases(): VectorCase[] {
  return [...ageCases(), ...instantCases()];
}
