import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type pg from 'pg';
import { READ_POOL } from '#database/pool.js';
import { HASH_BYTES } from '#merkle/hash.js';
import { inclusionPathNodes, nodeInTile, TILE_WIDTH, tileRows, tileWidth } from '#merkle/tile.js';
import { SealError } from './error.js';
import { nativeSha256 } from './native-sha256.js';

/** Memory for expanded tiles. */
const CACHE_BYTES = 32 * 1024 * 1024;

/** One tile of one batch. */
interface TileName {
  number: number;
  /** Entries in the batch. */
  size: number;
  level: number;
  index: number;
}

/** A tile as it is served (C2SP tlog-tiles). */
export interface ServedTile {
  level: number;
  index: number;
  /** Hashes in it, 1 to 256. */
  width: number;
}

/**
 * Inclusion paths of records in sealed batches. Tiles are read once, expanded to all their rows and kept: a path from tiles that were
 * used before costs neither a query nor a hash. Batches never change, so nothing kept is ever out of date.
 */
@Injectable()
export class BatchPaths {
  // Concurrent requests for one tile share one query: fetch() joins them.
  readonly #tiles = new LRUCache<string, Uint8Array[], TileName>({
    maxSize: CACHE_BYTES,
    sizeCalculation: (rows) => rows.reduce((bytes, row) => bytes + row.length, 512),
    fetchMethod: (_key, _stale, { context }) => this.#expand(context),
  });

  constructor(@Inject(READ_POOL) private readonly pool: Pick<pg.Pool, 'query'>) {}

  /** Path of leaf `index` in batch `number` of `size` entries, 32 bytes each, the leaf's sibling first.
   * @throws MerkleError `bad-index`; SealError `no-such-node` when the batch is not in the database */
  async inclusionPath(number: number, index: number, size: number): Promise<Uint8Array[]> {
    return Promise.all(
      inclusionPathNodes(index, size).map(async (node) => {
        const { level, index: tile, row, offset } = nodeInTile(node);
        const rows = await this.#rows({ number, size, level, index: tile });
        return rows[row]!.subarray(offset * HASH_BYTES, (offset + 1) * HASH_BYTES);
      }),
    );
  }

  /** The bytes of C2SP tile `level`/`index` of batch `number`, of `size` entries, with `width` hashes: the leaves, or roots of the tiles below.
   * @throws SealError `no-such-node` when its tree has no tile of that width there */
  async tile(number: number, size: number, { level, index, width }: ServedTile): Promise<Uint8Array> {
    const stored = width === tileWidth(level, index, size) ? await this.#read({ number, size, level, index }) : null;
    if (width > 0 && stored?.length === width * HASH_BYTES) return stored;
    throw new SealError('no-such-node', `Batch ${number} of ${size} entries has no tile ${level}/${index} of ${width}`);
  }

  #rows(name: TileName): Promise<Uint8Array[]> {
    return this.#tiles.forceFetch(`${name.number}/${name.level}/${name.index}`, { context: name });
  }

  /** All rows over a tile, with the tree's incomplete right edge as its last hash where that belongs to this tile. */
  async #expand(name: TileName): Promise<Uint8Array[]> {
    const { number, size, level, index } = name;
    const width = tileWidth(level, index, size);
    const complete = Math.floor(size / TILE_WIDTH ** level);
    const endsHere = Math.floor(complete / TILE_WIDTH) === index && size % TILE_WIDTH ** level !== 0;
    const [stored, tail] = await Promise.all([
      width === 0 ? new Uint8Array(0) : this.#read(name),
      endsHere ? this.#edge(number, size, level - 1) : null,
    ]);
    if (stored.length !== width * HASH_BYTES) {
      throw new SealError(
        'no-such-node',
        `Reading tile ${level}/${index} of batch ${number}: expected ${width * HASH_BYTES} bytes, got ${stored.length}`,
      );
    }
    return tileRows(tail === null ? new Uint8Array(stored) : Buffer.concat([stored, tail]), nativeSha256);
  }

  /** Root of everything in the last tile of a level: the tree's right edge seen from the level above. */
  async #edge(number: number, size: number, level: number): Promise<Uint8Array> {
    const last = Math.ceil(size / TILE_WIDTH ** level) - 1;
    const rows = await this.#rows({ number, size, level, index: Math.floor(last / TILE_WIDTH) });
    return rows[rows.length - 1]!;
  }

  async #read({ number, level, index }: TileName): Promise<Uint8Array> {
    const { rows } = await this.pool.query<{ hashes: Buffer }>({
      name: 'batch-tile',
      text: 'SELECT "hashes" FROM "batch_tile" WHERE "batch_number" = $1 AND "level" = $2 AND "index" = $3',
      values: [number, level, index],
    });
    return rows[0]?.hashes ?? new Uint8Array(0);
  }
}
