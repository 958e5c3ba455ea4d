import { parseTime } from '#statement/time.js';
import type { Finding, FindingOf } from './finding.js';
import type { ShownEvent, StatusAgeFinding } from './status-finding.js';
import type { OutOfForce, StatusChange, ShownBound, Still } from './verification.js';
import { whoOf } from './who.js';

/** Statuses that nothing follows: however old their proof is, they hold. */
const ENDS: ReadonlySet<ShownEvent['to']> = new Set(['revoked', 'superseded', 'consumed']);

/**
 * What is known of a record's standing at a time, by the first that applies: an end (revoked, superseded, consumed); outside its stated period; suspended;
 * of a status too old to say; active. `unknown` where the proof shows no status.
 */
export function stillOf(findings: readonly Finding[], at: Date, bounds: readonly ShownBound[]): Still {
  const status = shownStatus(findings, at, bounds);
  if (status?.change !== undefined && ENDS.has(status.change.to))
    return { ...status.shown, ...changed(status.change, findings) };
  const period = outsidePeriod(findings);
  if (period !== null) return { ...period, ...status?.shown };
  if (status === null) return { state: 'unknown' };
  const { age, change, shown } = status;
  if (change !== undefined && change.to !== 'active') return { ...shown, ...changed(change, findings) };
  if (age.outcome === 'unavailable' && age.reason === 'ahead') return { ...shown, state: 'unknown' };
  if (age.outcome === 'unavailable') return { ...shown, state: 'stale', maxAgeMs: age.maxAgeMs };
  return { ...shown, state: 'active', ...(change === undefined ? {} : { since: change.effectiveAt }) };
}

/** Whether a record is known to be out of force. */
export function isOutOfForce(still: Still): still is OutOfForce {
  return still.state !== 'unknown' && still.state !== 'active' && still.state !== 'stale';
}

/** The status that the findings show, with the last change that had taken effect by a time; null when they show none. */
function shownStatus(findings: readonly Finding[], at: Date, bounds: readonly ShownBound[]) {
  const of = <Check extends Finding['check']>(check: Check) =>
    findings.find((finding): finding is FindingOf<Check> => finding.check === check);
  const [root, leaf, history, age] = [of('status-root'), of('status-leaf'), of('status-history'), of('status-age')];
  if (root?.outcome !== 'passed' || leaf?.outcome !== 'passed' || age === undefined) return null;
  if (history === undefined || history.outcome === 'failed') return null;
  const { asOf, closedAfter, word, ageMs }: StatusAgeFinding = age;
  const boundBy = bounds.find(({ subject }) => subject.kind === 'checkpoint' && subject.size === root.size);
  const shown = {
    status: {
      asOf,
      word,
      ageMs,
      ...(closedAfter === undefined ? {} : { closedAfter }),
      ...(boundBy === undefined ? {} : { boundBy }),
    },
  };
  const events = history.outcome === 'passed' ? history.events : [];
  // Newest first, as logged: what was logged later replaces what was logged before, as far as it had taken effect.
  const change = events.find(({ effectiveAt }) => parseTime(effectiveAt) <= at.getTime());
  return { age, change, shown };
}

function changed(
  { to, effectiveAt, receivedAt, reason, by, agency, ordinal }: ShownEvent,
  findings: readonly Finding[],
): StatusChange {
  return {
    state: to as StatusChange['state'],
    since: effectiveAt,
    receivedAt,
    agency,
    who: whoOf(findings, ordinal),
    ...(reason === undefined ? {} : { reason }),
    ...(by === undefined ? {} : { by }),
  };
}

function outsidePeriod(
  findings: readonly Finding[],
): Extract<OutOfForce, { state: 'expired' | 'not-yet-valid' | 'not-yet-recorded' }> | null {
  for (const finding of findings) {
    if (finding.check !== 'validity' || finding.outcome !== 'failed') continue;
    if (finding.reason === 'expired') return { state: 'expired', since: finding.validUntil };
    if (finding.reason === 'not-yet-recorded') return { state: 'not-yet-recorded', from: finding.receivedAt };
    return { state: 'not-yet-valid', from: finding.validFrom };
  }
  return null;
}
