import type { DocumentHash, Finding, PathFault, UnreadableKind } from '#proof/finding.js';
import { ANCHOR_SAMPLES } from './anchor-samples.js';
import { family, type FindingKey } from './finding-family.js';
import { SIGNATURE_SAMPLES } from './signature-samples.js';
import { STATUS_SAMPLES } from './status-samples.js';

/** Every kind of file that is no proof. */
export const UNREADABLE_KINDS = Object.keys({
  empty: true,
  html: true,
  pdf: true,
  zip: true,
  'utf-16': true,
  'byte-order-mark': true,
  base64: true,
  hex: true,
  'cut-short': true,
  receipt: true,
  'signed-note': true,
  'time-stamp': true,
  'other-json': true,
  'newer-version': true,
  'too-large': true,
  damaged: true,
} satisfies Record<UnreadableKind, true>) as UnreadableKind[];

const HASH = 'a1'.repeat(32);
const OTHER = 'b2'.repeat(32);
const TIME = '2026-03-01T09:00:00.000Z';
const faults = ['other-origin', 'other-size', 'other-root', 'other-key-name', 'bad-signature', 'not-signed'] as const;
const checkpointFacts = { origin: 'log.example', size: 5, root: HASH };
const path = { batch: 3, index: 1, size: 7 };
const pathFaults: Record<PathFault['reason'], PathFault> = {
  'other-root': { reason: 'other-root', root: HASH, expected: OTHER },
  'bad-path': { reason: 'bad-path', detail: 'expected 3 hashes, got 2' },
};
const pathReasons = ['other-root', 'bad-path'] as const;
const digests: { algorithm: DocumentHash; digest: string; recorded: string } = {
  algorithm: 'sha256',
  digest: HASH,
  recorded: OTHER,
};

/** One finding of every kind: a new kind does not compile until it has a sample here. */
export const FINDING_SAMPLES: Readonly<Record<FindingKey, Finding>> = {
  ...STATUS_SAMPLES,
  'format passed': { check: 'format', outcome: 'passed', format: 'sealroot/proof@2' },
  ...family('format failed', UNREADABLE_KINDS, (reason) => ({
    check: 'format',
    outcome: 'failed',
    reason,
    detail: 'expected an object',
  })),
  'document passed': { check: 'document', outcome: 'passed', algorithms: ['sha256'], blinded: false },
  ...family('document failed', ['differs', 'line-endings'] as const, (reason) => ({
    check: 'document',
    outcome: 'failed',
    reason,
    blinded: false,
    ...digests,
  })),
  'document failed appended': {
    check: 'document',
    outcome: 'failed',
    reason: 'appended',
    sealedBytes: 48_213,
    blinded: false,
    ...digests,
  },
  ...family('document unavailable', ['other-algorithm', 'no-salt'] as const, (reason) => ({
    check: 'document',
    outcome: 'unavailable',
    reason,
    given: ['sha512'],
    recorded: ['sha256'],
  })),
  'document not-applicable': { check: 'document', outcome: 'not-applicable' },
  'record-id passed': { check: 'record-id', outcome: 'passed', id: '0192f0c1' },
  'record-id failed': { check: 'record-id', outcome: 'failed', id: '0192f0c1', computed: '0192f0c2' },
  'batch-inclusion passed': { check: 'batch-inclusion', outcome: 'passed', ...path },
  ...family('batch-inclusion failed', pathReasons, (reason) => ({
    check: 'batch-inclusion',
    outcome: 'failed',
    ...path,
    ...pathFaults[reason],
  })),
  'batch-checkpoint passed': { check: 'batch-checkpoint', outcome: 'passed', ...checkpointFacts },
  ...family('batch-checkpoint failed', faults, (reason) => ({
    check: 'batch-checkpoint',
    outcome: 'failed',
    ...checkpointFacts,
    reason,
    expected: 'log.example/batch/3',
    got: 'log.example/batch/4',
  })),
  'log-inclusion passed': { check: 'log-inclusion', outcome: 'passed', batch: 3, size: 5 },
  ...family('log-inclusion failed', pathReasons, (reason) => ({
    check: 'log-inclusion',
    outcome: 'failed',
    batch: 3,
    size: 5,
    ...pathFaults[reason],
  })),
  'log-checkpoint passed': { check: 'log-checkpoint', outcome: 'passed', ...checkpointFacts },
  ...family('log-checkpoint failed', faults, (reason) => ({
    check: 'log-checkpoint',
    outcome: 'failed',
    ...checkpointFacts,
    reason,
    expected: 'log.example',
    got: 'other.example',
  })),
  ...family('log-key', ['passed', 'failed', 'unavailable', 'not-applicable'] as const, (outcome) => ({
    check: 'log-key',
    outcome,
    key: 'log.example+01020304+AQID',
  })),
  ...ANCHOR_SAMPLES,
  'times passed': { check: 'times', outcome: 'passed' },
  'times failed': {
    check: 'times',
    outcome: 'failed',
    contradictions: [
      {
        earlier: { role: 'received', time: '2099-01-01T00:00:00.000Z' },
        later: { role: 'anchor', time: TIME },
        toleranceMs: 7_200_000,
      },
    ],
  },
  ...SIGNATURE_SAMPLES,
  'validity not-applicable': { check: 'validity', outcome: 'not-applicable' },
  'validity passed': { check: 'validity', outcome: 'passed', validUntil: '2030-01-01T00:00:00.000Z' },
  'validity failed expired': { check: 'validity', outcome: 'failed', reason: 'expired', validUntil: TIME },
  'validity failed not-yet-valid': { check: 'validity', outcome: 'failed', reason: 'not-yet-valid', validFrom: TIME },
  'validity failed not-yet-recorded': {
    check: 'validity',
    outcome: 'failed',
    reason: 'not-yet-recorded',
    receivedAt: TIME,
  },
  'carried not-applicable': {
    check: 'carried',
    outcome: 'not-applicable',
    members: ['supersedes', 'provenance'],
  },
  'companion passed': { check: 'companion', outcome: 'passed', file: 'a.pdf.ots' },
  'companion failed other-document': {
    check: 'companion',
    outcome: 'failed',
    reason: 'other-document',
    file: 'a.pdf.ots',
    blinded: false,
    ...digests,
  },
  ...(Object.fromEntries(
    UNREADABLE_KINDS.map((kind) => [
      `companion unavailable ${kind} unreadable`,
      {
        check: 'companion',
        outcome: 'unavailable',
        reason: 'unreadable',
        file: 'a.pdf.ots',
        kind,
        detail: 'expected a proof',
      },
    ]),
  ) as Record<`companion unavailable ${UnreadableKind} unreadable`, Finding>),
  'companion unavailable another-proof': {
    check: 'companion',
    outcome: 'unavailable',
    reason: 'another-proof',
    file: 'b.sealroot.json',
    id: OTHER,
  },
  'companion unavailable not-comparable': {
    check: 'companion',
    outcome: 'unavailable',
    reason: 'not-comparable',
    file: 'a.pdf.ots',
  },
};
