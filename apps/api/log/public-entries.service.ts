import { Injectable } from '@nestjs/common';
import { PAGE_ENTRIES } from '#audit/log-source.js';
import { LeafRepository } from '#database/leaf.repository.js';
import { StatusEventRepository } from '#database/status-event.repository.js';
import { HASH_BYTES } from '#merkle/hash.js';
import { statusEntry } from '#sealing/status-reader.js';
import { encodeEntryBundle } from '#tlog/entry-bundle.js';
import { Problem } from '../problems/problem.js';

/** A page of the log's public entries. */
export interface PublicPage {
  bytes: Buffer;
  /** Whether it has all its entries, so that it will not change. */
  complete: boolean;
}

/** What everybody may see of the entries of the batches: changes of status as they are, of all else the leaf's hash. */
@Injectable()
export class PublicEntriesService {
  constructor(
    private readonly leaves: LeafRepository,
    private readonly events: StatusEventRepository,
  ) {}

  /** The entries of ordinals 1024·`index` and following. @throws Problem `tile-not-found` where the log has none of them */
  async page(index: number): Promise<PublicPage> {
    const from = index * PAGE_ENTRIES;
    const to = from + PAGE_ENTRIES;
    const missing = new Problem('tile-not-found', `The log is not large enough for page ${index} of public entries.`);
    if (!Number.isSafeInteger(to)) throw missing;
    // Events after leaves: an event that is sealed in between is on no page that lacks its leaf.
    const leaves = await this.leaves.read(from, to);
    if (leaves.length === 0) throw missing;
    const items = Array.from({ length: leaves.length / HASH_BYTES }, (_, i) =>
      leaves.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES),
    );
    for (const event of await this.events.range(from, from + items.length, PAGE_ENTRIES))
      items[event.ordinal - from] = statusEntry(event);
    return { bytes: Buffer.from(encodeEntryBundle(items)), complete: items.length === PAGE_ENTRIES };
  }
}
