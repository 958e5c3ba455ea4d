import { OnWorkerEvent, Processor, WorkerHost } from '@nestjs/bullmq';
import { Logger } from '@nestjs/common';
import type { Job } from 'bullmq';
import { ANCHOR_QUEUE, type AnchorJob, WORKER_OPTIONS } from '#queue/queues.js';
import { logSparsely } from '#queue/sparse-log.js';
import { AnchoringService } from './anchoring.service.js';

/** Anchors that may be at work at once: a slow one must not delay another. */
const CONCURRENCY = 8;

/** Takes the newest checkpoint to an anchor. */
@Processor(ANCHOR_QUEUE, { ...WORKER_OPTIONS, concurrency: CONCURRENCY })
export class AnchorProcessor extends WorkerHost {
  readonly #logger = new Logger('anchor');

  constructor(private readonly anchoring: AnchoringService) {
    super();
  }

  override async process(job: Job<AnchorJob>): Promise<void> {
    const result = await this.anchoring.start(job.data.anchor);
    if (result === null) return;
    this.#logger.log(`${result.anchor}, checkpoint ${result.checkpointSize}: ${result.state}: ${result.detail}`);
  }

  @OnWorkerEvent('failed')
  onFailed(job: Job<AnchorJob> | undefined, error: Error): void {
    this.#logger.error(`${job?.id} failed at attempt ${job?.attemptsMade}: ${error.message}`, error.stack);
  }

  @OnWorkerEvent('error')
  onError(error: Error): void {
    logSparsely(this.#logger, 'warn', `worker: ${error.message}`);
  }
}
