import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type pg from 'pg';
import { describeError } from '#config/sparse-log.js';
import { ensurePartitions } from '#database/partitions.js';
import { PG_POOL } from '#database/pool.js';

/** Pause between two looks, in milliseconds: well below the time that partitions are made ahead. */
const INTERVAL_MS = 5 * 60_000;

/** Makes the partitions of the record table before intake needs them. Any number of processes may run it. */
@Injectable()
export class PartitionUpkeep implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #logger = new Logger('partitions');
  #timer: NodeJS.Timeout | undefined;

  constructor(@Inject(PG_POOL) private readonly pool: pg.Pool) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.run();
    this.#timer = setInterval(() => void this.run(), INTERVAL_MS);
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.#timer);
  }

  /** One look; a failure is logged and tried again at the next. */
  async run(): Promise<void> {
    try {
      const made = await ensurePartitions(this.pool, Date.now());
      if (made.length > 0) this.#logger.log(`made ${made.join(', ')}`);
    } catch (error) {
      this.#logger.error(`making partitions failed: ${describeError(error)}`);
    }
  }
}
