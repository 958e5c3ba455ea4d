/** How one check ended. */
export type CheckStatus = 'passed' | 'failed' | 'pending' | 'unavailable' | 'not-applicable';

/** What is checked. Stable: programs and translations rely on these codes. */
export type CheckCode =
  | 'format'
  | 'document'
  | 'record-id'
  | 'batch-inclusion'
  | 'batch-checkpoint'
  | 'log-inclusion'
  | 'log-checkpoint'
  | 'log-key'
  | 'anchor'
  | 'beacon'
  | 'validity';

/** One named check. */
export interface Check {
  code: CheckCode;
  status: CheckStatus;
  /** What was found, an English sentence. */
  message: string;
  /** The facts in the message, for programs and for other languages. */
  data?: Record<string, string | number>;
}

/** What a verification comes to. */
export type Verdict = 'authentic' | 'authentic-not-current' | 'pending' | 'mismatch' | 'unavailable';

/**
 * The one verdict that a list of checks comes to, by the first rule that applies:
 *
 * 1. a failed check that is neither an anchor nor the beacon nor the validity → `mismatch`
 * 2. the document could not be compared → `unavailable`
 * 3. an anchor passed → `authentic`, or `authentic-not-current` when the validity failed
 * 4. an anchor could not be tried → `unavailable`
 * 5. an anchor failed → `mismatch`
 * 6. otherwise → `pending`
 *
 * The beacon never matters here: it says since when a batch can exist at the earliest, not whether a record is in it.
 */
export function verdictOf(checks: readonly Check[]): Verdict {
  const anchors = checks.filter(({ code }) => code === 'anchor');
  const has = (list: readonly Check[], status: CheckStatus) => list.some((check) => check.status === status);
  const rest = checks.filter(({ code }) => !['anchor', 'beacon', 'validity'].includes(code));
  if (has(rest, 'failed')) return 'mismatch';
  if (has(rest, 'unavailable')) return 'unavailable';
  if (has(anchors, 'passed')) {
    const current = !checks.some(({ code, status }) => code === 'validity' && status === 'failed');
    return current ? 'authentic' : 'authentic-not-current';
  }
  if (has(anchors, 'unavailable')) return 'unavailable';
  if (has(anchors, 'failed')) return 'mismatch';
  return 'pending';
}
