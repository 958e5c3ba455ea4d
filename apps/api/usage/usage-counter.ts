import { type BeforeApplicationShutdown, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { describeRootCause, logSparsely } from '#config/sparse-log.js';
import { type Asked, UsageRepository } from '#database/usage.repository.js';

/** Pause between two notes of what was counted: what a process that is killed loses. */
const NOTE_EVERY_MS = 10_000;

/** Counts what others ask about agencies' records, in memory, and notes it now and then. What it says is never too much. */
@Injectable()
export class UsageCounter implements OnModuleInit, BeforeApplicationShutdown {
  readonly #logger = new Logger('usage');
  readonly #asked = new Map<number, Asked>();
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly usage: UsageRepository) {}

  onModuleInit(): void {
    this.#timer = setInterval(() => void this.note(), NOTE_EVERY_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    await this.note();
  }

  /** A proof of the agency's record goes out to whoever has the id `askedBy` (null: no key). What an agency asks of its own is not counted. */
  countProof(agencyId: number, askedBy: number | null): void {
    if (agencyId !== askedBy) this.#of(agencyId).proofs += 1;
  }

  /** An answer to a look-up names records of these agencies. */
  countLookUp(agencyIds: readonly number[]): void {
    for (const agencyId of agencyIds) this.#of(agencyId).lookUps += 1;
  }

  /** Notes what was counted since it was noted last. Never rejects; what cannot be noted is lost. */
  async note(): Promise<void> {
    const asked = [...this.#asked.values()];
    if (asked.length === 0) return;
    this.#asked.clear();
    // Once more, and it might be counted twice.
    await this.usage.addAsked(asked).catch((error: unknown) => {
      logSparsely(this.#logger, 'warn', `noting what was asked failed: ${describeRootCause(error)}`);
    });
  }

  #of(agencyId: number): Asked {
    let asked = this.#asked.get(agencyId);
    if (asked === undefined) this.#asked.set(agencyId, (asked = { agencyId, proofs: 0, lookUps: 0 }));
    return asked;
  }
}
