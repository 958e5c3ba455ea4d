import { Injectable } from '@nestjs/common';
import { type Batch, BatchRepository } from '#database/batch.repository.js';
import { BatchPaths } from '#sealing/batch-paths.js';
import { SealError } from '#sealing/error.js';
import { LogTree } from '#sealing/log-tree.js';
import { readEntry } from '#sealing/read-entry.js';
import { StatusPaths } from '#sealing/status-paths.js';
import { TlogError } from '#tlog/error.js';
import { parseTilePath, type TileAddress } from '#tlog/tile-path.js';
import { Problem } from '../problems/problem.js';

/** Hands out the tiles of all trees (C2SP tlog-tiles), by their paths `tile/…`. None ever changes: each is of a tree as it was at one time. */
@Injectable()
export class TilesService {
  constructor(
    private readonly batches: BatchRepository,
    private readonly logTree: LogTree,
    private readonly batchPaths: BatchPaths,
    private readonly statusPaths: StatusPaths,
  ) {}

  /** A tile of the log, or an entry bundle: its batch entries.
   * @throws Problem `tile-not-found`, also for what is no tile path */
  log(path: string): Promise<Buffer> {
    return read(path, `The log is not large enough for ${path}`, ({ level, index, width }) =>
      level === 'entries' ? this.logTree.entryBundle(index, width) : this.logTree.tile(level, index, width),
    );
  }

  /** A tile of a batch's own tree; its entries are not public, their hashes are.
   * @throws Problem `batch-not-found`; `tile-not-found`, also for what is no tile path */
  async batch(number: number, path: string): Promise<Buffer> {
    const { size } = await this.#find(number);
    return read(path, `Batch ${number} has no ${path}`, ({ level, index, width }) => {
      if (level === 'entries') throw new TlogError('bad-tile', 'The entries of records are not public');
      return this.batchPaths.tile(number, size, { level, index, width });
    });
  }

  /** A tile of the status tree as it was after a batch, or an entry bundle: its leaves.
   * @throws Problem `batch-not-found`; `tile-not-found`, also for what is no tile path */
  async status(number: number, path: string): Promise<Buffer> {
    const { first, size } = readEntry((await this.#find(number)).entry);
    const records = first + size;
    return read(path, `The status tree after batch ${number} has no ${path}`, ({ level, index, width }) =>
      level === 'entries'
        ? this.statusPaths.leafBundle(number, records, index, width)
        : this.statusPaths.tile(number, records, { level, index, width }),
    );
  }

  async #find(number: number): Promise<Batch> {
    const batch = await this.batches.find(number);
    if (batch === null) throw new Problem('batch-not-found', `There is no batch ${number} in the log.`);
    return batch;
  }
}

/** Bytes of a tile, or the problem that there is none. */
async function read(
  path: string,
  missing: string,
  tile: (address: TileAddress) => Promise<Uint8Array>,
): Promise<Buffer> {
  try {
    const bytes = await tile(parseTilePath(path));
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  } catch (cause) {
    if (cause instanceof TlogError) throw new Problem('tile-not-found', cause.message, { cause });
    if (cause instanceof SealError && cause.code === 'no-such-node')
      throw new Problem('tile-not-found', `${missing}.`, { cause });
    throw cause;
  }
}
