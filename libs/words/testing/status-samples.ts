import type { StatusFinding, StatusTime } from '#proof/status-finding.js';

const HASH = 'a1'.repeat(32);
const OTHER = 'b2'.repeat(32);
const DAY_MS = 86_400_000;
const root = { check: 'status-root', batch: 8, size: 9 } as const;
const leaf = { check: 'status-leaf', ordinal: 66 } as const;
const detail = 'expected event 70 as the latest, got 69';
const time: StatusTime = {
  asOf: '2026-03-02T09:00:00.000Z',
  word: { kind: 'batch' },
  closedAfter: { time: '2026-03-02T08:50:00.000Z', standing: 'public' },
};

/** One finding about a status of every kind. */
export const STATUS_SAMPLES = {
  'status-root passed': { ...root, outcome: 'passed', records: 71, sealedAt: time.asOf },
  'status-root failed other-root': { ...root, outcome: 'failed', reason: 'other-root', root: HASH, expected: OTHER },
  'status-root failed bad-path': { ...root, outcome: 'failed', reason: 'bad-path', detail },
  'status-root failed other-origin': {
    ...root,
    outcome: 'failed',
    reason: 'other-origin',
    expected: 'log.example',
    got: 'log.test',
  },
  'status-root failed not-last': { ...root, outcome: 'failed', reason: 'not-last' },
  'status-root failed bad-first': { ...root, outcome: 'failed', reason: 'bad-first', detail },
  'status-root failed other-history': {
    ...root,
    outcome: 'failed',
    reason: 'other-history',
    root: HASH,
    expected: OTHER,
  },
  'status-leaf passed': { ...leaf, outcome: 'passed', status: 'revoked', event: 70 },
  'status-leaf failed bad-ordinal': { ...leaf, outcome: 'failed', reason: 'bad-ordinal', detail },
  'status-leaf failed bad-leaf': { ...leaf, outcome: 'failed', reason: 'bad-leaf', detail },
  'status-leaf failed bad-path': { ...leaf, outcome: 'failed', reason: 'bad-path', detail },
  'status-history passed': {
    check: 'status-history',
    outcome: 'passed',
    events: [
      {
        ordinal: 70,
        to: 'revoked',
        agency: 'mr.example.gov',
        reason: 'court-order',
        effectiveAt: '2026-03-02T07:00:00.000Z',
        receivedAt: '2026-03-02T08:00:00.000Z',
        batch: 7,
        sealedAt: '2026-03-02T08:00:01.000Z',
      },
    ],
  },
  'status-history not-applicable': { check: 'status-history', outcome: 'not-applicable' },
  'status-history failed other-root': {
    check: 'status-history',
    outcome: 'failed',
    event: 70,
    reason: 'other-root',
    root: HASH,
    expected: OTHER,
  },
  'status-history failed bad-path': {
    check: 'status-history',
    outcome: 'failed',
    event: 70,
    reason: 'bad-path',
    detail,
  },
  'status-history failed other-statement': {
    check: 'status-history',
    outcome: 'failed',
    reason: 'other-statement',
    detail,
  },
  'status-history failed other-record': { check: 'status-history', outcome: 'failed', reason: 'other-record', detail },
  'status-history failed other-agency': { check: 'status-history', outcome: 'failed', reason: 'other-agency', detail },
  'status-history failed incomplete': { check: 'status-history', outcome: 'failed', reason: 'incomplete', detail },
  'cosignature passed': {
    check: 'cosignature',
    outcome: 'passed',
    size: 9,
    word: { kind: 'witness', name: 'witness.example' },
    time: time.asOf,
  },
  'cosignature failed': { check: 'cosignature', outcome: 'failed', size: 9, word: { kind: 'clock' } },
  'status-age passed': { check: 'status-age', outcome: 'passed', ...time, ageMs: DAY_MS / 2, maxAgeMs: DAY_MS },
  'status-age unavailable stale': {
    check: 'status-age',
    outcome: 'unavailable',
    reason: 'stale',
    ...time,
    ageMs: 2 * DAY_MS,
    maxAgeMs: DAY_MS,
  },
  'status-age unavailable ahead': {
    check: 'status-age',
    outcome: 'unavailable',
    reason: 'ahead',
    ...time,
    ageMs: 0,
  },
  'status-age not-applicable': { check: 'status-age', outcome: 'not-applicable', ...time, ageMs: DAY_MS },
} as const satisfies Record<string, StatusFinding>;
