import { OnWorkerEvent, Processor, WorkerHost } from '@nestjs/bullmq';
import { Inject, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { Job } from 'bullmq';
import { ANCHOR_QUEUE, type AnchorJob, WORKER_OPTIONS } from '#queue/queues.js';
import { describeError, describeRootCause, logSparsely } from '#config/sparse-log.js';
import { AnchoringService } from './anchoring.service.js';
import { ANCHORS, type Anchors } from './anchors.js';

/** Takes the newest checkpoint to an anchor. */
@Processor(ANCHOR_QUEUE, WORKER_OPTIONS)
export class AnchorProcessor extends WorkerHost implements OnApplicationBootstrap {
  readonly #logger = new Logger('anchor');

  constructor(
    private readonly anchoring: AnchoringService,
    @Inject(ANCHORS) private readonly anchors: Anchors,
  ) {
    super();
  }

  /** Makes a place for every anchor: each starts one submission at a time. */
  onApplicationBootstrap(): void {
    this.worker.concurrency = Math.max(1, this.anchors.size);
  }

  override async process(job: Job<AnchorJob>): Promise<void> {
    const result = await this.anchoring.start(job.data.anchor);
    if (result === null || !result.isNews) return;
    this.#logger.log(`${result.anchor}, checkpoint ${result.checkpointSize}: ${result.detail}`);
  }

  @OnWorkerEvent('failed')
  onFailed(job: Job<AnchorJob> | undefined, error: Error): void {
    this.#logger.error(`${job?.id} failed at attempt ${job?.attemptsMade}: ${describeError(error)}`, error.stack);
  }

  @OnWorkerEvent('error')
  onError(error: Error): void {
    logSparsely(this.#logger, 'warn', `worker: ${describeRootCause(error)}`);
  }
}
