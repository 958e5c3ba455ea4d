import { findProfile } from '#statement/profile.js';
import { formatTime, parseTime } from '#statement/time.js';
import { verifyCosignatures } from '#tlog/cosignature.js';
import { clockKey } from '#tlog/clock.js';
import { COSIGNATURE_TYPE } from '#tlog/verifier-key.js';
import type { SignedCheckpoint } from './checkpoint.js';
import type { BeaconFinding } from './finding.js';
import type { ReadProof } from './proof.js';
import type { CosignatureFinding, StatusAgeFinding, StatusTime } from './status-finding.js';
import type { ReadStatus } from './status-proof.js';
import { parseTrustedKeys } from './trusted-key.js';

/** Milliseconds of the year 10000, which written times do not reach. */
const END_OF_TIME_MS = 253_402_300_800_000;

/**
 * Who says when a checkpoint was the log's newest: the log's own clock, and the witnesses that the caller trusts, as far as they signed it.
 *
 * @throws ProofError `bad-key` when a witness's key cannot be read
 */
export function checkCosignatures(
  { note, size }: SignedCheckpoint,
  { entry: { origin }, key }: ReadProof,
  witnessKeys: readonly string[],
): CosignatureFinding[] {
  const clock = clockKey(origin, key.publicKey);
  const keys = [clock, ...parseTrustedKeys(witnessKeys).filter(({ type }) => type === COSIGNATURE_TYPE)];
  const { failed, verified } = verifyCosignatures(note, keys);
  const facts = (of: (typeof keys)[number]) => {
    const word = of === clock ? ({ kind: 'clock' } as const) : ({ kind: 'witness', name: of.name } as const);
    return { check: 'cosignature', size, word } as const;
  };
  return [
    ...verified.map(({ key: of, timestamp }): CosignatureFinding => {
      const ms = timestamp * 1000;
      if (ms >= END_OF_TIME_MS) return { ...facts(of), outcome: 'failed' };
      return { ...facts(of), outcome: 'passed', time: formatTime(ms) };
    }),
    ...failed.map((of): CosignatureFinding => ({ ...facts(of), outcome: 'failed' })),
  ];
}

/** As of when a status is: the newest time at which somebody says that nothing else had been logged. */
export function statusTime(
  { batch }: ReadStatus,
  cosignatures: readonly CosignatureFinding[],
  beacon: BeaconFinding,
): StatusTime {
  let time: StatusTime = { asOf: batch.entry.sealedAt, word: { kind: 'batch' } };
  for (const one of cosignatures) {
    if (one.outcome === 'passed' && one.time > time.asOf) time = { asOf: one.time, word: one.word };
  }
  if (beacon.outcome !== 'passed') return time;
  return { ...time, closedAfter: { time: beacon.time, standing: beacon.standing } };
}

/** Whether a status is as new as the caller, or else the record's profile, asks for at a time. A status that is newer than that time has no age. */
export function checkStatusAge(
  time: StatusTime,
  { proof: { statement } }: ReadProof,
  at: Date,
  maxAgeMs: number | undefined,
): StatusAgeFinding {
  const profile = findProfile(statement.profile);
  const limit = maxAgeMs ?? (profile === undefined ? undefined : profile.maxStatusAgeSeconds * 1000);
  const facts = { check: 'status-age', ...time, ageMs: Math.max(0, at.getTime() - parseTime(time.asOf)) } as const;
  if (limit === undefined) return { ...facts, outcome: 'not-applicable' };
  if (facts.ageMs <= limit) return { ...facts, outcome: 'passed', maxAgeMs: limit };
  return { ...facts, outcome: 'unavailable', reason: 'stale', maxAgeMs: limit };
}
