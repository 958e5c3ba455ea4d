import type { Finality } from '#source/answer.js';
import type { Standing } from '#source/chain.js';
import { BITCOIN_BOUND } from './opentimestamps/finding.js';
import { EVM_BOUND } from './evm/finding.js';
import type { AnchorFinding } from './finding.js';
import { RFC3161_BOUND } from './rfc3161/finding.js';

/** An anchoring that holds, and so shows a time. */
export type PassedAnchor = Extract<AnchorFinding, { outcome: 'passed' }>;

/** What the time is worth that a kind of anchoring shows. */
export interface BoundKind<Passed extends PassedAnchor> {
  /** How far off its clock may be, in milliseconds. */
  readonly clockMs: number;
  /** What the place is worth that shows it, and whether it can still be undone. */
  worth(passed: Passed): { standing: Standing; finality: Finality };
}

const BOUNDS: { [Kind in PassedAnchor['kind']]: BoundKind<Extract<PassedAnchor, { kind: Kind }>> } = {
  bitcoin: BITCOIN_BOUND,
  evm: EVM_BOUND,
  rfc3161: RFC3161_BOUND,
};

/** How far off the clock of an anchoring may be, in milliseconds. */
export const clockOf = ({ kind }: PassedAnchor): number => BOUNDS[kind].clockMs;

/** What the place is worth that shows an anchoring, and whether it can still be undone. */
export function worthOf(passed: PassedAnchor): ReturnType<BoundKind<PassedAnchor>['worth']> {
  return (BOUNDS[passed.kind] as BoundKind<PassedAnchor>).worth(passed);
}
