import type { Subject } from '#proof/anchors/finding.js';
import type { Finding, FindingOf, UnreadableKind } from '#proof/finding.js';
import type {
  OutOfForce,
  ShownStatus,
  Still,
  Verdict,
  Verification,
  VerifiedRecord,
  When,
  Who,
} from '#proof/verification.js';
import type { Finality } from '#source/answer.js';
import type { Standing } from '#source/chain.js';
import type { MismatchCause, UnavailableCause } from '../headline.js';
import type { FindingKey } from './finding-family.js';
import { FINDING_SAMPLES, UNREADABLE_KINDS } from './finding-samples.js';

/** What a sample record says. */
export const RECORD: VerifiedRecord = {
  id: '0192f0c1-8e5a-7cc3-9a51-0f6d2a8b4c11',
  agency: 'mr.example.gov',
  profile: 'licence@1',
  receivedAt: '2026-03-01T08:00:00.000Z',
  log: 'log.example',
  batch: 3,
  sealedAt: '2026-03-01T08:00:01.000Z',
};

type PassedAnchor = Extract<FindingOf<'anchor'>, { outcome: 'passed' }>;

/** What may vary of a sample. */
export interface SampleOptions {
  verdict: Verdict;
  findings?: FindingKey[];
  who?: Who;
  still?: Still;
  /** What shows the time, if anything does. */
  by?: { anchor: 'bitcoin' | 'evm' | 'rfc3161'; standing?: Standing; finality?: Finality };
  /** Whether a block shows the earliest time. */
  beacon?: true;
  contradicted?: true;
  record?: VerifiedRecord | null;
}

/** A verification whose findings are samples. */
export function sampleVerification(options: SampleOptions): Verification {
  const { beacon, by, contradicted, still = { state: 'unknown' }, verdict, who = 'log' } = options;
  const record = options.record === undefined ? RECORD : options.record;
  const subject: Subject = record === null ? { kind: 'document' } : { kind: 'checkpoint', size: 5 };
  const findings: Finding[] = (options.findings ?? []).map((key) => FINDING_SAMPLES[key]);
  const when: When = { contradicted: contradicted === true };
  if (by !== undefined) {
    const { standing = 'public', finality = 'final' } = by;
    const sample = FINDING_SAMPLES[`anchor passed ${by.anchor}`] as PassedAnchor;
    const shown: PassedAnchor =
      'standing' in sample ? { ...sample, subject, standing, finality } : { ...sample, subject };
    findings.push(shown);
    when.notAfter = { time: shown.time, kind: shown.kind, standing, finality, subject, by: shown };
  }
  if (beacon) {
    const named = FINDING_SAMPLES['beacon passed'] as Extract<FindingOf<'beacon'>, { outcome: 'passed' }>;
    findings.push(named);
    when.notBefore = { time: named.time, standing: named.standing, by: named };
  }
  return { verdict, who, still, when, findings, ...(record === null ? {} : { record }) };
}

const MISMATCHES: Record<MismatchCause, FindingKey> = {
  'line-endings': 'document failed line-endings',
  appended: 'document failed appended',
  document: 'document failed differs',
  proof: 'batch-inclusion failed other-root',
  signer: 'log-key failed',
  companion: 'companion failed other-document',
  anchor: 'anchor failed bitcoin other-block',
};

const UNAVAILABLE: Record<UnavailableCause, FindingKey> = {
  'no-salt': 'document unavailable no-salt',
  'other-algorithm': 'document unavailable other-algorithm',
  signer: 'log-key unavailable',
  stale: 'status-age unavailable stale',
  'status-ahead': 'status-age unavailable ahead',
  contradicted: 'anchor unavailable bitcoin contradicted',
  outage: 'anchor unavailable evm no-answer',
  'test-chain': 'anchor unavailable bitcoin test-chain',
  unsupported: 'anchor unavailable rfc3161 unsupported',
  'nothing-given': 'anchor unavailable rfc3161 unknown-root',
};

const STANDINGS: Standing[] = ['public', 'test', 'foreign', 'impostor', 'unnamed'];

/** As of when a status is shown, by the log's clock and by a block. */
const STATUS: ShownStatus = {
  asOf: '2026-03-02T09:00:00.000Z',
  word: { kind: 'clock' },
  ageMs: 3_600_000,
  closedAfter: { time: '2026-03-02T08:50:00.000Z', standing: 'public' },
};

const CHANGED = {
  since: '2026-03-01T09:00:00.000Z',
  receivedAt: '2026-03-01T09:30:00.000Z',
  agency: 'mr.example.gov',
  who: 'log' as Who,
  reason: 'court-order',
  by: RECORD.id,
  status: STATUS,
};

