import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type pg from 'pg';
import { GatheredReads } from '#database/gathered-reads.js';
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
  readonly #tileReads = new GatheredReads<Uint8Array>((keys) => this.#readTiles(keys));
  readonly #leafReads = new GatheredReads<Uint8Array>((keys) => this.#readLeaves(keys));

  constructor(@Inject(READ_POOL) private readonly pool: Pick<pg.Pool, 'query'>) {}

  /** Leaf and path of record `ordinal` after batch `number`, up to which there are `records` entries.
   * @throws StatusError `bad-ordinal` when there was no such record */
  find(number: number, ordinal: number, records: number): Promise<StatusPath> {
    return statusPath(this.#at(number), ordinal, records, nativeSha256);
  }

  #at(number: number): NodeReader {
    return {
      leaves: async (indexes) => {
        const leaves = await Promise.all(indexes.map((index) => this.#leafReads.find(`${number}/${index}`)));
        return new Map(indexes.flatMap((index, i) => (leaves[i] == null ? [] : [[index, leaves[i]]])));
      },
      tiles: async (names) => {
        const tiles = await Promise.all(names.map(async (name) => this.#tile(number, name)));
        return new Map(
          names.flatMap(({ level, index }, i) =>
            tiles[i] === UNTOUCHED ? [] : [[tileKey(level, index), tiles[i]!] as const],
          ),
        );
      },
    };
  }

  /** A tile after batch `number`; without a promise when it is kept, or the one above, if that is kept, says that nothing was touched below. */
  #tile(number: number, { level, index }: StatusTileName): Uint8Array | Promise<Uint8Array> {
    const key = `${number}/${tileKey(level, index)}`;
    const kept = this.#tiles.get(key);
    if (kept !== undefined) return kept;
    const above = this.#tiles.get(`${number}/${tileKey(level + 1, Math.floor(index / STATUS_TILE_WIDTH))}`);
    if (above === UNTOUCHED) return UNTOUCHED;
    if (above !== undefined) {
      const at = (index % STATUS_TILE_WIDTH) * HASH_BYTES;
      const node = above.subarray(at, at + HASH_BYTES);
      if (equalHashes(node, zeroNode((level + 1) * STATUS_TILE_HEIGHT))) return UNTOUCHED;
    }
    return this.#tileReads.find(key).then((read) => {
      // A copy: what was read is part of something larger.
      const tile = read === null ? UNTOUCHED : new Uint8Array(read);
      this.#tiles.set(key, tile);
      return tile;
    });
  }

  /** @param keys `<batch>/<level>/<index>` */
  async #readTiles(keys: string[]): Promise<Map<string, Uint8Array>> {
    const found = new Map<string, Uint8Array>();
    for (const [number, names] of byBatch(keys)) {
      const wanted = names.map((name) => {
        const [level, index] = name.split('/').map(Number) as [number, number];
        return { level, index };
      });
      const tiles = await new StatusNodes(this.pool, number).tiles(wanted);
      for (const [name, tile] of tiles) found.set(`${number}/${name}`, tile);
    }
    return found;
  }

  /** @param keys `<batch>/<index>` */
  async #readLeaves(keys: string[]): Promise<Map<string, Uint8Array>> {
    const found = new Map<string, Uint8Array>();
    for (const [number, indexes] of byBatch(keys)) {
      const leaves = await new StatusNodes(this.pool, number).leaves(indexes.map(Number));
      for (const [index, leaf] of leaves) found.set(`${number}/${index}`, leaf);
    }
    return found;
  }
}

/** Keys `<batch>/<name>` as names by batch: nearly always of one. */
function byBatch(keys: readonly string[]): Map<number, string[]> {
  const batches = new Map<number, string[]>();
  for (const key of keys) {
    const slash = key.indexOf('/');
    const number = Number(key.slice(0, slash));
    const names = batches.get(number);
    if (names === undefined) batches.set(number, [key.slice(slash + 1)]);
    else names.push(key.slice(slash + 1));
  }
  return batches;
}
