import type { AuditFinding, SeenHead } from '#audit/finding.js';

const NOTE = 'log.example\n5\nAAAA\n\n— log.example AAAA\n';
const before: SeenHead = { origin: 'log.example', size: 5, note: NOTE };
const now: SeenHead = { origin: 'log.example', size: 6, note: NOTE };
const hashes = { expected: 'a1'.repeat(32), got: 'b2'.repeat(32) };
const event = { check: 'event', batch: 4, ordinal: 70 } as const;
const entry = { check: 'batch-entry', batch: 4 } as const;
const record = '0192f0c1-8e5a-7cc3-9a51-0f6d2a8b4c11';

/** One finding of an audit of every kind. */
export const AUDIT_SAMPLES: readonly AuditFinding[] = [
  {
    check: 'signature',
    reason: 'not-signed',
    key: 'log.example+9be5d3c6+AYqI',
    signers: ['log.example+5d01c7aa'],
    note: NOTE,
  },
  { check: 'signature', reason: 'wrong', key: 'log.example+9be5d3c6+AYqI', note: NOTE },
  { check: 'fork', before, now },
  { check: 'rollback', before: now, now: before },
  { check: 'other-log', before, now: { ...now, origin: 'next.example' } },
  { check: 'log-tiles', size: 6, note: NOTE },
  { check: 'log-entry', batch: 4 },
  { check: 'batch-root', batch: 4, ...hashes },
  { ...entry, reason: 'malformed', detail: 'expected lines of text' },
  { ...entry, reason: 'number', expected: 4, got: 5 },
  { ...entry, reason: 'first', expected: 66, got: 65 },
  { ...entry, reason: 'origin', expected: 'log.example', got: 'other.example' },
  { ...entry, reason: 'time', before: '2026-03-01T08:00:00.000Z', got: '2026-03-01T07:00:00.000Z' },
  { ...event, reason: 'malformed', detail: 'expected sealroot/status@1 first' },
  { ...event, reason: 'not-yet-there' },
  { ...event, reason: 'touched-range', record: 7, state: 1 },
  { ...event, reason: 'previous', record: 7, expected: null, got: 68 },
  { ...event, reason: 'previous', record: 7, expected: 69, got: null },
  { ...event, reason: 'consumed-twice', record: 7, consumedBy: 68 },
  { ...event, reason: 'transition', record: 7, from: 1, to: 13 },
  { ...event, reason: 'transition', record: 7, from: 0, to: 13 },
  { check: 'status-root', batch: 4, ...hashes },
  {
    check: 'unsent-event',
    record,
    ordinal: 7,
    event: 70,
    state: 1,
    effectiveAtMs: 1_772_352_000_123,
    leafHash: hashes.got,
  },
  { check: 'missing-event', record, hash: hashes.got, includeBy: '2026-03-01T08:00:10.000Z' },
  { check: 'missing-event', record: null, hash: hashes.got, includeBy: '2026-03-01T08:00:10.000Z' },
  { check: 'missing-record', record },
  { check: 'record-place', record },
];
