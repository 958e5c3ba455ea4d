import { HASH_BYTES, leafHash, type Sha256 } from '#merkle/hash.js';
import { STATUS_ENTRY_BYTES } from '#statement/status-entry.js';
import { TlogError } from '#tlog/error.js';
import { parseEntryBundle } from '#tlog/entry-bundle.js';
import { AuditError } from './error.js';
import { type LogSource, PAGE_ENTRIES } from './log-source.js';

/** An entry of a batch as everybody sees it. */
export interface PublicEntry {
  /** 32 bytes. */
  leafHash: Uint8Array;
  /** The 79 bytes of a status event; null for everything else, which is public as its hash alone. */
  event: Uint8Array | null;
}

/** Pages that are asked for ahead of the one that is read. */
const PAGES_AHEAD = 6;

/**
 * Reads a page of public entries: an entry bundle in which 32 bytes are the leaf hash of an entry that is not public, and 79 bytes a status event.
 *
 * @throws AuditError `unreadable`
 */
export function parsePage(bytes: Uint8Array, sha256?: Sha256): PublicEntry[] {
  return readBundle(bytes, 'a page of public entries').map((item) => {
    if (item.length === HASH_BYTES) return { leafHash: item, event: null };
    if (item.length === STATUS_ENTRY_BYTES) return { leafHash: leafHash(item, sha256), event: item };
    throw new AuditError(
      'unreadable',
      `Reading a page of public entries: expected ${HASH_BYTES} or ${STATUS_ENTRY_BYTES} bytes, got ${item.length}`,
    );
  });
}

/** The items of an entry bundle. @throws AuditError `unreadable` */
export function readBundle(bytes: Uint8Array, what: string): Uint8Array[] {
  try {
    return parseEntryBundle(bytes);
  } catch (cause) {
    if (!(cause instanceof TlogError)) throw cause;
    throw new AuditError('unreadable', `Reading ${what}: ${cause.message}`, { cause });
  }
}

/** Reads public entries in their order, a page ahead of the other. */
export class EntryReader {
  readonly #pages = new Map<number, Promise<PublicEntry[]>>();

  constructor(
    private readonly source: LogSource,
    private readonly sha256?: Sha256,
  ) {}

  /** The entries of ordinals `from` up to, not including, `to`, page by page; `sealed`: so many entries are known to be in the log, and may be
   * asked for ahead. @throws AuditError `unreadable` */
  async *read(from: number, to: number, sealed = to): AsyncGenerator<readonly PublicEntry[]> {
    for (let at = from; at < to;) {
      const index = Math.floor(at / PAGE_ENTRIES);
      const end = Math.min(to, (index + 1) * PAGE_ENTRIES);
      const page = await this.#atLeast(index, end - index * PAGE_ENTRIES, sealed);
      yield page.slice(at - index * PAGE_ENTRIES, end - index * PAGE_ENTRIES);
      at = end;
    }
  }

  /** One entry. @throws AuditError `unreadable` */
  async one(ordinal: number): Promise<PublicEntry> {
    for await (const [entry] of this.read(ordinal, ordinal + 1)) if (entry !== undefined) return entry;
    throw new AuditError('unreadable', `Reading public entry ${ordinal}: expected it, got none`);
  }

  async #atLeast(index: number, entries: number, sealed: number): Promise<PublicEntry[]> {
    for (const kept of this.#pages.keys()) if (kept < index) this.#pages.delete(kept);
    for (let ahead = index; ahead < index + PAGES_AHEAD && ahead * PAGE_ENTRIES < sealed; ahead++)
      void this.#ask(ahead);
    let page = await this.#pages.get(index)!;
    if (page.length < entries) {
      // It was not full when it was read, and the log has grown.
      this.#pages.delete(index);
      page = await this.#ask(index);
    }
    if (page.length >= entries) return page;
    throw new AuditError(
      'unreadable',
      `Reading page ${index} of public entries: expected at least ${entries}, got ${page.length}`,
    );
  }

  #ask(index: number): Promise<PublicEntry[]> {
    const known = this.#pages.get(index);
    if (known !== undefined) return known;
    const page = this.source.page(index).then((bytes) => parsePage(bytes, this.sha256));
    // Whoever comes to this page hears of it; until then nobody waits.
    page.catch(() => this.#pages.delete(index));
    this.#pages.set(index, page);
    return page;
  }
}
