import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type pg from 'pg';
import { READ_POOL } from '#database/pool.js';
import { equalHashes, HASH_BYTES } from '#merkle/hash.js';
import type { NodeReader } from '#status/node-reader.js';
import {
  STATUS_TILE_BYTES,
  STATUS_TILE_HEIGHT,
  STATUS_TILE_WIDTH,
  type StatusTileName,
  tileKey,
  zeroNode,
} from '#status/node.js';
import { type StatusPath, statusPath } from '#status/path.js';
import { nativeSha256 } from './native-sha256.js';
import { StatusNodes } from './status-nodes.js';

/** Memory for tiles. */
const CACHE_BYTES = 32 * 1024 * 1024;

/** What one costs: its hashes, the rows over them, and what holds them. */
const TILE_COST_BYTES = 2 * STATUS_TILE_BYTES + 600;

/** Stands for a tile below which nothing was touched. */
const UNTOUCHED = new Uint8Array(0);

/**
 * Leaves and paths of the status tree as it was after any sealed batch. Tiles are kept for each batch that is asked for, with the rows over
 * them; so many records that are asked for as of one batch cost few queries, and those that nothing was ever logged about, next to none.
 */
@Injectable()
export class StatusPaths {
  readonly #tiles = new LRUCache<string, Uint8Array>({ maxSize: CACHE_BYTES, sizeCalculation: () => TILE_COST_BYTES });

  constructor(@Inject(READ_POOL) private readonly pool: Pick<pg.Pool, 'query'>) {}

  /** Leaf and path of record `ordinal` after batch `number`, up to which there are `records` entries.
   * @throws StatusError `bad-ordinal` when there was no such record */
  find(number: number, ordinal: number, records: number): Promise<StatusPath> {
    const stored = new StatusNodes(this.pool, number);
    return statusPath(new KeptNodes(stored, number, this.#tiles), ordinal, records, nativeSha256);
  }
}

/** Reads each tile of the tree after batch `number` once, and none below a node that says that nothing was touched there. */
class KeptNodes implements NodeReader {
  constructor(
    private readonly stored: NodeReader,
    private readonly number: number,
    private readonly kept: LRUCache<string, Uint8Array>,
  ) {}

  leaves(indexes: readonly number[]): Promise<ReadonlyMap<number, Uint8Array>> {
    return this.stored.leaves(indexes);
  }

  async tiles(names: readonly StatusTileName[]): Promise<ReadonlyMap<string, Uint8Array>> {
    const found = new Map<string, Uint8Array>();
    const missing: StatusTileName[] = [];
    for (const name of names) {
      const tile = this.#get(name);
      if (tile === undefined && !this.#isUntouched(name)) missing.push(name);
      else if (tile !== undefined && tile !== UNTOUCHED) found.set(tileKey(name.level, name.index), tile);
    }
    if (missing.length === 0) return found;
    const read = await this.stored.tiles(missing);
    for (const { level, index } of missing) {
      const key = tileKey(level, index);
      const tile = read.get(key);
      this.kept.set(`${this.number}/${key}`, tile ?? UNTOUCHED);
      if (tile !== undefined) found.set(key, tile);
    }
    return found;
  }

  #get({ level, index }: StatusTileName): Uint8Array | undefined {
    return this.kept.get(`${this.number}/${tileKey(level, index)}`);
  }

  /** Whether the tile above, if it is kept, says that nothing was touched below this one. */
  #isUntouched({ level, index }: StatusTileName): boolean {
    const above = this.#get({ level: level + 1, index: Math.floor(index / STATUS_TILE_WIDTH) });
    if (above === undefined) return false;
    if (above === UNTOUCHED) return true;
    const at = (index % STATUS_TILE_WIDTH) * HASH_BYTES;
    return equalHashes(above.subarray(at, at + HASH_BYTES), zeroNode((level + 1) * STATUS_TILE_HEIGHT));
  }
}
