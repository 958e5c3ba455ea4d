import { LRUCache } from 'lru-cache';
import type { Room } from './room.js';

/** How many are kept, for how long (absent: what never changes), and the room in which they are made. */
export interface MadeOnceTerms {
  most: number;
  ttlMs?: number;
  /** Absent where who asks cannot choose among many. */
  room?: Room;
}

/** Answers that cost much to make: each is made once for everybody who asks meanwhile, and kept for a while. A failed attempt is not kept. */
export class MadeOnce<K extends {}, V> {
  readonly #kept: LRUCache<K, Promise<V>>;

  constructor(private readonly terms: MadeOnceTerms) {
    this.#kept = new LRUCache({ max: terms.most, ttl: terms.ttlMs ?? 0 });
  }

  /** The kept answer, or the one of `make`. @throws Problem `busy` as its room does */
  get(key: K, make: () => Promise<V>): Promise<V> {
    const known = this.#kept.get(key);
    if (known !== undefined) return known;
    const made = this.terms.room?.use(make) ?? make();
    this.#kept.set(key, made);
    made.catch(() => {
      if (this.#kept.peek(key) === made) this.#kept.delete(key);
    });
    return made;
  }
}
