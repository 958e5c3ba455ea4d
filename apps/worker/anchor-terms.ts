import type { Anchor } from '#anchors/anchor.js';
import { anchorPolicy, type AnchorPolicySettings } from '#config/anchor-policy.js';
import type { StartTerms } from '#database/submission.repository.js';

/** When `anchor` gets a new submission, by its own nature and by the configuration.
 * @throws Error when a budget is set for an anchor that cannot say what a submission may cost: the budget could not be kept */
export function startTerms(anchor: Anchor, settings: AnchorPolicySettings): StartTerms {
  const { name, oneAtATime = false, mostSpent } = anchor;
  const { intervalSeconds, budget } = anchorPolicy(settings, name);
  if (budget !== null && mostSpent === undefined)
    throw new Error(
      `Setting up the anchors: expected ${name} to say what a submission may cost, since it has a budget`,
    );
  return {
    anchor: name,
    intervalSeconds,
    oneAtATime,
    budget:
      budget === null || mostSpent === undefined
        ? null
        : { amount: budget, most: BigInt(mostSpent.amount), unit: mostSpent.unit },
  };
}
