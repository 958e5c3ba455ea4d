import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type pg from 'pg';
import { CONFIG, type Config } from '#config/config.js';
import { PG_POOL } from '#database/pool.js';
import { SIGNING_KEY, type SigningKey } from '#keys/signing-key.js';
import { logSparsely } from '#config/sparse-log.js';
import { BatchTreeThread } from './batch-tree-thread.js';
import { SealError, type SealErrorCode } from './error.js';
import { ForkGuard } from './fork-guard.js';
import { type SealedBatch, sealNextBatch } from './seal.js';

/** Why sealing waits, which is told and tried again, and is no failure of an attempt. */
const WAITS: ReadonlySet<SealErrorCode> = new Set<SealErrorCode>(['clock-behind', 'behind']);

/** Seals batches with this process's key, database and settings, and keeps the newest checkpoint outside the database. */
@Injectable()
export class SealingService implements OnApplicationShutdown {
  readonly #logger = new Logger('sealing');
  readonly #thread = new BatchTreeThread();

  constructor(
    @Inject(PG_POOL) private readonly pool: pg.Pool,
    @Inject(CONFIG) private readonly config: Pick<Config, 'logOrigin' | 'batchMaxRecords' | 'wrongTimeBatch'>,
    @Inject(SIGNING_KEY) private readonly key: SigningKey,
    private readonly guard: ForkGuard,
  ) {}

  /** Makes sure that a process which is to seal can keep what it signs.
   * @throws SealError `bad-checkpoint-file` */
  async prepare(): Promise<void> {
    await this.guard.assertKeepable();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#thread.close();
  }

  /** Seals one batch; null when nothing waits, another process is sealing, or sealing must wait, which is logged: this machine's clock is behind
   * the newest batch, or the database is behind the log. `beacon`: see {@link sealNextBatch}. Throws what that throws. */
  async seal(beacon: string | null = null): Promise<SealedBatch | null> {
    const { logOrigin: origin, batchMaxRecords, wrongTimeBatch } = this.config;
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
      if (!(error instanceof SealError && WAITS.has(error.code))) throw error;
      logSparsely(this.#logger, 'error', error.message);
      return null;
    });
    if (batch !== null) await this.guard.keep(batch.logCheckpoint);
    return batch;
  }
}
