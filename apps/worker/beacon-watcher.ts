import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { readBeacon } from './beacon.js';
import type { BeaconChain } from './beacon-chain.js';

/** Nest injection token of the beacon's chain ({@link BeaconChain}, or null for none). */
export const BEACON_CHAIN = Symbol('BEACON_CHAIN');

/** Pause between two looks, in milliseconds. */
const LOOK_INTERVAL_MS = 30_000;

/** Keeps the newest block of the watched chain at hand for the sealer, which never waits for it. While its sources are away or disagree the last
 * block stays, which is as true a lower bound as it was. */
@Injectable()
export class BeaconWatcher implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #logger = new Logger('beacon');
  #newest: string | null = null;
  #complaint = '';
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(@Inject(BEACON_CHAIN) private readonly chain: BeaconChain | null) {}

  /** The newest block seen, `<chain> <height> <hash>`; null before the first. */
  get newest(): string | null {
    return this.#newest;
  }

  onApplicationBootstrap(): void {
    if (this.chain !== null) void this.#run();
  }

  beforeApplicationShutdown(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** One look. Never rejects. */
  async look(): Promise<void> {
    if (this.chain === null) return;
    const { beacon, problems } = await readBeacon(this.chain);
    // What is wrong is said once, and again when something else is.
    const complaint = [...new Set(problems)].join('; ');
    if (complaint !== this.#complaint && !this.#stopped) {
      this.#complaint = complaint;
      const kept = beacon ?? this.#newest ?? 'none';
      if (complaint === '') this.#logger.log(`all sources answer again, newest block: ${kept}`);
      else this.#logger.warn(`${complaint}; newest block: ${kept}`);
    }
    this.#newest = beacon ?? this.#newest;
  }

  async #run(): Promise<void> {
    await this.look();
    if (!this.#stopped) this.#timer = setTimeout(() => void this.#run(), LOOK_INTERVAL_MS);
  }
}
