import { type BeforeApplicationShutdown, type DynamicModule, Logger, Module } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import { ConfigModule } from '#config/config.module.js';
import { DatabaseModule } from '#database/database.module.js';
import { PG_POOL } from '#database/pool.js';
import { AnchorRepository } from '#database/anchor.repository.js';
import { FeedEventRepository } from '#database/feed-event.repository.js';
import { SealProgressRepository } from '#database/seal-progress.repository.js';
import { SubmissionRepository } from '#database/submission.repository.js';
import { WriteProbe } from '#database/write-probe.js';
import { WebhookDeliveryRepository } from '#database/webhook-delivery.repository.js';
import { WaitingChunkRepository } from '#database/waiting-chunk.repository.js';
import { createGuardedPost } from '#outbound/guarded-post.js';
import { KeysModule } from '#keys/keys.module.js';
import { closeWithin } from '#queue/close.js';
import { QueueModule } from '#queue/queue.module.js';
import { SealingModule } from '#sealing/sealing.module.js';
import { AnchorProcessor } from './anchor.processor.js';
import { AnchorWatch } from './anchor-watch.js';
import { AnchoringService } from './anchoring.service.js';
import { ANCHORS, createAnchors } from './anchors.js';
import { Announcer } from './announcer.js';
import { AttemptSlots } from './attempt-slots.js';
import { createBeaconChain } from './beacon-chain.js';
import { BEACON_CHAIN, BeaconWatcher } from './beacon-watcher.js';
import { ConfirmProcessor } from './confirm.processor.js';
import { DeliverProcessor, GUARDED_POST } from './deliver.processor.js';
import { HealthServer } from './health-server.js';
import { PartitionUpkeep } from './partition-upkeep.js';
import { Reconciler } from './reconciler.js';
import { SealProcessor } from './seal.processor.js';

/** Time that running jobs get when the process stops, in milliseconds; containers are killed after ten seconds. What is cut off is repeated
 * by another process. */
const STOP_LIMIT_MS = 5000;

/** Sealing, anchoring and telling agencies in the background. The importing application supplies the configuration: `ConfigModule.forRoot(config)`. */
@Module({
  imports: [DatabaseModule, KeysModule, SealingModule, QueueModule],
  providers: [
    AnchorRepository,
    FeedEventRepository,
    WebhookDeliveryRepository,
    SubmissionRepository,
    WaitingChunkRepository,
    { provide: ANCHORS, inject: [CONFIG, PG_POOL], useFactory: createAnchors },
    { provide: AttemptSlots, useFactory: () => new AttemptSlots() },
    AnchoringService,
    { provide: BEACON_CHAIN, inject: [CONFIG], useFactory: createBeaconChain },
    BeaconWatcher,
    SealProcessor,
    AnchorProcessor,
    ConfirmProcessor,
    {
      provide: GUARDED_POST,
      inject: [CONFIG],
      useFactory: (config: Config) => createGuardedPost({ ...config, networks: config.webhookNetworks }),
    },
    DeliverProcessor,
    PartitionUpkeep,
    AnchorWatch,
    Announcer,
    Reconciler,
  ],
  exports: [AnchoringService],
})
export class WorkerModule implements BeforeApplicationShutdown {
  constructor(
    private readonly seal: SealProcessor,
    private readonly anchor: AnchorProcessor,
    private readonly confirm: ConfirmProcessor,
    private readonly deliver: DeliverProcessor,
  ) {}

  /** The module for a process of its own. */
  static forProcess(config: Config): DynamicModule {
    return {
      module: WorkerModule,
      imports: [ConfigModule.forRoot(config)],
      // In one process with the API its health is told there.
      providers: [SealProgressRepository, WriteProbe, HealthServer],
    };
  }

  /** Lets running jobs finish while the database is still there. */
  async beforeApplicationShutdown(): Promise<void> {
    const workers = [this.seal, this.anchor, this.confirm, this.deliver].map((processor) => processor.worker);
    const closed = await Promise.all(workers.map((worker) => closeWithin(worker, STOP_LIMIT_MS)));
    if (closed.includes(false)) new Logger('worker').warn('stopped without the queue, or before the end of a job');
  }
}
