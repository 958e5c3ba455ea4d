import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import { type Batch, BatchRepository } from '#database/batch.repository.js';
import { SIGNING_KEY, type SigningKey } from '#keys/signing-key.js';
import { SealError } from '#sealing/error.js';
import { ForkGuard } from '#sealing/fork-guard.js';
import { readEntry } from '#sealing/read-entry.js';
import { Problem } from '../problems/problem.js';

/** Hands out the public log. */
@Injectable()
export class LogService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(SIGNING_KEY) private readonly key: SigningKey,
    private readonly batches: BatchRepository,
    private readonly guard: ForkGuard,
  ) {}

  /** The log's key as a C2SP verifier key. */
  verifierKey(): string {
    return this.key.verifierKey(this.config.logOrigin);
  }

  /** The key of the log that a batch is in, as a C2SP verifier key: an earlier one's, when this one follows it. */
  verifierKeyOf({ entry }: Pick<Batch, 'entry'>): string {
    return this.guard.verifierKeyOf(readEntry(entry).origin);
  }

  /** Whether a batch is in a log that has ended, which this one follows. */
  hasEnded({ entry }: Pick<Batch, 'entry'>): boolean {
    return readEntry(entry).origin !== this.config.logOrigin;
  }

  /** The newest signed checkpoint.
   * @throws Problem `log-empty` */
  async checkpoint(): Promise<string> {
    const newest = await this.batches.newestCheckpoint();
    if (!newest) throw new Problem('log-empty', 'No batch was sealed yet.', { headers: { 'retry-after': '1' } });
    return newest.note;
  }

  /** Whether a signed checkpoint that somebody shows is in the log.
   * @throws Problem `invalid-body` when it is not one of this service's */
  async show(note: string): Promise<boolean> {
    try {
      return await this.guard.show(note);
    } catch (cause) {
      if (!(cause instanceof SealError && cause.code === 'not-ours')) throw cause;
      throw new Problem('invalid-body', cause.message, { cause });
    }
  }
}
