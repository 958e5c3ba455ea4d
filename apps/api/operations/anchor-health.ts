import {
  type AnchorOverdueSettings,
  anchorPolicy,
  type AnchorPolicySettings,
  overdueSeconds,
} from '#config/anchor-policy.js';
import type { Config } from '#config/config.js';
import type { AnchorStatus } from '#database/anchor-reader.repository.js';

/** How an anchor gets on, measured by the configuration. Amounts are in its smallest unit. */
export interface AnchorHealth extends Omit<AnchorStatus, 'since'> {
  /** Whether new checkpoints go there. */
  configured: boolean;
  /** Age of the oldest batch that it has not confirmed; 0 when there is none. */
  lagSeconds: number;
  /** Since when it is overdue; null when it is not, and for an anchor that is not configured. */
  overdueSince: Date | null;
  /** Average cost of a record that it has confirmed; null where nothing is paid or nothing is confirmed. */
  costPerRecord: number | null;
  /** What it may spend in 24 hours, and what of it is left when all that is under way costs the most that it may; null without a limit. */
  budget: { amount: bigint; left: bigint } | null;
}

/** Measures what is known of an anchor at the time `now`. */
export function anchorHealth(
  { since, ...status }: AnchorStatus,
  config: AnchorPolicySettings & AnchorOverdueSettings & Pick<Config, 'anchors'>,
  now: Date,
): AnchorHealth {
  const { anchor, unconfirmedSince, recordsCovered, cost } = status;
  const configured = config.anchors.includes(anchor);
  const budget = configured ? anchorPolicy(config, anchor).budget : null;
  // An anchor is not late with what was sealed before it was set up.
  const waitsSinceMs = unconfirmedSince && Math.max(unconfirmedSince.getTime(), since?.getTime() ?? 0);
  const overdueMs = waitsSinceMs === null ? Infinity : waitsSinceMs + overdueSeconds(config, anchor) * 1000;
  return {
    ...status,
    configured,
    lagSeconds: unconfirmedSince === null ? 0 : Math.max(0, (now.getTime() - unconfirmedSince.getTime()) / 1000),
    overdueSince: configured && overdueMs <= now.getTime() ? new Date(overdueMs) : null,
    costPerRecord: cost === null || recordsCovered === 0 ? null : Number(cost.spent) / recordsCovered,
    budget: budget === null ? null : { amount: budget, left: positive(budget - (cost?.committed ?? 0n)) },
    paused: budget === null ? null : status.paused,
  };
}

function positive(amount: bigint): bigint {
  return amount < 0n ? 0n : amount;
}
