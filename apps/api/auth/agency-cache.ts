import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { type Agency, AgencyRepository, isApiKey } from '#database/agency.repository.js';
import { Problem } from '../problems/problem.js';

/** How long a key that was right stays right without asking the database: revoking takes effect within this time. */
const RIGHT_TTL_MS = 3000;

/** How long a wrong key stays wrong: shields the database from a client that repeats it. */
const WRONG_TTL_MS = 1000;

/** Most keys remembered, and most wrong ones, which cannot crowd out the others. */
const MAX_RIGHT = 10_000;
const MAX_WRONG = 10_000;

/** Most keys that one query asks for, and most that wait for the next one. */
const MAX_ASKED = 500;
const MAX_WAITING = 2000;

interface Waiting {
  key: string;
  resolve: (agency: Agency | null) => void;
  reject: (error: unknown) => void;
}

/** Remembers for seconds which agency an API key belongs to. It holds hashes of keys, never keys. Unknown keys share one query at a time, so
 * that wrong ones, however many, never take more than one connection, and right ones wait no longer than for the query before. */
@Injectable()
export class AgencyCache {
  readonly #right = new LRUCache<string, Agency>({ max: MAX_RIGHT, ttl: RIGHT_TTL_MS });
  readonly #wrong = new LRUCache<string, true>({ max: MAX_WRONG, ttl: WRONG_TTL_MS });
  #waiting: Waiting[] = [];
  #asking = false;

  constructor(private readonly agencies: AgencyRepository) {}

  /** The agency of `key`, null when it is malformed, unknown, wrong or revoked; a promise only when the database must be asked.
   * @throws Problem `busy`, in the promise */
  find(key: string): Agency | null | Promise<Agency | null> {
    // Looking up a hash leaks nothing about a key through time: who guesses does not control the hash's first bytes.
    const keyHash = hash('sha256', key, 'base64');
    const known = this.#right.get(keyHash);
    if (known) return known;
    if (this.#wrong.has(keyHash) || !isApiKey(key)) return null;
    return this.#ask(key).then((agency) => {
      if (agency) this.#right.set(keyHash, agency);
      else this.#wrong.set(keyHash, true);
      return agency;
    });
  }

  #ask(key: string): Promise<Agency | null> {
    if (this.#waiting.length >= MAX_WAITING) {
      const detail = 'Too many API keys wait to be looked up.';
      return Promise.reject(new Problem('busy', detail, { headers: { 'retry-after': '1' } }));
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ key, resolve, reject });
      if (!this.#asking) void this.#askAll();
    });
  }

  async #askAll(): Promise<void> {
    this.#asking = true;
    while (this.#waiting.length > 0) {
      const asked = this.#waiting.splice(0, MAX_ASKED);
      try {
        const agencies = await this.agencies.authenticate(asked.map(({ key }) => key));
        for (const [i, { resolve }] of asked.entries()) resolve(agencies[i]!);
      } catch (error) {
        for (const { reject } of asked) reject(error);
      }
    }
    this.#asking = false;
  }
}
