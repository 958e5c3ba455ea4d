import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import { type Batch, BatchRepository } from '#database/batch.repository.js';
import { SIGNING_KEY, type SigningKey } from '#keys/signing-key.js';
import { SealError } from '#sealing/error.js';
import { ForkGuard } from '#sealing/fork-guard.js';
import { LogTree } from '#sealing/log-tree.js';
import { readEntry } from '#sealing/read-entry.js';
import { TlogError } from '#tlog/error.js';
import { parseTilePath } from '#tlog/tile-path.js';
import { Problem } from '../problems/problem.js';

/** Hands out the public log. */
@Injectable()
export class LogService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(SIGNING_KEY) private readonly key: SigningKey,
    private readonly batches: BatchRepository,
    private readonly tree: LogTree,
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

  /** The tile or entry bundle at a C2SP path, `tile/…`.
   * @throws Problem `tile-not-found`, also for what is no tile path */
  async tile(path: string): Promise<Buffer> {
    try {
      const { level, index, width } = parseTilePath(path);
      const bytes =
        level === 'entries' ? await this.tree.entryBundle(index, width) : await this.tree.tile(level, index, width);
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    } catch (cause) {
      if (cause instanceof TlogError) throw new Problem('tile-not-found', cause.message, { cause });
      if (cause instanceof SealError && cause.code === 'no-such-node') {
        throw new Problem('tile-not-found', `The log is not large enough for ${path}.`, { cause });
      }
      throw cause;
    }
  }
}
