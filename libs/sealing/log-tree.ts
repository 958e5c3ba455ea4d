import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type pg from 'pg';
import { READ_POOL } from '#database/pool.js';
import { HASH_BYTES } from '#merkle/hash.js';
import { consistencyPath, inclusionPath, TILE_WIDTH, type TileSource, tileWidth } from '#merkle/tile.js';
import { encodeEntryBundle } from '#tlog/entry-bundle.js';
import { SealError } from './error.js';

/** A pool, or the connection of a transaction whose own writes are to be seen. */
export type Queryable = Pick<pg.Pool, 'query'>;

/** Paths kept for {@link LogTree.inclusionPath}: about 1 KB each. */
const CACHED_PATHS = 4096;

/** The tree of the batch log when it had `size` leaves, read from the database's committed tiles and leaves; nothing is kept. */
export class LogTreeAt implements TileSource {
  constructor(
    private readonly db: Queryable,
    private readonly size: number,
  ) {}

  /** The hashes of a tile at this size: complete tiles as stored, the right edge from the leaves or from the tiles below.
   * @throws SealError `no-such-node` when the tree has no such tile, or the database lacks a part of it */
  async tile(level: number, index: number): Promise<Uint8Array> {
    const width = tileWidth(level, index, this.size);
    if (width === 0)
      throw new SealError(
        'no-such-node',
        `Reading the log's tree at size ${this.size}: there is no tile ${level}/${index}`,
      );
    const hashes = width === TILE_WIDTH ? await this.#complete(level, index) : await this.#partial(level, index, width);
    if (hashes.length !== width * HASH_BYTES) {
      throw new SealError(
        'no-such-node',
        `Reading tile ${level}/${index} of the log at size ${this.size}: expected ${width * HASH_BYTES} bytes, got ${hashes.length}`,
      );
    }
    return hashes;
  }

  async #complete(level: number, index: number): Promise<Uint8Array> {
    const { rows } = await this.db.query<{ hashes: Buffer }>({
      name: 'log-tile',
      text: 'SELECT "hashes" FROM "log_tile" WHERE "level" = $1 AND "index" = $2',
      values: [level, index],
    });
    // While a sealing transaction completes a tile, the tile is not there yet, but what it is made of is.
    return rows[0]?.hashes ?? this.#partial(level, index, TILE_WIDTH);
  }

  async #partial(level: number, index: number, width: number): Promise<Uint8Array> {
    const from = index * TILE_WIDTH;
    const { rows } = await this.db.query<{ hash: Buffer }>(
      level === 0
        ? {
            name: 'log-leaves',
            text: 'SELECT "leaf_hash" AS "hash" FROM "batch" WHERE "number" >= $1 AND "number" < $2 ORDER BY "number"',
            values: [from, from + width],
          }
        : {
            name: 'log-roots',
            text: 'SELECT "root" AS "hash" FROM "log_tile" WHERE "level" = $1 AND "index" >= $2 AND "index" < $3 ORDER BY "index"',
            values: [level - 1, from, from + width],
          },
    );
    return new Uint8Array(Buffer.concat(rows.map(({ hash }) => hash)));
  }
}

/** The tree of the batch log, for proofs and for serving C2SP tiles. Every answer is for a given size and never changes. */
@Injectable()
export class LogTree {
  readonly #paths = new LRUCache<string, Uint8Array[], { index: number; size: number }>({
    max: CACHED_PATHS,
    fetchMethod: (_key, _stale, { context: { index, size } }) => inclusionPath(index, size, this.at(size)),
  });

  constructor(@Inject(READ_POOL) private readonly pool: pg.Pool) {}

  /** The tree at `size` leaves; it must be the size of a committed checkpoint or smaller. */
  at(size: number): TileSource {
    return new LogTreeAt(this.pool, size);
  }

  /** Path of batch `number` in the log at `size`, 32 bytes each, the leaf's sibling first.
   * @throws MerkleError `bad-index` when number ≥ size; SealError `no-such-node` when the log has not that many batches */
  async inclusionPath(number: number, size: number): Promise<Uint8Array[]> {
    // Asked for again and again by every record of a batch.
    return await this.#paths.forceFetch(`${number}/${size}`, { context: { index: number, size } });
  }

  /** Consistency path from `size1` to `size2` batches. */
  async consistencyPath(size1: number, size2: number): Promise<Uint8Array[]> {
    return consistencyPath(size1, size2, this.at(size2));
  }

  /** The bytes of C2SP tile `level`/`index` with `width` hashes.
   * @throws SealError `no-such-node` when the committed log is not that large */
  async tile(level: number, index: number, width: number = TILE_WIDTH): Promise<Uint8Array> {
    // The smallest tree in which the tile is that wide. Beyond 2^53 leaves there is none.
    const size = (index * TILE_WIDTH + width) * TILE_WIDTH ** level;
    if (!Number.isSafeInteger(size))
      throw new SealError('no-such-node', `Reading the log's tree: there is no tile ${level}/${index}`);
    return this.at(size).tile(level, index);
  }

  /** The C2SP entry bundle `index` with `width` entries: the log's batch entries 256·index and following.
   * @throws SealError `no-such-node` when the committed log is not that large */
  async entryBundle(index: number, width: number = TILE_WIDTH): Promise<Uint8Array> {
    const from = index * TILE_WIDTH;
    const { rows } = await this.pool.query<{ entry: Buffer }>({
      name: 'log-entries',
      text: 'SELECT "entry" FROM "batch" WHERE "number" >= $1 AND "number" < $2 ORDER BY "number"',
      values: [from, from + width],
    });
    if (rows.length !== width) {
      throw new SealError(
        'no-such-node',
        `Reading the log's entries from ${from}: expected ${width}, got ${rows.length}`,
      );
    }
    return encodeEntryBundle(rows.map(({ entry }) => entry));
  }
}
