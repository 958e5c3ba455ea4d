import { Gauge, type Registry } from 'prom-client';
import type { AnchorHealth } from './anchor-health.js';

/** Numbers of the anchors for Prometheus. Amounts are floats, as everything there; exact ones are in `/v1/anchors`. Their labels come from the
 * configuration and the tables, so their number is bounded. */
export class AnchorMetrics {
  readonly #gauges: Gauge<string>[] = [];
  readonly #lag;
  readonly #state;
  readonly #submissions;
  readonly #attempts;
  readonly #covered;
  readonly #overdue;
  readonly #paused;
  readonly #spent;
  readonly #spentLastDay;
  readonly #perRecord;
  readonly #budget;
  readonly #budgetLeft;

  constructor(registry: Registry) {
    const gauge = <L extends string>(name: string, help: string, labelNames: L[]): Gauge<L> => {
      const made = new Gauge({ name: `sealroot_${name}`, help, labelNames, registers: [registry] });
      this.#gauges.push(made);
      return made;
    };
    this.#lag = gauge('anchor_lag_seconds', 'Age of the oldest batch that the anchor has not confirmed', ['anchor']);
    this.#state = gauge('anchor_state', '1 for the state of the newest submission, idle when there is none', [
      'anchor',
      'state',
    ]);
    this.#submissions = gauge('submissions', 'Checkpoints taken to an anchor, by state', ['anchor', 'state']);
    this.#attempts = gauge('anchor_attempts', 'Attempts at all submissions, ever', ['anchor']);
    this.#covered = gauge('anchor_records_covered', 'Records in batches that the anchor has confirmed', ['anchor']);
    this.#overdue = gauge('anchor_overdue', '1 when the anchor is overdue, by ANCHOR_OVERDUE_SECONDS or _TIMES', [
      'anchor',
    ]);
    this.#paused = gauge('anchor_paused', '1 when its budget pauses the anchor', ['anchor']);
    const money = ['anchor', 'unit'] as const;
    this.#spent = gauge('anchor_spent', 'Fees paid, ever', [...money]);
    this.#spentLastDay = gauge('anchor_spent_last_day', 'Fees paid in the last 24 hours', [...money]);
    this.#perRecord = gauge('anchor_cost_per_record', 'Fees paid by records covered', [...money]);
    this.#budget = gauge('anchor_budget', 'Most that the anchor may spend in 24 hours', [...money]);
    this.#budgetLeft = gauge('anchor_budget_left', 'What is left of it if all under way costs the most', [...money]);
  }

  /** Replaces all numbers. */
  set(anchors: readonly AnchorHealth[]): void {
    for (const gauge of this.#gauges) gauge.reset();
    for (const health of anchors) {
      const { anchor, cost, costPerRecord, budget } = health;
      this.#lag.set({ anchor }, health.lagSeconds);
      this.#state.set({ anchor, state: health.state ?? 'idle' }, 1);
      for (const [state, count] of Object.entries(health.submissions)) this.#submissions.set({ anchor, state }, count);
      this.#attempts.set({ anchor }, health.attempts);
      this.#covered.set({ anchor }, health.recordsCovered);
      this.#overdue.set({ anchor }, health.overdueSince === null ? 0 : 1);
      this.#paused.set({ anchor }, health.paused === null ? 0 : 1);
      if (cost === null) continue;
      const labels = { anchor, unit: cost.unit };
      this.#spent.set(labels, Number(cost.spent));
      this.#spentLastDay.set(labels, Number(cost.spentLastDay));
      if (costPerRecord !== null) this.#perRecord.set(labels, costPerRecord);
      if (budget === null) continue;
      this.#budget.set(labels, Number(budget.amount));
      this.#budgetLeft.set(labels, Number(budget.left));
    }
  }
}
