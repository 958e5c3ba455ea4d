import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import { DelayRepository, type MeasuredDelay } from '#database/delay.repository.js';

/** For how long a measure holds. */
const FRESH_MS = 60_000;

/** Cases below which nothing is said: one is no measure. */
const MIN_SAMPLES = 5;

/** How long it took of late until records were sealed, and until a batch was confirmed by each anchor; what was not measured is left out. */
export interface Delays {
  sealing?: MeasuredDelay | undefined;
  anchors: { anchor: string; delay: MeasuredDelay }[];
}

/** Knows how long things take here, at most a minute late. */
@Injectable()
export class DelaysService {
  #last: { atMs: number; delays: Promise<Delays> } | undefined;

  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'anchors'>,
    private readonly delays: DelayRepository,
  ) {}

  /** The newest measure. */
  measured(): Promise<Delays> {
    if (this.#last === undefined || Date.now() - this.#last.atMs > FRESH_MS) {
      const entry = { atMs: Date.now(), delays: this.#measure() };
      this.#last = entry;
      entry.delays.catch(() => {
        if (this.#last === entry) this.#last = undefined;
      });
    }
    return this.#last.delays;
  }

  async #measure(): Promise<Delays> {
    const [sealing, anchoring] = await Promise.all([this.delays.sealing(), this.delays.anchoring(this.config.anchors)]);
    return {
      sealing: sealing && isEnough(sealing) ? sealing : undefined,
      anchors: [...anchoring].flatMap(([anchor, delay]) => (isEnough(delay) ? [{ anchor, delay }] : [])),
    };
  }
}

function isEnough({ samples }: MeasuredDelay): boolean {
  return samples >= MIN_SAMPLES;
}
