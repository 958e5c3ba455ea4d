import { type BeforeApplicationShutdown, type DynamicModule, Logger, Module } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import { ConfigModule } from '#config/config.module.js';
import { DatabaseModule } from '#database/database.module.js';
import { SubmissionRepository } from '#database/submission.repository.js';
import { WaitingChunkRepository } from '#database/waiting-chunk.repository.js';
import { KeysModule } from '#keys/keys.module.js';
import { QueueModule } from '#queue/queue.module.js';
import { SealingModule } from '#sealing/sealing.module.js';
import { AnchorProcessor } from './anchor.processor.js';
import { AnchoringService } from './anchoring.service.js';
import { ANCHORS, createAnchors } from './anchors.js';
import { ConfirmProcessor } from './confirm.processor.js';
import { PartitionUpkeep } from './partition-upkeep.js';
import { Reconciler } from './reconciler.js';
import { SealProcessor } from './seal.processor.js';

/** Time that running jobs get when the process stops, in milliseconds. What is cut off is repeated by another process. */
const STOP_TIMEOUT_MS = 15_000;

/** Sealing and anchoring in the background. The importing application supplies the configuration: `ConfigModule.forRoot(config)`. */
@Module({
  imports: [DatabaseModule, KeysModule, SealingModule, QueueModule],
  providers: [
    SubmissionRepository,
    WaitingChunkRepository,
    { provide: ANCHORS, inject: [CONFIG], useFactory: createAnchors },
    AnchoringService,
    SealProcessor,
    AnchorProcessor,
    ConfirmProcessor,
    PartitionUpkeep,
    Reconciler,
  ],
  exports: [AnchoringService],
})
export class WorkerModule implements BeforeApplicationShutdown {
  constructor(
    private readonly seal: SealProcessor,
    private readonly anchor: AnchorProcessor,
    private readonly confirm: ConfirmProcessor,
  ) {}

  /** The module for a process of its own. */
  static forProcess(config: Config): DynamicModule {
    return { module: WorkerModule, imports: [ConfigModule.forRoot(config)] };
  }

  /** Lets running jobs finish while the database is still there. */
  async beforeApplicationShutdown(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<'timeout'>((resolve) => {
      timer = setTimeout(() => resolve('timeout'), STOP_TIMEOUT_MS);
    });
    const closed = Promise.all([this.seal, this.anchor, this.confirm].map((processor) => processor.worker.close()));
    if ((await Promise.race([closed, timeout])) === 'timeout')
      new Logger('worker').warn(`jobs still ran after ${STOP_TIMEOUT_MS} ms and were left to other processes`);
    clearTimeout(timer);
  }
}
