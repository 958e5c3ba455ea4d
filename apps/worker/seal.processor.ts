import { Processor } from '@nestjs/bullmq';
import { Inject, type OnModuleInit } from '@nestjs/common';
import type { Job } from 'bullmq';
import { CONFIG, type Config } from '#config/config.js';
import { WaitingChunkRepository } from '#database/waiting-chunk.repository.js';
import { SEAL_QUEUE, type SealJob, WORKER_OPTIONS } from '#queue/queues.js';
import { SealingService } from '#sealing/sealing.service.js';
import { BeaconWatcher } from './beacon-watcher.js';
import { JobProcessor } from './job-processor.js';
import { sealingIsDue } from './sealing-due.js';

/** Most batches of one job: records for gates come in small ones, and more of them may wait than the next look is soon enough for. */
const MAX_BATCHES = 50;

/** Seals a batch when there is something to seal. */
@Processor(SEAL_QUEUE, WORKER_OPTIONS)
export class SealProcessor extends JobProcessor<SealJob> implements OnModuleInit {
  constructor(
    private readonly sealing: SealingService,
    private readonly beacon: BeaconWatcher,
    private readonly chunks: WaitingChunkRepository,
    @Inject(CONFIG) private readonly config: Pick<Config, 'sealIntervalMs' | 'batchMaxRecords'>,
  ) {
    super('seal');
  }

  async onModuleInit(): Promise<void> {
    await this.sealing.prepare();
  }

  override async process(_job: Job<SealJob>): Promise<void> {
    for (let sealed = 0; sealed < MAX_BATCHES; sealed++) {
      const start = performance.now();
      const batch = await this.sealing.seal(this.beacon.newest);
      // Null: somebody else was faster, or is at work.
      if (batch === null) return;
      const tookMs = Math.round(performance.now() - start);
      this.logger.log(`sealed batch ${batch.number}: ${batch.size} records in ${batch.chunks} chunks, ${tookMs} ms`);
      if (!sealingIsDue(await this.chunks.read(this.config.batchMaxRecords), this.config)) return;
    }
  }
}
