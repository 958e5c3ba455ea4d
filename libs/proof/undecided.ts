import type { Check } from './verdict.js';

/** Why the verdict `unavailable` could not be another, told by the gravest reason:
 *
 * - `document`: the document could not be compared;
 * - `contradiction`: sources contradict each other;
 * - `outage`: a source did not answer, or did not show what was asked for;
 * - `nothing-given`: nothing was given that an anchor could be checked against, neither a source nor a root that is trusted.
 */
export type UndecidedCause = 'document' | 'contradiction' | 'outage' | 'nothing-given';

/** Reasons of anchor checks by which nobody was asked in vain. */
const NOTHING_GIVEN = ['no-source', 'other-chain', 'no-roots', 'unknown-root', 'test-place'];

/** The cause of a verdict `unavailable`, by its checks. */
export function undecidedCause(checks: readonly Check[]): UndecidedCause {
  const open = checks.filter(({ status }) => status === 'unavailable');
  if (open.some(({ code }) => code === 'document')) return 'document';
  const reasons = open.filter(({ code }) => code === 'anchor').map(({ data }) => String(data?.['reason']));
  if (reasons.includes('sources-disagree')) return 'contradiction';
  return reasons.every((reason) => NOTHING_GIVEN.includes(reason)) ? 'nothing-given' : 'outage';
}
