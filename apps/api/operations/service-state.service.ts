import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import { type SealProgress, SealProgressRepository } from '#database/seal-progress.repository.js';
import { SubmissionReaderRepository, type SubmissionState } from '#database/submission-reader.repository.js';
import type { QueueDepth } from '#queue/queue-depth.js';
import { QueueState } from './queue-state.js';

/** How far an anchor is behind the log. */
export interface AnchorLag {
  anchor: string;
  /** Largest log size that the anchor has confirmed. */
  confirmedSize: number;
  /** Age of the oldest batch that it has not confirmed; 0 when there is none. */
  lagSeconds: number;
}

/** What the service knows of its own state, for probes, metrics and the anchors page. */
@Injectable()
export class ServiceStateService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly sealing: SealProgressRepository,
    private readonly submissionReader: SubmissionReaderRepository,
    private readonly queueState: QueueState,
  ) {}

  seal(): Promise<SealProgress> {
    return this.sealing.read();
  }

  log(): Promise<{ batches: number; records: number }> {
    return this.sealing.totals();
  }

  async anchors(): Promise<AnchorLag[]> {
    const progress = await this.submissionReader.progress(await this.submissionReader.anchorNames(this.config.anchors));
    return progress.map(({ anchor, confirmedSize, unconfirmedSince }) => ({
      anchor,
      confirmedSize,
      lagSeconds: unconfirmedSince === null ? 0 : Math.max(0, (Date.now() - unconfirmedSince.getTime()) / 1000),
    }));
  }

  submissions(): Promise<{ anchor: string; state: SubmissionState; count: number }[]> {
    return this.submissionReader.states();
  }

  queues(): Promise<QueueDepth[]> {
    return this.queueState.depths();
  }
}
