import { Injectable } from '@nestjs/common';
import { SubmissionReaderRepository, type SubmissionRow } from '#database/submission-reader.repository.js';
import { Momentary } from '#health/momentary.js';
import type { AnchorHealth } from '../operations/anchor-health.js';
import { ServiceStateService } from '../operations/service-state.service.js';

/** Submissions shown of each anchor. */
const SHOWN_SUBMISSIONS = 20;

/** How long that is the newest, as the answer's header has it. */
const FRESH_MS = 1000;

/** Says how the anchors get on. */
@Injectable()
export class AnchorsService {
  readonly #listed = new Momentary(FRESH_MS, () => this.#list());

  constructor(
    private readonly state: ServiceStateService,
    private readonly submissions: SubmissionReaderRepository,
  ) {}

  list(): Promise<object> {
    return this.#listed.get();
  }

  async #list(): Promise<object> {
    const healths = await this.state.anchors();
    return { anchors: await Promise.all(healths.map((health) => this.#anchor(health))) };
  }

  async #anchor(health: AnchorHealth): Promise<object> {
    const newest = await this.submissions.newest(health.anchor, SHOWN_SUBMISSIONS);
    const { anchor, configured, state, confirmedSize, lagSeconds, attempts, recordsCovered, paused } = health;
    return {
      name: anchor,
      configured,
      state: state ?? 'idle',
      detail: newest[0]?.detail ?? 'nothing was submitted yet',
      confirmedSize,
      lagSeconds: Math.round(lagSeconds),
      overdue: health.overdueSince && { since: health.overdueSince.toISOString() },
      paused: paused && {
        since: paused.since.toISOString(),
        until: paused.until?.toISOString() ?? null,
        detail: paused.detail,
      },
      attempts,
      recordsCovered,
      cost: costJson(health),
      submissions: newest.map(toJson),
    };
  }
}

/** Amounts are decimal texts: those of some chains are larger than a JSON number is exact. */
function costJson({ cost, costPerRecord, budget }: AnchorHealth): object | null {
  if (cost === null) return null;
  return {
    unit: cost.unit,
    spent: String(cost.spent),
    spentLastDay: String(cost.spentLastDay),
    perRecord: costPerRecord,
    budget: budget && { perDay: String(budget.amount), left: String(budget.left) },
  };
}

function toJson(row: SubmissionRow): object {
  const { checkpointSize, state, detail, attempts, spent } = row;
  return {
    checkpointSize,
    state,
    detail,
    attempts,
    spent,
    createdAt: row.createdAt.toISOString(),
    submittedAt: row.submittedAt?.toISOString() ?? null,
    confirmedAt: row.confirmedAt?.toISOString() ?? null,
    nextAttemptAt: row.nextAttemptAt?.toISOString() ?? null,
  };
}
