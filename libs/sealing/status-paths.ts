import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type pg from 'pg';
import { GatheredReads } from '#database/gathered-reads.js';
import { READ_POOL } from '#database/pool.js';
import { equalHashes, HASH_BYTES } from '#merkle/hash.js';
import { TILE_HEIGHT, TILE_WIDTH, tileWidth } from '#merkle/tile.js';
import { NIBBLE_BYTES } from '#status/leaf.js';
import type { NodeReader } from '#status/node-reader.js';
import {
  STATUS_TILE_BYTES,
  STATUS_TILE_HEIGHT,
  STATUS_TILE_WIDTH,
  statusLeafCount,
  type StatusTileName,
  tileKey,
  zeroNode,
  zeroTile,
} from '#status/node.js';
import { type StatusPath, statusPath } from '#status/path.js';
import { encodeEntryBundle } from '#tlog/entry-bundle.js';
import type { ServedTile } from './batch-paths.js';
import { SealError } from './error.js';
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

  /** The bytes of C2SP tile `level`/`index` of the status tree after batch `number`, up to which there are `records` entries: `width` hashes of
   * complete subtrees of 256^`level` leaves.
   * @throws SealError `no-such-node` when that tree has no tile of that width there */
  async tile(number: number, records: number, { level, index, width }: ServedTile): Promise<Uint8Array> {
    assertTile(number, records, { level, index, width });
    const stored = level * (TILE_HEIGHT / STATUS_TILE_HEIGHT);
    const first = (index * TILE_WIDTH) / STATUS_TILE_WIDTH;
    const parts = await Promise.all(
      Array.from({ length: Math.ceil(width / STATUS_TILE_WIDTH) }, async (_, i) =>
        this.#tile(number, { level: stored, index: first + i }),
      ),
    );
    const hashes = Buffer.concat(parts.map((part) => (part === UNTOUCHED ? zeroTile(stored) : part)));
    return hashes.subarray(0, width * HASH_BYTES);
  }

  /** The C2SP entry bundle `index` of that tree: `width` leaves as they are hashed, 32 to 544 bytes each.
   * @throws SealError `no-such-node` */
  async leafBundle(number: number, records: number, index: number, width: number): Promise<Uint8Array> {
    assertTile(number, records, { level: 0, index, width });
    const indexes = Array.from({ length: width }, (_, i) => index * TILE_WIDTH + i);
    const touched = await new StatusNodes(this.pool, number).leaves(indexes);
    const untouched = new Uint8Array(NIBBLE_BYTES);
    return encodeEntryBundle(indexes.map((one) => touched.get(one) ?? untouched));
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

/** A tree that is asked for as it was at one time has each tile in one width. */
function assertTile(number: number, records: number, { level, index, width }: ServedTile): void {
  const leaves = statusLeafCount(records);
  if (width > 0 && width === tileWidth(level, index, leaves)) return;
  throw new SealError(
    'no-such-node',
    `The status tree of batch ${number} has ${leaves} leaves, and no tile ${level}/${index} of ${width}`,
  );
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
