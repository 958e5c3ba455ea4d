import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { type AnchorOverdueSettings, overdueSeconds } from '#config/anchor-policy.js';
import { CONFIG } from '#config/config.js';
import { AnchorRepository, type OverdueTurn } from '#database/anchor.repository.js';
import { describeError, logSparsely } from '#config/sparse-log.js';
import { ANCHORS, type Anchors } from './anchors.js';

/** Longest pause between two looks, in milliseconds; a quarter of the least time after which an anchor is overdue when that is shorter. */
const LOOK_INTERVAL_MS = 10_000;

/** Says when an anchor becomes overdue and when it ceases to be. Every worker process runs one; the table keeps what was said. */
@Injectable()
export class AnchorWatch implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #logger = new Logger('anchors');
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(
    @Inject(ANCHORS) private readonly anchors: Anchors,
    private readonly repository: AnchorRepository,
    @Inject(CONFIG) private readonly config: AnchorOverdueSettings,
  ) {}

  onApplicationBootstrap(): void {
    if (this.anchors.size > 0) void this.#run();
  }

  beforeApplicationShutdown(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** One look. */
  async look(): Promise<void> {
    const anchors = [...this.anchors.values()];
    await this.repository.register(anchors.map(({ name, mostSpent = null }) => ({ name, mostSpent })));
    await this.repository.turnOverdue(this.#limits(), (turn) => this.#tell(turn));
  }

  async #run(): Promise<void> {
    try {
      await this.look();
    } catch (error) {
      if (!this.#stopped)
        logSparsely(this.#logger, 'error', `looking for overdue anchors failed: ${describeError(error)}`);
    }
    if (this.#stopped) return;
    const pauseMs = Math.min(LOOK_INTERVAL_MS, ...this.#limits().map(({ seconds }) => seconds * 250));
    this.#timer = setTimeout(() => void this.#run(), pauseMs);
  }

  #limits(): { name: string; seconds: number }[] {
    return [...this.anchors.keys()].map((name) => ({ name, seconds: overdueSeconds(this.config, name) }));
  }

  #tell({ anchor, overdue, confirmedSize, waitingSince, since }: OverdueTurn): void {
    const line = {
      event: overdue ? 'anchor.overdue' : 'anchor.overdue.ended',
      anchor,
      confirmedSize,
      waitingSince: waitingSince?.toISOString() ?? null,
      overdueSince: since?.toISOString() ?? null,
    };
    if (overdue) this.#logger.error(line);
    else this.#logger.log(line);
  }
}
