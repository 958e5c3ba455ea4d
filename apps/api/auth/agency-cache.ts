import { hash } from 'node:crypto';
import { type BeforeApplicationShutdown, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { describeRootCause, logSparsely } from '#config/sparse-log.js';
import { AgencyRepository, isApiKey, type KeyHolder } from '#database/agency.repository.js';
import { KeyNotices } from '#database/key-notices.js';
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

/** Pause between two notes of which keys were used, in milliseconds. */
const NOTE_USE_MS = 30_000;

/** An agency, its key, and what the key is good for. */
export interface KnownKey {
  agency: KeyHolder;
  check: KeyCheck;
  expiresAtMs: number;
}

interface Waiting {
  key: string;
  resolve: (agency: KnownKey | null) => void;
  reject: (error: unknown) => void;
}

/** Remembers for seconds which agency an API key belongs to, and notes when keys are used. It holds hashes of keys, never keys. Unknown keys share one query at a time, so
 * that wrong ones, however many, never take more than one connection, and right ones wait no longer than for the query before. */
@Injectable()
export class AgencyCache implements OnModuleInit, BeforeApplicationShutdown {
  readonly #logger = new Logger('keys');
  readonly #right = new LRUCache<string, KnownKey>({ max: MAX_RIGHT, ttl: RIGHT_TTL_MS });
  readonly #wrong = new LRUCache<string, true>({ max: MAX_WRONG, ttl: WRONG_TTL_MS });
  #waiting: Waiting[] = [];
  #asking = false;
  /** Counts the changes of keys: what was asked for before one is not remembered after it. */
  #changes = 0;
  /** Prefixes of keys that were used since it was noted last. */
  readonly #used = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly agencies: AgencyRepository,
    private readonly notices: KeyNotices,
  ) {}

  onModuleInit(): void {
    this.notices.onChange(() => {
      // Changes are rare, and asking anew is one query for all keys that wait.
      this.#changes++;
      this.#right.clear();
    });
    this.#timer = setInterval(() => void this.noteUse(), NOTE_USE_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    await this.noteUse();
  }

  /** The agency of `key`, null when it is malformed, unknown, wrong, revoked or expired; a promise only when the database must be asked.
   * @throws Problem `busy`, in the promise */
  find(key: string): KnownKey | null | Promise<KnownKey | null> {
    // Looking up a hash leaks nothing about a key through time: who guesses does not control the hash's first bytes.
    const keyHash = hash('sha256', key, 'base64');
    const known = this.#right.get(keyHash);
    if (known && known.expiresAtMs > Date.now()) {
      this.#used.add(known.agency.key.prefix);
      return known;
    }
    if (this.#wrong.has(keyHash) || !isApiKey(key)) return null;
    const changes = this.#changes;
    return this.#ask(key).then((holder) => {
      if (holder === null) this.#wrong.set(keyHash, true);
      else {
        this.#used.add(holder.agency.key.prefix);
        if (changes === this.#changes) this.#right.set(keyHash, holder);
      }
      return holder;
    });
  }

  /** Notes which keys were used since it was noted last. Never rejects. */
  async noteUse(): Promise<void> {
    const used = [...this.#used];
    if (used.length === 0) return;
    this.#used.clear();
    await this.agencies.noteUse(used).catch((error: unknown) => {
      logSparsely(this.#logger, 'warn', `noting the use of keys failed: ${describeRootCause(error)}`);
    });
  }

  #ask(key: string): Promise<KnownKey | null> {
    if (this.#waiting.length >= MAX_WAITING) {
      const detail = 'Too many API keys wait to be looked up.';
      return Promise.reject(overloaded('keys', detail));
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
        const holders = await this.agencies.authenticate(asked.map(({ key }) => key));
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
