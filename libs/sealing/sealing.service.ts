import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type pg from 'pg';
import { CONFIG, type Config } from '#config/config.js';
import { PG_POOL } from '#database/pool.js';
import { SIGNING_KEY, type SigningKey } from '#keys/signing-key.js';
import { logSparsely } from '#queue/sparse-log.js';
import { BatchTreeThread } from './batch-tree-thread.js';
import { assertNotBehind, writeCheckpointFile } from './checkpoint-file.js';
import { SealError } from './error.js';
import { openLog } from './log.js';
import { type SealedBatch, sealNextBatch } from './seal.js';

/** Seals batches with this process's key, database and settings, and keeps the newest checkpoint in the configured file. */
@Injectable()
export class SealingService implements OnModuleInit, OnApplicationShutdown {
  readonly #logger = new Logger('sealing');
  readonly #thread = new BatchTreeThread();

  constructor(
    @Inject(PG_POOL) private readonly pool: pg.Pool,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(SIGNING_KEY) private readonly key: SigningKey,
  ) {}

  /** Stops the start when the database's log is not this service's, or is behind the checkpoint file.
   * @throws SealError `foreign-log`, `behind`, `bad-checkpoint-file` */
  async onModuleInit(): Promise<void> {
    const verifierKey = this.key.verifierKey(this.config.logOrigin);
    await openLog(this.pool, this.config.logOrigin, verifierKey);
    if (this.config.checkpointFile) await assertNotBehind(this.pool, this.config.checkpointFile, verifierKey);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#thread.close();
  }

  /** Seals one batch; null when nothing waits, another process is sealing, or this machine's clock is behind the newest batch, which is logged.
   * `beacon`: see {@link sealNextBatch}. Throws what that throws. */
  async seal(beacon: string | null = null): Promise<SealedBatch | null> {
    const { logOrigin: origin, batchMaxRecords, checkpointFile, wrongTimeBatch } = this.config;
    const batch = await sealNextBatch({
      pool: this.pool,
      origin,
      key: this.key,
      batchMaxRecords,
      beacon,
      now: () => new Date(),
      wrongTimeBatch,
      buildTree: (leaves) => this.#thread.build(leaves),
      applyStatus: (change, parts) => this.#thread.applyStatus(change, parts),
    }).catch((error: unknown) => {
      if (!(error instanceof SealError && error.code === 'clock-behind')) throw error;
      logSparsely(this.#logger, 'error', error.message);
      return null;
    });
    if (batch !== null && checkpointFile) {
      // The batch is sealed whatever becomes of the file: a file that lags guards less, it does no harm.
      await writeCheckpointFile(checkpointFile, batch.logCheckpoint, this.key.verifierKey(origin)).catch(
        (error: Error) => {
          this.#logger.error(`checkpoint ${batch.logSize} was not written to ${checkpointFile}: ${error.message}`);
        },
      );
    }
    return batch;
  }
}
