import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import { SubmissionReaderRepository, type SubmissionRow } from '#database/submission-reader.repository.js';
import { type AnchorLag, ServiceStateService } from '../operations/service-state.service.js';

/** Submissions shown of each anchor. */
const SHOWN_SUBMISSIONS = 20;

/** Says how the anchors get on. */
@Injectable()
export class AnchorsService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly state: ServiceStateService,
    private readonly submissions: SubmissionReaderRepository,
  ) {}

  async list(): Promise<object> {
    const lags = await this.state.anchors();
    return { anchors: await Promise.all(lags.map((lag) => this.#anchor(lag))) };
  }

  async #anchor({ anchor, confirmedSize, lagSeconds }: AnchorLag): Promise<object> {
    const newest = await this.submissions.newest(anchor, SHOWN_SUBMISSIONS);
    return {
      name: anchor,
      configured: this.config.anchors.includes(anchor),
      state: newest[0]?.state ?? 'idle',
      detail: newest[0]?.detail ?? 'nothing was submitted yet',
      confirmedSize,
      lagSeconds: Math.round(lagSeconds),
      submissions: newest.map(toJson),
    };
  }
}

function toJson(row: SubmissionRow): object {
  const { checkpointSize, state, detail, attempts } = row;
  return {
    checkpointSize,
    state,
    detail,
    attempts,
    createdAt: row.createdAt.toISOString(),
    submittedAt: row.submittedAt?.toISOString() ?? null,
    confirmedAt: row.confirmedAt?.toISOString() ?? null,
    nextAttemptAt: row.nextAttemptAt?.toISOString() ?? null,
  };
}
