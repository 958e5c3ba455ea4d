import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { KeyHolder } from '#database/agency.repository.js';
import { overloaded } from '../limits/limited.js';
import { type KeyCheck, keyCheck } from './key-terms.js';

/** How long a key that was right stays right without asking the database. It is forgotten at once when the database tells that it has changed; this is how
 * long revoking takes where such notices do not come through. */
const RIGHT_TTL_MS = 3000;

/** How long a wrong key stays wrong: shields the database from a client that repeats it. */
const WRONG_TTL_MS = 1000;

/** Most keys remembered, and most wrong ones, which cannot crowd out the others. */
const MAX_RIGHT = 10_000;
const MAX_WRONG = 10_000;

/** Most keys that one query asks for, and most that wait for the next one. */
const MAX_ASKED = 500;
const MAX_WAITING = 2000;

/** An agency, its key, and what the key is good for. */
export interface KnownKey {
  agency: KeyHolder;
  check: KeyCheck;
  expiresAtMs: number;
}

interface Waiting {
  text: string;
  resolve: (known: KnownKey | null) => void;
  reject: (error: unknown) => void;
}

/** Remembers for seconds whose a credential of one kind is. It holds hashes of the texts that come, never these. Unknown ones share one query at a time, so
 * that wrong ones, however many, never take more than one connection, and right ones wait no longer than for the query before. */
export class KeyCache {
  readonly #right = new LRUCache<string, KnownKey>({ max: MAX_RIGHT, ttl: RIGHT_TTL_MS });
  readonly #wrong = new LRUCache<string, true>({ max: MAX_WRONG, ttl: WRONG_TTL_MS });
  #waiting: Waiting[] = [];
  #asking = false;
  /** Counts the changes of keys: what was asked for before one is not remembered after it. */
  #changes = 0;

  /**
   * @param look asks the database for several at once
   * @param isPlausible whether a text has the form that these have: what has not is never asked for
   */
  constructor(
    private readonly look: (texts: string[]) => Promise<(KeyHolder | null)[]>,
    private readonly isPlausible: (text: string) => boolean,
  ) {}

  /** Forgets everything that is right. */
  forget(): void {
    // Changes are rare, and asking anew is one query for all keys that wait.
    this.#changes++;
    this.#right.clear();
  }

  /** Whose `text` is, null when it is malformed, unknown, wrong, revoked or expired; a promise only when the database must be asked.
   * @throws Problem `busy`, in the promise */
  find(text: string): KnownKey | null | Promise<KnownKey | null> {
    // Looking up a hash leaks nothing about a key through time: who guesses does not control the hash's first bytes.
    const textHash = hash('sha256', text, 'base64');
    const known = this.#right.get(textHash);
    if (known && known.expiresAtMs > Date.now()) return known;
    if (this.#wrong.has(textHash) || !this.isPlausible(text)) return null;
    const changes = this.#changes;
    return this.#ask(text).then((holder) => {
      if (holder === null) this.#wrong.set(textHash, true);
      else if (changes === this.#changes) this.#right.set(textHash, holder);
      return holder;
    });
  }

  #ask(text: string): Promise<KnownKey | null> {
    if (this.#waiting.length >= MAX_WAITING) {
      const detail = 'Too many API keys wait to be looked up.';
      return Promise.reject(overloaded('keys', detail));
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ text, resolve, reject });
      if (!this.#asking) void this.#askAll();
    });
  }

  async #askAll(): Promise<void> {
    this.#asking = true;
    while (this.#waiting.length > 0) {
      const asked = this.#waiting.splice(0, MAX_ASKED);
      try {
        const holders = await this.look(asked.map(({ text }) => text));
        for (const [i, { resolve }] of asked.entries()) resolve(known(holders[i]!));
      } catch (error) {
        for (const { reject } of asked) reject(error);
      }
    }
    this.#asking = false;
  }
}

function known(agency: KeyHolder | null): KnownKey | null {
  if (agency === null) return null;
  return { agency, check: keyCheck(agency), expiresAtMs: agency.key.expiresAt?.getTime() ?? Infinity };
}
