import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { type Agency, AgencyRepository } from '#database/agency.repository.js';

/** How long a key that was right stays right without asking the database: revoking takes effect within this time. */
const RIGHT_TTL_MS = 3000;

/** How long a wrong key stays wrong: shields the database from a client that repeats it. */
const WRONG_TTL_MS = 1000;

/** Most keys remembered, right and wrong together. */
const MAX_KEYS = 10_000;

/** Longest text looked at as a key, in characters; real ones have 55. */
const MAX_KEY_LENGTH = 100;

/** Remembers for seconds which agency an API key belongs to. It holds hashes of keys, never keys. */
@Injectable()
export class AgencyCache {
  readonly #known = new LRUCache<string, { agency: Agency | null }>({ max: MAX_KEYS });
  readonly #asking = new Map<string, Promise<Agency | null>>();

  constructor(private readonly agencies: AgencyRepository) {}

  /** The agency of `key`, null when it is unknown, wrong or revoked; a promise only when the database must be asked. */
  find(key: string): Agency | null | Promise<Agency | null> {
    if (key.length > MAX_KEY_LENGTH) return null;
    // Looking up a hash leaks nothing about a key through time: who guesses does not control the hash's first bytes.
    const keyHash = hash('sha256', key, 'base64');
    return this.#known.get(keyHash)?.agency ?? (this.#known.has(keyHash) ? null : this.#ask(keyHash, key));
  }

  #ask(keyHash: string, key: string): Promise<Agency | null> {
    let answer = this.#asking.get(keyHash);
    if (answer === undefined) {
      answer = this.agencies
        .authenticate(key)
        .then((agency) => {
          this.#known.set(keyHash, { agency }, { ttl: agency ? RIGHT_TTL_MS : WRONG_TTL_MS });
          return agency;
        })
        .finally(() => this.#asking.delete(keyHash));
      this.#asking.set(keyHash, answer);
    }
    return answer;
  }
}
