import { type PassedAnchor, worthOf } from './anchors/bounds.js';
import type { Finding, FindingOf, Outcome } from './finding.js';
import { isOutOfForce, stillOf } from './still.js';
import { whoOf } from './who.js';
import type { ShownBound, Still, TimeBound, Verdict, Verification, When } from './verification.js';

/** Checks that say something about a document or its proof, so that one of them failing is a mismatch. */
const DECISIVE: ReadonlySet<Finding['check']> = new Set([
  'document',
  'record-id',
  'batch-inclusion',
  'batch-checkpoint',
  'log-inclusion',
  'log-checkpoint',
  'log-key',
  'agency-signature',
  'companion',
  'status-root',
  'status-leaf',
  'status-history',
  'event-signature',
  'cosignature',
]);

/** What findings come to, at the time that was asked about: the verdict, and the three answers beside it. */
export function conclude(
  findings: Finding[],
  at: Date,
): Pick<Verification, 'verdict' | 'who' | 'when' | 'still' | 'findings'> {
  const bounds = boundsOf(findings);
  const still = stillOf(findings, at, bounds);
  const verdict = verdictOf(findings, still);
  const isVoid = verdict === 'mismatch' || verdict === 'unreadable';
  return {
    verdict,
    who: whoOf(findings),
    // Of a proof that does not hold, or of another document, nothing is told.
    when: isVoid ? { contradicted: false } : whenOf(findings, bounds),
    still: isVoid ? { state: 'unknown' } : still,
    findings,
  };
}

/**
 * The one verdict that findings come to, by the first rule that applies:
 *
 * 1. the format failed → `unreadable`
 * 2. the document or the proof's own structure failed, or a companion contradicts them; or an anchor failed while none passed or could
 *    not be tried → `mismatch`
 * 3. the document could not be compared → `unavailable`
 * 4. the record is out of force → `authentic-not-current`
 * 5. its status is older than it may be, or of a time that has not come → `unavailable`
 * 6. an anchor passed → `authentic`
 * 7. an anchor could not be tried → `unavailable`
 * 8. otherwise → `pending`
 *
 * Neither the beacon nor contradicting times matter here, nor that the signer was not compared: `when` and `who` say so.
 */
function verdictOf(findings: readonly Finding[], still: Still): Verdict {
  const has = (list: readonly Finding[], outcome: Outcome) => list.some((finding) => finding.outcome === outcome);
  const of = <Check extends Finding['check']>(check: Check) =>
    findings.filter((finding): finding is FindingOf<Check> => finding.check === check);
  const anchors = of('anchor');
  if (has(of('format'), 'failed')) return 'unreadable';
  if (
    has(
      findings.filter(({ check }) => DECISIVE.has(check)),
      'failed',
    )
  )
    return 'mismatch';
  const undecided = has(anchors, 'passed') || has(anchors, 'unavailable');
  if (has(anchors, 'failed') && !undecided) return 'mismatch';
  if (has(of('document'), 'unavailable')) return 'unavailable';
  if (isOutOfForce(still)) return 'authentic-not-current';
  if (has(of('status-age'), 'unavailable')) return 'unavailable';
  if (has(anchors, 'passed')) return 'authentic';
  return has(anchors, 'unavailable') ? 'unavailable' : 'pending';
}

/** By what, and by when, the log is shown to have been bound to a checkpoint, the best first: a time that somebody could have made up must not
 * hide a better one. */
function boundsOf(findings: readonly Finding[]): ShownBound[] {
  const passed = findings.filter(
    (finding): finding is PassedAnchor => finding.check === 'anchor' && finding.outcome === 'passed',
  );
  const bounds = passed.map((by): ShownBound => ({
    time: by.time,
    kind: by.kind,
    ...worthOf(by),
    subject: by.subject,
    by,
  }));
  return bounds.toSorted((a, b) => weakness(a) - weakness(b) || (a.time < b.time ? -1 : 1));
}

function whenOf(findings: readonly Finding[], [notAfter]: ShownBound[]): When {
  const beacon = findings.find((finding) => finding.check === 'beacon' && finding.outcome === 'passed') as
    Extract<FindingOf<'beacon'>, { outcome: 'passed' }> | undefined;
  return {
    ...(notAfter === undefined ? {} : { notAfter }),
    ...(beacon === undefined ? {} : { notBefore: { time: beacon.time, standing: beacon.standing, by: beacon } }),
    contradicted: findings.some(({ check, outcome }) => check === 'times' && outcome === 'failed'),
  };
}

/** 0 for a public place, 1 for one that is not known here, 2 for one that proves nothing outside a test. */
function weakness({ standing }: TimeBound): number {
  if (standing === 'public') return 0;
  return standing === 'foreign' ? 1 : 2;
}
