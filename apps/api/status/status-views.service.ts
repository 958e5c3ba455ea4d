import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { deflate, gzip } from 'node:zlib';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import { type Batch, BatchRepository } from '#database/batch.repository.js';
import { StatusLeafRepository } from '#database/status-leaf.repository.js';
import { SIGNING_KEY, type SigningKey } from '#keys/signing-key.js';
import { readEntry } from '#sealing/read-entry.js';
import { LEAF_ORDINALS, NIBBLE_BYTES } from '#status/leaf.js';
import { formatStatusPack } from '#status/pack.js';
import { REACTIVATED } from '#status/state.js';
import { MadeOnce } from '../limits/made-once.js';
import { Room } from '../limits/room.js';
import { Problem } from '../problems/problem.js';
import type { Packed } from '../representations/packed.js';

/** Ordinals of one status list. */
export const LIST_ORDINALS = 131_072;

/** Packs remembered, some megabytes each at the most, and status lists, some ten kilobytes. */
const CACHE_PACKS = 8;
const CACHE_LISTS = 200;

/** Packs of changes, and lists, that are made at a time: everybody may ask for any. The whole pack waits for none of them. */
const MAX_MAKING = 4;
const MAX_MAKING_LISTS = 16;

/** How long a status list may be taken as current, and until when it is one at all, in seconds. */
const LIST_TTL_SECONDS = 60;
const LIST_VALID_SECONDS = 3600;

/** How long a pack or a list is served as the newest. */
const FRESH_MS = 10_000;

/** A pack as it is sent, and the batch that it is of. */
interface ServedPack extends Packed {
  batch: Batch;
}

/** A status list, compressed, and when it was made, in seconds since 1970. */
interface MadeList {
  lst: string;
  iat: number;
}

/** Views of the whole status vector: for those who tell many statuses without asking, and for wallets. */
@Injectable()
export class StatusViewsService {
  readonly #packs = new MadeOnce<number, ServedPack>({
    most: CACHE_PACKS,
    ttlMs: FRESH_MS,
    room: new Room({ policy: 'status-packs', places: MAX_MAKING, waiting: 0 }),
  });
  readonly #whole = new MadeOnce<'whole', ServedPack>({ most: 1, ttlMs: FRESH_MS });
  readonly #lists = new MadeOnce<number, MadeList>({
    most: CACHE_LISTS,
    ttlMs: FRESH_MS,
    room: new Room({ policy: 'status-lists', places: MAX_MAKING_LISTS, waiting: 0 }),
  });

  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'logOrigin'>,
    @Inject(SIGNING_KEY) private readonly key: SigningKey,
    private readonly batches: BatchRepository,
    private readonly leaves: StatusLeafRepository,
  ) {}

  /** What has changed in the vector since batch `since`, as it is now; all of it for null.
   * @throws Problem `log-empty`, `batch-not-found`, `busy` */
  pack(since: number | null): Promise<ServedPack> {
    if (since === null) return this.#whole.get('whole', () => this.#makePack(null));
    return this.#packs.get(since, () => this.#makePack(since));
  }

  /** Status list number `n`, ordinals from n · 131,072, as a signed token whose subject is `url`.
   * @throws Problem `log-empty`, `batch-not-found` when no record has such an ordinal yet, `busy` */
  async list(n: number, url: string): Promise<string> {
    const { lst, iat } = await this.#lists.get(n, () => this.#makeList(n));
    // For each who asks by another name: who makes names up makes no lists by that.
    return this.key.signJwt('statuslist+jwt', {
      iss: this.config.logOrigin,
      sub: url,
      iat,
      exp: iat + LIST_VALID_SECONDS,
      ttl: LIST_TTL_SECONDS,
      status_list: { bits: 4, lst },
    });
  }

  /** A pack as of a batch, as bytes. */
  async packAsOf(batch: Batch, since: number | null): Promise<Uint8Array> {
    const leaves = await this.leaves.changed(since ?? -1, batch.number);
    const { first, size } = readEntry(batch.entry);
    return formatStatusPack({
      batch: batch.number,
      records: first + size,
      since,
      leaves: new Map(leaves.map(({ index, bytes }) => [index, bytes])),
    });
  }

  async #makePack(since: number | null): Promise<ServedPack> {
    const batch = await this.#newest();
    if (since !== null && since > batch.number) throw new Problem('batch-not-found', `There is no batch ${since} yet.`);
    const pack = await this.packAsOf(batch, since);
    const etag = `"${createHash('sha256').update(pack).digest('base64url')}"`;
    return { batch, gzipped: await promisify(gzip)(pack), etag };
  }

  async #makeList(n: number): Promise<MadeList> {
    const batch = await this.#newest();
    const { first, size } = readEntry(batch.entry);
    const from = n * LIST_ORDINALS;
    if (from >= first + size)
      throw new Problem('batch-not-found', `The log has ${first + size} entries: there is no list ${n} yet.`);
    const firstLeaf = from / LEAF_ORDINALS;
    const nibbles = Buffer.alloc(LIST_ORDINALS / 2);
    for (const { index, bytes } of await this.leaves.range(
      firstLeaf,
      firstLeaf + LIST_ORDINALS / LEAF_ORDINALS,
      batch.number,
    )) {
      nibbles.set(bytes.subarray(0, NIBBLE_BYTES).map(toListStatuses), (index - firstLeaf) * NIBBLE_BYTES);
    }
    return { lst: (await promisify(deflate)(nibbles)).toString('base64url'), iat: Math.floor(Date.now() / 1000) };
  }

  async #newest(): Promise<Batch> {
    const newest = await this.batches.newestCheckpoint();
    const batch = newest && (await this.batches.find(newest.size - 1));
    if (!batch) throw new Problem('log-empty', 'No batch was sealed yet.', { headers: { 'retry-after': '1' } });
    return batch;
  }
}

/** Two nibbles of the vector as two of a list: there, who is active again is valid like who was never suspended. */
function toListStatuses(byte: number): number {
  const [low, high] = [byte & 15, byte >> 4];
  return (low === REACTIVATED ? 0 : low) | ((high === REACTIVATED ? 0 : high) << 4);
}
