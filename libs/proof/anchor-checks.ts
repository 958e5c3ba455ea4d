import type { AnchorAccess } from './anchors/attestation-kind.js';
import { attestationChecker } from './anchors/kinds.js';
import type { AnchorFinding, Subject } from './anchors/finding.js';
import type { ReadCheckpoint } from './checkpoint.js';
import type { BeaconFinding } from './finding.js';

/** Most blocks that are asked for on behalf of one proof: each may cost a question to every source. */
export const MAX_BLOCK_QUESTIONS = 64;

/** Counts the blocks that are asked for. */
export interface AnchorBudget {
  mayAsk: () => boolean;
  /** How many questions there were beyond those allowed. */
  untried: () => number;
}

/** A budget of {@link MAX_BLOCK_QUESTIONS}. */
export function anchorBudget(): AnchorBudget {
  let questions = 0;
  return {
    mayAsk: () => ++questions <= MAX_BLOCK_QUESTIONS,
    untried: () => Math.max(0, questions - MAX_BLOCK_QUESTIONS),
  };
}

/** A finding for each attestation of a proof's checkpoints, or one that says there is none yet. Every attestation is tried, but for those that would ask for
 * too many blocks: one last finding stands for all of these. */
export async function checkAnchors(
  checkpoints: readonly ReadCheckpoint[],
  access: Omit<AnchorAccess, 'mayAsk'>,
): Promise<AnchorFinding[]> {
  const budget = anchorBudget();
  const check = attestationChecker({ ...access, mayAsk: budget.mayAsk });
  const findings = checkpoints.flatMap(({ attestations, note: { text }, root, size }) =>
    attestations.flatMap((attestation) => check(attestation, { size, root, text })),
  );
  const subject = { kind: 'checkpoint', size: checkpoints[0]!.size } as const;
  const tried = [...(await Promise.all(findings)), ...untried(budget, subject)];
  if (tried.length > 0) return tried;
  return [{ check: 'anchor', subject, kind: 'none', outcome: 'pending' }];
}

/** One finding that stands for what was beyond a budget; none when nothing was. */
export function untried(budget: AnchorBudget, subject: Subject): AnchorFinding[] {
  const count = budget.untried();
  if (count === 0) return [];
  return [{ check: 'anchor', subject, kind: 'none', outcome: 'unavailable', reason: 'too-many', count }];
}

/** A finding as it counts: where only public chains are to, what another shows stands as not checked. */
export function counted<One extends AnchorFinding | BeaconFinding>(finding: One, publicOnly: boolean): One {
  if (!publicOnly || finding.outcome !== 'passed' || !('standing' in finding)) return finding;
  if (finding.standing !== 'test' && finding.standing !== 'impostor') return finding;
  return { ...finding, outcome: 'unavailable', reason: 'test-chain' } as unknown as One;
}
