import { type BeforeApplicationShutdown, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { describeRootCause, logSparsely } from '#config/sparse-log.js';
import { AgencyRepository, isApiKey, isKeyPrefix } from '#database/agency.repository.js';
import { KeyNotices } from '#database/key-notices.js';
import { KeyCache, type KnownKey } from './key-cache.js';

/** Pause between two notes of which keys were used, in milliseconds. */
const NOTE_USE_MS = 30_000;

/** Knows which agency a key belongs to, whether its holder sends it or signs by it, and notes when keys are used. */
@Injectable()
export class AgencyCache implements OnModuleInit, BeforeApplicationShutdown {
  readonly #logger = new Logger('keys');
  /** Apart: the prefix of a key, which is no secret, must never pass for the key. */
  readonly #senders: KeyCache;
  readonly #signers: KeyCache;
  #timer: NodeJS.Timeout | undefined;
  /** Prefixes of keys that were used since it was noted last. */
  readonly #used = new Set<string>();

  constructor(
    private readonly agencies: AgencyRepository,
    private readonly notices: KeyNotices,
  ) {
    this.#senders = new KeyCache((keys) => agencies.authenticate(keys), isApiKey);
    this.#signers = new KeyCache((prefixes) => agencies.findSigners(prefixes), isKeyPrefix);
  }

  onModuleInit(): void {
    this.notices.onChange(() => {
      this.#senders.forget();
      this.#signers.forget();
    });
    this.#timer = setInterval(() => void this.noteUse(), NOTE_USE_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    await this.noteUse();
  }

  /** Whose the whole key is, null when it is malformed, unknown, wrong, revoked or expired; a promise only when the database must be asked.
   * @throws Problem `busy`, in the promise */
  find(key: string): KnownKey | null | Promise<KnownKey | null> {
    const known = this.#senders.find(key);
    if (known instanceof Promise) return known.then((late) => this.used(late));
    return this.used(known);
  }

  /** Who signs by the key with this prefix, whether he signed or not; null when there is no such key, or it is revoked or expired.
   * @throws Problem `busy`, in the promise */
  findSigner(prefix: string): KnownKey | null | Promise<KnownKey | null> {
    return this.#signers.find(prefix);
  }

  /** Takes down that a key was used. @returns it */
  used(known: KnownKey | null): KnownKey | null {
    if (known !== null) this.#used.add(known.agency.key.prefix);
    return known;
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
}
