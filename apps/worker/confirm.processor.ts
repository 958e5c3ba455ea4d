import { Processor } from '@nestjs/bullmq';
import { Inject, type OnApplicationBootstrap } from '@nestjs/common';
import type { Job } from 'bullmq';
import { CONFIRM_QUEUE, type ConfirmJob, WORKER_OPTIONS } from '#queue/queues.js';
import { AnchoringService } from './anchoring.service.js';
import { ANCHORS, type Anchors } from './anchors.js';
import { AttemptSlots } from './attempt-slots.js';
import { JobProcessor } from './job-processor.js';

/** Goes on with a submission: submits again, asks for an upgrade, checks what came. */
@Processor(CONFIRM_QUEUE, WORKER_OPTIONS)
export class ConfirmProcessor extends JobProcessor<ConfirmJob> implements OnApplicationBootstrap {
  constructor(
    private readonly anchoring: AnchoringService,
    @Inject(ANCHORS) private readonly anchors: Anchors,
    private readonly slots: AttemptSlots,
  ) {
    super('confirm');
  }

  /** Makes a place for every slot: most of the time is spent waiting for calendars, nodes and header sources. */
  onApplicationBootstrap(): void {
    this.worker.concurrency = Math.max(1, this.anchors.size * this.slots.limit);
  }

  override async process(job: Job<ConfirmJob>): Promise<void> {
    const result = await this.anchoring.goOn(job.data.anchor, job.data.submissionId);
    if (result === null || !result.isNews) return;
    this.logger.log(`${result.anchor}, checkpoint ${result.checkpointSize}: ${result.detail}`);
  }
}
