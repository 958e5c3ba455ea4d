import { Processor } from '@nestjs/bullmq';
import { Inject, type OnApplicationBootstrap } from '@nestjs/common';
import type { Job } from 'bullmq';
import { ANCHOR_QUEUE, type AnchorJob, WORKER_OPTIONS } from '#queue/queues.js';
import { AnchoringService } from './anchoring.service.js';
import { ANCHORS, type Anchors } from './anchors.js';
import { JobProcessor } from './job-processor.js';

/** Takes the newest checkpoint to an anchor. */
@Processor(ANCHOR_QUEUE, WORKER_OPTIONS)
export class AnchorProcessor extends JobProcessor<AnchorJob> implements OnApplicationBootstrap {
  constructor(
    private readonly anchoring: AnchoringService,
    @Inject(ANCHORS) private readonly anchors: Anchors,
  ) {
    super('anchor');
  }

  /** Makes a place for every anchor: each starts one submission at a time. */
  onApplicationBootstrap(): void {
    this.worker.concurrency = Math.max(1, this.anchors.size);
  }

  override async process(job: Job<AnchorJob>): Promise<void> {
    const result = await this.anchoring.start(job.data.anchor);
    if (result === null || !result.isNews) return;
    this.logger.log(`${result.anchor}, checkpoint ${result.checkpointSize}: ${result.detail}`);
  }
}
