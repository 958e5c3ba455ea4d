import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import { AnchorReaderRepository } from '#database/anchor-reader.repository.js';
import { type SealProgress, SealProgressRepository } from '#database/seal-progress.repository.js';
import { SubmissionReaderRepository } from '#database/submission-reader.repository.js';
import type { QueueDepth } from '#queue/queue-depth.js';
import { type AnchorHealth, anchorHealth } from './anchor-health.js';
import { QueueState } from './queue-state.js';

/** What the service knows of its own state, for probes, metrics and the anchors page. */
@Injectable()
export class ServiceStateService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly sealing: SealProgressRepository,
    private readonly submissionReader: SubmissionReaderRepository,
    private readonly anchorReader: AnchorReaderRepository,
    private readonly queueState: QueueState,
  ) {}

  seal(): Promise<SealProgress> {
    return this.sealing.read();
  }

  log(): Promise<{ batches: number; records: number }> {
    return this.sealing.totals();
  }

  /** How each anchor gets on: the configured ones, then others that were used before. */
  async anchors(): Promise<AnchorHealth[]> {
    const names = await this.submissionReader.anchorNames(this.config.anchors);
    const now = new Date();
    return (await this.anchorReader.status(names)).map((status) => anchorHealth(status, this.config, now));
  }

  queues(): Promise<QueueDepth[]> {
    return this.queueState.depths();
  }
}
