import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type pg from 'pg';
import { CONFIG, type Config } from '#config/config.js';
import { describeRootCause, logSparsely } from '#config/sparse-log.js';
import { FeedEventRepository } from '#database/feed-event.repository.js';
import { PG_POOL } from '#database/pool.js';
import { announceNews } from '#events/announce.js';

/** Pause between two looks for news, in milliseconds. */
const LOOK_INTERVAL_MS = 250;

/** Pause after a look that failed. */
const FAILURE_PAUSE_MS = 2000;

/** Pause between two looks for events that need not be kept any more. */
const PURGE_INTERVAL_MS = 10 * 60_000;

/** Writes the events of which agencies are told, and deletes old ones. Every worker process runs one; whichever is first does the work. */
@Injectable()
export class Announcer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #logger = new Logger('events');
  #timer: NodeJS.Timeout | undefined;
  #purgedAt = 0;
  #stopped = false;

  constructor(
    @Inject(PG_POOL) private readonly pool: pg.Pool,
    @Inject(CONFIG) private readonly config: Pick<Config, 'eventsKeepDays'>,
    private readonly feed: FeedEventRepository,
  ) {}

  onApplicationBootstrap(): void {
    void this.#run();
  }

  beforeApplicationShutdown(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** One look. Resolves to whether there is more to do at once. */
  async look(): Promise<boolean> {
    const announced = await announceNews(this.pool);
    const purge = performance.now() - this.#purgedAt >= PURGE_INTERVAL_MS || this.#purgedAt === 0;
    if (purge && (await this.feed.purge(this.config.eventsKeepDays)) === 0) this.#purgedAt = performance.now();
    return announced?.more ?? false;
  }

  async #run(): Promise<void> {
    let pauseMs = LOOK_INTERVAL_MS;
    try {
      if (await this.look()) pauseMs = 0;
    } catch (error) {
      pauseMs = FAILURE_PAUSE_MS;
      if (!this.#stopped)
        logSparsely(this.#logger, 'error', `announcing events failed: ${describeRootCause(error as Error)}`);
    }
    if (!this.#stopped) this.#timer = setTimeout(() => void this.#run(), pauseMs);
  }
}
