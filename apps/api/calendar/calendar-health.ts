import { Inject, Injectable } from '@nestjs/common';
import { type AnchorOverdueSettings, overdueSeconds } from '#config/anchor-policy.js';
import { CONFIG } from '#config/config.js';
import { SealProgressRepository } from '#database/seal-progress.repository.js';
import { SubmissionReaderRepository } from '#database/submission-reader.repository.js';

/** How long a reading is taken as current: every posted digest asks. */
const FRESH_MS = 2000;

/** How the calendar's way to Bitcoin gets on. */
export interface CalendarCondition {
  /** Why digests are refused, a sentence; null while they are taken. */
  refusal: string | null;
  /** Age of the oldest record that Bitcoin has not confirmed; 0 when there is none. */
  lagSeconds: number;
  /** What the anchor says of its newest submission. */
  detail: string;
}

/** Watches whether what is taken gets into Bitcoin. A calendar that cannot commit must not go on promising. */
@Injectable()
export class CalendarHealth {
  #reading: { condition: Promise<CalendarCondition>; startedAtMs: number } | null = null;

  constructor(
    @Inject(CONFIG) private readonly config: AnchorOverdueSettings,
    private readonly sealing: SealProgressRepository,
    private readonly submissions: SubmissionReaderRepository,
  ) {}

  /** At most two seconds old. @throws what the database threw */
  condition(): Promise<CalendarCondition> {
    const now = Date.now();
    if (this.#reading === null || now - this.#reading.startedAtMs > FRESH_MS) {
      const condition = this.#read(now);
      this.#reading = { condition, startedAtMs: now };
      // A failed reading is not kept: the database may be back for the next request.
      condition.catch(() => (this.#reading = null));
    }
    return this.#reading.condition;
  }

  async #read(now: number): Promise<CalendarCondition> {
    const [seal, progress, newest] = await Promise.all([
      this.sealing.read(),
      this.submissions.progress(['bitcoin']),
      this.submissions.newest('bitcoin', 1),
    ]);
    const since = progress[0]?.unconfirmedSince ?? null;
    const unconfirmedSeconds = since === null ? 0 : Math.max(0, (now - since.getTime()) / 1000);
    // What is not even sealed would otherwise never count as late.
    const lagSeconds = Math.max(unconfirmedSeconds, seal.oldestUnsealedAgeSeconds ?? 0);
    const detail = newest[0]?.detail ?? 'nothing was submitted yet';
    const overdue = lagSeconds > overdueSeconds(this.config, 'bitcoin');
    return { refusal: overdue ? refusal(lagSeconds, detail) : null, lagSeconds, detail };
  }
}

function refusal(lagSeconds: number, detail: string): string {
  return `Bitcoin has confirmed nothing of the last ${Math.round(lagSeconds)} seconds, so no further digest is taken: ${detail}`;
}
