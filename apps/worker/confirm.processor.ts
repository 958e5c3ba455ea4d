import { OnWorkerEvent, Processor, WorkerHost } from '@nestjs/bullmq';
import { Logger } from '@nestjs/common';
import type { Job } from 'bullmq';
import { CONFIRM_QUEUE, type ConfirmJob, WORKER_OPTIONS } from '#queue/queues.js';
import { logSparsely } from '#queue/sparse-log.js';
import { AnchoringService } from './anchoring.service.js';

/** Submissions looked at at once; most of the time is spent waiting for calendars and header sources. */
const CONCURRENCY = 16;

/** Goes on with a submission: submits again, asks for an upgrade, checks what came. */
@Processor(CONFIRM_QUEUE, { ...WORKER_OPTIONS, concurrency: CONCURRENCY })
export class ConfirmProcessor extends WorkerHost {
  readonly #logger = new Logger('confirm');

  constructor(private readonly anchoring: AnchoringService) {
    super();
  }

  override async process(job: Job<ConfirmJob>): Promise<void> {
    const result = await this.anchoring.goOn(job.data.submissionId);
    if (result === null) return;
    this.#logger.log(`${result.anchor}, checkpoint ${result.checkpointSize}: ${result.state}: ${result.detail}`);
  }

  @OnWorkerEvent('failed')
  onFailed(job: Job<ConfirmJob> | undefined, error: Error): void {
    this.#logger.error(`${job?.id} failed at attempt ${job?.attemptsMade}: ${error.message}`, error.stack);
  }

  @OnWorkerEvent('error')
  onError(error: Error): void {
    logSparsely(this.#logger, 'warn', `worker: ${error.message}`);
  }
}
