import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { CONFIG, type Config } from '#config/config.js';
import { BatchRepository, type Checkpoint } from '#database/batch.repository.js';
import { READ_POOL } from '#database/pool.js';
import { SIGNING_KEY, type SigningKey } from '#keys/signing-key.js';
import { SealError } from '#sealing/error.js';
import { readEntry } from '#sealing/read-entry.js';
import { assertNoUnknownHead } from '#sealing/unknown-head.js';
import { withClock } from '#tlog/clock.js';
import { formatNote, parseNote } from '#tlog/note.js';
import { Problem } from '../problems/problem.js';

/** The newest checkpoint, with the log's word for when it was that. */
export interface ClockedCheckpoint extends Checkpoint {
  /** Seconds since 1970-01-01 UTC. */
  timestamp: number;
}

/**
 * The log's own clock: cosigns the newest checkpoint with the time (C2SP tlog-cosignature under the name `<origin>/clock`), at most once a
 * second and only when somebody asks. So it is known how old a status is also while nothing is lodged for hours.
 */
@Injectable()
export class LogClock {
  #last: Promise<ClockedCheckpoint> | null = null;
  #second = 0;

  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'logOrigin'>,
    @Inject(SIGNING_KEY) private readonly key: SigningKey,
    @Inject(READ_POOL) private readonly pool: pg.Pool,
    private readonly batches: BatchRepository,
  ) {}

  /** The newest checkpoint, cosigned in this second. `covering`: a sealed batch that it must cover, though it was asked for already before that was sealed.
   * @throws Problem `log-empty`; `unavailable` when the log cannot say what is newest, or its clock is behind */
  async newest(covering = -1): Promise<ClockedCheckpoint> {
    const last = this.#ofThisSecond();
    const cosigned = await last;
    if (cosigned.size > covering) return cosigned;
    // Whoever comes first sees to a newer one, for all.
    if (this.#last === last) this.#last = null;
    return this.#ofThisSecond();
  }

  #ofThisSecond(): Promise<ClockedCheckpoint> {
    const second = Math.floor(Date.now() / 1000);
    if (this.#last === null || this.#second !== second) {
      this.#second = second;
      const cosigned = this.#cosign(second);
      this.#last = cosigned;
      // A failed attempt is not kept.
      cosigned.catch(() => {
        if (this.#last === cosigned) this.#last = null;
      });
    }
    return this.#last;
  }

  /** The time was taken before the checkpoint is read: whatever was committed by then is seen. */
  async #cosign(timestamp: number): Promise<ClockedCheckpoint> {
    const { logOrigin: origin } = this.config;
    try {
      await assertNoUnknownHead(this.pool, origin);
    } catch (cause) {
      if (!(cause instanceof SealError)) throw cause;
      throw new Problem('unavailable', 'The database is not the newest: the log cannot say which checkpoint is.', {
        cause,
      });
    }
    const newest = await this.batches.newestCheckpoint();
    const batch = newest && (await this.batches.find(newest.size - 1));
    if (!newest || batch === null || readEntry(batch.entry).origin !== origin)
      throw new Problem('log-empty', 'No batch was sealed in this log yet.', { headers: { 'retry-after': '1' } });
    if (batch.sealedAt.getTime() >= (timestamp + 1) * 1000) {
      const detail = `The clock of this machine is behind the time at which the newest batch was closed, ${batch.sealedAt.toISOString()}.`;
      throw new Problem('unavailable', detail);
    }
    const note = withClock(parseNote(newest.note), timestamp, this.key.noteSigner(origin));
    return { size: newest.size, note: formatNote(note), timestamp };
  }
}
