import { type PassedAnchor, worthOf } from './anchors/bounds.js';
import type { Finding, FindingOf, Outcome } from './finding.js';
import type { Still, TimeBound, Verdict, Verification, When } from './verification.js';

/** Checks that say something about a document or its proof, so that one of them failing is a mismatch. */
const DECISIVE: ReadonlySet<Finding['check']> = new Set([
  'document',
  'record-id',
  'batch-inclusion',
  'batch-checkpoint',
  'log-inclusion',
  'log-checkpoint',
  'log-key',
  'companion',
]);

/** What findings come to: the verdict, and the three answers beside it. */
export function conclude(findings: Finding[]): Pick<Verification, 'verdict' | 'who' | 'when' | 'still' | 'findings'> {
  const verdict = verdictOf(findings);
  const isVoid = verdict === 'mismatch' || verdict === 'unreadable';
  return {
    verdict,
    who: findings.some(({ check, outcome }) => check === 'log-key' && outcome === 'passed') ? 'log' : 'unchecked',
    // Of a proof that does not hold, or of another document, no time is told.
    when: isVoid ? { contradicted: false } : whenOf(findings),
    still: stillOf(findings),
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
 * 5. an anchor passed → `authentic`
 * 6. an anchor could not be tried → `unavailable`
 * 7. otherwise → `pending`
 *
 * Neither the beacon nor contradicting times matter here, nor that the signer was not compared: `when` and `who` say so.
 */
export function verdictOf(findings: readonly Finding[]): Verdict {
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
  if (has(of('validity'), 'failed')) return 'authentic-not-current';
  if (has(anchors, 'passed')) return 'authentic';
  return has(anchors, 'unavailable') ? 'unavailable' : 'pending';
}

function whenOf(findings: readonly Finding[]): When {
  const passed = findings.filter(
    (finding): finding is PassedAnchor => finding.check === 'anchor' && finding.outcome === 'passed',
  );
  const bounds = passed.map((by): TimeBound & { by: PassedAnchor } => ({
    time: by.time,
    kind: by.kind,
    ...worthOf(by),
    subject: by.subject,
    by,
  }));
  // A time that somebody could have made up must not hide a better one.
  const [notAfter] = bounds.toSorted((a, b) => weakness(a) - weakness(b) || (a.time < b.time ? -1 : 1));
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

function stillOf(findings: readonly Finding[]): Still {
  for (const finding of findings) {
    if (finding.check !== 'validity' || finding.outcome !== 'failed') continue;
    return finding.reason === 'expired'
      ? { state: 'expired', since: finding.validUntil }
      : { state: 'not-yet-valid', from: finding.validFrom };
  }
  return { state: 'unknown' };
}