/** A record out of force in every way. */
const OUT_OF_FORCE: OutOfForce[] = [
  { state: 'expired', since: '2026-03-01T09:00:00.000Z' },
  { state: 'not-yet-valid', from: '2026-03-01T09:00:00.000Z' },
  { state: 'not-yet-recorded', from: '2026-03-01T09:00:00.000Z' },
  ...(['revoked', 'suspended', 'superseded', 'consumed'] as const).map((state) => ({ ...CHANGED, state })),
  ...(['agency', 'unchecked'] as const).map((who) => ({ ...CHANGED, who, state: 'revoked' as const })),
];

/** Verifications of every kind that words differ by, named. */
export function* verificationSamples(): Generator<readonly [string, Verification]> {
  for (const kind of UNREADABLE_KINDS) yield [`unreadable ${kind}`, unreadableSample(kind)];
  for (const [cause, key] of Object.entries(MISMATCHES))
    yield [`mismatch ${cause}`, sampleVerification({ verdict: 'mismatch', findings: [key] })];
  for (const [verdict, key] of [
    ['pending', 'anchor pending none'],
    ['unavailable', 'anchor unavailable evm no-answer'],
    ['authentic-not-current', 'validity failed expired'],
  ] as const) {
    const still: Still = verdict === 'authentic-not-current' ? OUT_OF_FORCE[0]! : { state: 'unknown' };
    yield [
      `${verdict}, proof inside`,
      inside(sampleVerification({ verdict, still, findings: ['document passed', key] })),
    ];
  }
  yield [
    'authentic, proof inside',
    inside(sampleVerification({ verdict: 'authentic', findings: ['document passed'], by: { anchor: 'bitcoin' } })),
  ];
  for (const document of ['document passed', 'document not-applicable'] as const) {
    for (const [cause, key] of Object.entries(UNAVAILABLE)) {
      const findings = cause === 'no-salt' || cause === 'other-algorithm' ? [key] : [document, key];
      const still: Still =
        cause === 'stale' ? { state: 'stale', status: STATUS, maxAgeMs: 86_400_000 } : { state: 'unknown' };
      yield [`unavailable ${cause}, ${document}`, sampleVerification({ verdict: 'unavailable', findings, still })];
    }
    for (const who of ['agency', 'log', 'unchecked'] as const) {
      for (const key of ['anchor pending none', 'anchor pending bitcoin promised'] as const)
        yield [
          `pending ${key}, ${who}, ${document}`,
          sampleVerification({ verdict: 'pending', who, findings: [document, key] }),
        ];
      for (const still of OUT_OF_FORCE)
        yield [
          `not current ${still.state}, ${who}, ${document}`,
          sampleVerification({
            verdict: 'authentic-not-current',
            who,
            still,
            findings: [document, 'validity failed expired'],
          }),
        ];
      for (const anchor of ['bitcoin', 'evm'] as const)
        for (const standing of STANDINGS)
          for (const finality of ['final', 'confirmed', 'unknown'] as const)
            yield [
              `authentic ${anchor} ${standing} ${finality}, ${who}, ${document}`,
              sampleVerification({
                verdict: 'authentic',
                who,
                findings: [document],
                by: { anchor, standing, finality },
              }),
            ];
      yield [
        `authentic by a time-stamp, ${who}, ${document}`,
        sampleVerification({
          verdict: 'authentic',
          who,
          findings: [document, 'anchor failed evm other-block', 'anchor unavailable evm absent', 'times failed'],
          by: { anchor: 'rfc3161' },
          beacon: true,
          contradicted: true,
          record: { ...RECORD, validUntil: '2030-01-01T00:00:00.000Z' },
        }),
      ];
    }
    for (const since of [undefined, '2026-03-01T09:00:00.000Z'])
      yield [
        `active${since === undefined ? '' : ' again'}, ${document}`,
        {
          ...sampleVerification({
            verdict: 'authentic',
            findings: [document, 'status-age passed'],
            by: { anchor: 'bitcoin' },
            still: { state: 'active', status: STATUS, ...(since === undefined ? {} : { since }) },
          }),
          askedAt: '2026-03-02T10:00:00.000Z',
        },
      ];
    yield [
      `a bare file, ${document}`,
      sampleVerification({
        verdict: 'authentic',
        who: 'unchecked',
        findings: [document],
        by: { anchor: 'bitcoin' },
        record: null,
      }),
    ];
  }
}

/** The same, of a file that holds its own proof. */
function inside(verification: Verification): Verification {
  const findings = verification.findings.map((finding) =>
    finding.check === 'document' && finding.outcome === 'passed' ? { ...finding, sealedBytes: 48_213 } : finding,
  );
  return { ...verification, findings };
}

function unreadableSample(kind: UnreadableKind): Verification {
  return sampleVerification({ verdict: 'unreadable', findings: [`format failed ${kind}`], record: null });
}
