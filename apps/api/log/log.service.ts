import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import { type Batch, BatchRepository } from '#database/batch.repository.js';
import { SIGNING_KEY, type SigningKey } from '#keys/signing-key.js';
import { BatchPaths } from '#sealing/batch-paths.js';
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
    private readonly batchPaths: BatchPaths,
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
    return readTile(`The log is not large enough for ${path}`, async () => {
      const { level, index, width } = parseTilePath(path);
      return level === 'entries' ? this.tree.entryBundle(index, width) : this.tree.tile(level, index, width);
    });
  }

  /** The tile of a batch's own tree at a C2SP path, `tile/…`; its entries are not public, their hashes are.
   * @throws Problem `batch-not-found`; `tile-not-found`, also for what is no tile path */
  async batchTile(number: number, path: string): Promise<Buffer> {
    const batch = await this.batches.find(number);
    if (batch === null) throw new Problem('batch-not-found', `There is no batch ${number} in the log.`);
    return readTile(`Batch ${number} has no ${path}`, async () => {
      const { level, index, width } = parseTilePath(path);
      if (level === 'entries') throw new TlogError('bad-tile', 'The entries of records are not public');
      return this.batchPaths.tile(number, batch.size, { level, index, width });
    });
  }
}

/** Bytes of a tile, or the problem that there is none. */
async function readTile(missing: string, read: () => Promise<Uint8Array>): Promise<Buffer> {
  try {
    const bytes = await read();
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  } catch (cause) {
    if (cause instanceof TlogError) throw new Problem('tile-not-found', cause.message, { cause });
    if (cause instanceof SealError && cause.code === 'no-such-node')
      throw new Problem('tile-not-found', `${missing}.`, { cause });
    throw cause;
  }
}
