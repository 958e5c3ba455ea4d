import { equalHashes } from '#merkle/hash.js';
import { findProfile } from '#statement/profile.js';
import { formatTime, parseTime } from '#statement/time.js';
import { verifyCosignatures } from '#tlog/cosignature.js';
import { clockKey } from '#tlog/clock.js';
import { COSIGNATURE_TYPE, type VerifierKey } from '#tlog/verifier-key.js';
import { CLOCK_MS } from './anchors/clock.js';
import type { SignedCheckpoint } from './checkpoint.js';
import type { BeaconFinding } from './finding.js';
import type { ReadProof } from './proof.js';
import type { CosignatureFinding, StatusAgeFinding, StatusTime } from './status-finding.js';
import type { ReadStatus } from './status-proof.js';

/** Milliseconds of the year 10000, which written times do not reach. */
const END_OF_TIME_MS = 253_402_300_800_000;

/**
 * Who says when a checkpoint was the log's newest: the log's own clock, then the witnesses that the caller trusts in the given order, as far as they
 * signed it. Keys of other types than cosignatures are ignored, and so is the log's own: it is no witness of itself.
 */
export function checkCosignatures(
  { note, size }: SignedCheckpoint,
  { entry: { origin }, key }: ReadProof,
  witnessKeys: readonly VerifierKey[],
): CosignatureFinding[] {
  const clock = clockKey(origin, key.publicKey);
  const witnesses = witnessKeys.filter(
    ({ type, publicKey }) => type === COSIGNATURE_TYPE && !equalHashes(publicKey, key.publicKey),
  );
  return [clock, ...witnesses].flatMap((of): CosignatureFinding[] => {
    const { failed, verified } = verifyCosignatures(note, [of]);
    const word = of === clock ? ({ kind: 'clock' } as const) : ({ kind: 'witness', name: of.name } as const);
    const facts = { check: 'cosignature', size, word } as const;
    const ms = (verified[0]?.timestamp ?? 0) * 1000;
    if (failed.length > 0 || ms >= END_OF_TIME_MS) return [{ ...facts, outcome: 'failed' }];
    return verified.length === 0 ? [] : [{ ...facts, outcome: 'passed', time: formatTime(ms) }];
  });
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

/** Whether a status is as new as the caller, or else the record's profile, asks for at a time. A status that is newer than that time has no age; one
 * that is newer than the present has none that is known. */
export function checkStatusAge(
  time: StatusTime,
  { proof: { statement } }: ReadProof,
  { at, now }: { at: Date; now: Date },
  maxAgeMs: number | undefined,
): StatusAgeFinding {
  const profile = findProfile(statement.profile);
  const limit = maxAgeMs ?? (profile === undefined ? undefined : profile.maxStatusAgeSeconds * 1000);
  const facts = { check: 'status-age', ...time, ageMs: Math.max(0, at.getTime() - parseTime(time.asOf)) } as const;
  if (parseTime(time.asOf) - now.getTime() > CLOCK_MS) return { ...facts, outcome: 'unavailable', reason: 'ahead' };
  if (limit === undefined) return { ...facts, outcome: 'not-applicable' };
  if (facts.ageMs <= limit) return { ...facts, outcome: 'passed', maxAgeMs: limit };
  return { ...facts, outcome: 'unavailable', reason: 'stale', maxAgeMs: limit };
}
