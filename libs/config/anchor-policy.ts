import type { Config } from './config.js';

/** The settings that say when an anchor gets a checkpoint and what it may spend. */
export type AnchorPolicySettings = Pick<Config, 'anchorIntervalSeconds' | 'anchorIntervals' | 'anchorBudgets'>;

/** The settings that say when an anchor is late. */
export type AnchorOverdueSettings = Pick<Config, 'anchorOverdueSeconds' | 'anchorOverdueTimes'>;

/** When one anchor gets a checkpoint, and what it may spend. */
export interface AnchorPolicy {
  /** Least time between the starts of two submissions. */
  intervalSeconds: number;
  /** Most that it may spend in 24 hours, in its smallest unit; null without a limit. */
  budget: bigint | null;
}

/** The policy of the anchor `name`: its own settings, else what holds for all. */
export function anchorPolicy(settings: AnchorPolicySettings, name: string): AnchorPolicy {
  return {
    intervalSeconds: Number(settings.anchorIntervals.get(name) ?? settings.anchorIntervalSeconds),
    budget: settings.anchorBudgets.get(name) ?? null,
  };
}

/** Age, in seconds, that a batch may have before the anchor `name` is overdue with it: its own setting, else what holds for all. */
export function overdueSeconds(settings: AnchorOverdueSettings, name: string): number {
  return Number(settings.anchorOverdueTimes.get(name) ?? settings.anchorOverdueSeconds);
}
