import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import { BatchRepository } from '#database/batch.repository.js';
import { GateBatchRepository } from '#database/gate-batch.repository.js';
import { formatGateBody, formatGatePack, gateName, gateNoteText } from '#gate/pack.js';
import { SIGNING_KEY, type SigningKey } from '#keys/signing-key.js';
import { nativeSha256 } from '#sealing/native-sha256.js';
import { LogTree } from '#sealing/log-tree.js';
import { signNote } from '#tlog/note.js';
import { LogClock } from '../log/log-clock.js';
import { MadeOnce } from '../limits/made-once.js';
import { Room } from '../limits/room.js';
import { Problem } from '../problems/problem.js';
import type { Packed } from '../representations/packed.js';
import { StatusViewsService } from '../status/status-views.service.js';

/** How long a pack is served as the newest. */
const FRESH_MS = 60_000;

/** Packs remembered, some megabytes each at the most. */
const CACHE_PACKS = 4;

/** Packs of changes that are made, or wait for that: everybody may ask for those since any batch. The whole pack waits for no more than these. */
const MAX_MAKING = 4;

/** A pack as it is sent. */
interface ServedGatePack extends Packed {
  /** Number of its last batch. */
  batch: number;
}

/** Gate packs: what a gate without a network goes by. */
@Injectable()
export class GateService {
  readonly #packs = new MadeOnce<number, ServedGatePack>({
    most: CACHE_PACKS,
    ttlMs: FRESH_MS,
    room: new Room({ policy: 'gate-packs', places: MAX_MAKING, waiting: 0 }),
  });
  readonly #whole = new MadeOnce<'whole', ServedGatePack>({ most: 1, ttlMs: FRESH_MS });
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'logOrigin'>,
    @Inject(SIGNING_KEY) private readonly key: SigningKey,
    private readonly clock: LogClock,
    private readonly batches: BatchRepository,
    private readonly gateBatches: GateBatchRepository,
    private readonly logTree: LogTree,
    private readonly statuses: StatusViewsService,
  ) {}

  /** The pack as of this minute; what has changed since batch `since` alone, unless that is null.
   * @throws Problem `log-empty`, `batch-not-found`, `unavailable`, `busy` */
  pack(since: number | null): Promise<ServedGatePack> {
    if (since === null) return this.#whole.get('whole', () => this.#queue(null));
    return this.#packs.get(since, () => this.#queue(since));
  }

  /** One after the other. */
  #queue(since: number | null): Promise<ServedGatePack> {
    const pack = this.#last.then(() => this.#make(since));
    this.#last = pack.catch(() => undefined);
    return pack;
  }

  async #make(since: number | null): Promise<ServedGatePack> {
    const { size, note, timestamp } = await this.clock.newest();
    const number = size - 1;
    if (since !== null && since > number) throw new Problem('batch-not-found', `There is no batch ${since} yet.`);
    const batch = (await this.batches.find(number))!;
    const [path, status, batches] = await Promise.all([
      this.logTree.inclusionPath(number, size),
      this.statuses.packAsOf(batch, since),
      this.gateBatches.valid(since ?? -1, number, new Date(timestamp * 1000)),
    ]);
    const body = formatGateBody({ checkpoint: note, entry: batch.entry, path, status, batches });
    const { logOrigin } = this.config;
    const signed = signNote(gateNoteText(logOrigin, body, nativeSha256), [this.key.noteSigner(gateName(logOrigin))]);
    const pack = formatGatePack(signed, body);
    const etag = `"${createHash('sha256').update(pack).digest('base64url')}"`;
    return { batch: number, gzipped: await promisify(gzip)(pack), etag };
  }
}
