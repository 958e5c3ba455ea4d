import { LRUCache } from 'lru-cache';
import { overloaded } from './limited.js';

/** A place in the making stays taken for so many times as long as the making took: who asks for one after another leaves most of the time to others. */
const REST_FACTOR = 3;

/** How many are kept, for how long, and how many may be in the making at a time. */
export interface MadeOnceTerms {
  most: number;
  ttlMs: number;
  /** Absent where who asks cannot choose among many. */
  room?: { policy: string; making: number };
}

/** Answers that cost much to make: each is made once for everybody who asks meanwhile, and kept for a while. A failed attempt is not kept. */
export class MadeOnce<K extends {}, V> {
  readonly #kept: LRUCache<K, Promise<V>>;
  #making = 0;

  constructor(private readonly terms: MadeOnceTerms) {
    this.#kept = new LRUCache({ max: terms.most, ttl: terms.ttlMs });
  }

  /** The kept answer, or the one of `make`. @throws Problem `busy` when too many others are being made */
  get(key: K, make: () => Promise<V>): Promise<V> {
    const known = this.#kept.get(key);
    if (known !== undefined) return known;
    const { room } = this.terms;
    if (room !== undefined && this.#making >= room.making)
      throw overloaded(room.policy, 'Others of this kind are being made.');
    this.#making += 1;
    const beganMs = performance.now();
    const made = make().finally(() => {
      setTimeout(() => (this.#making -= 1), REST_FACTOR * (performance.now() - beganMs)).unref();
    });
    this.#kept.set(key, made);
    made.catch(() => this.#kept.delete(key));
    return made;
  }
}
