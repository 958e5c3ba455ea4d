import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import pg from 'pg';
import { CONFIG, type Config } from '#config/config.js';
import { describeRootCause, logSparsely } from '#config/sparse-log.js';

/** Pause before a lost connection is made again, in milliseconds. */
const RECONNECT_MS = 500;

/** Hears from the database, over a connection of its own, which API keys were revoked or changed, in whatever process. A pooler that shares connections
 * does not pass notices on: whoever remembers keys forgets them by himself as well, if later. */
@Injectable()
export class KeyNotices implements OnModuleInit, OnApplicationShutdown {
  readonly #logger = new Logger('keys');
  readonly #listeners: ((prefix: string | null) => void)[] = [];
  #client: pg.Client | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(@Inject(CONFIG) private readonly config: Pick<Config, 'databaseUrl'>) {}

  /** Calls `listener` with the prefix of each key that has changed, and with null when any may have, unheard. */
  onChange(listener: (prefix: string | null) => void): void {
    this.#listeners.push(listener);
  }

  async onModuleInit(): Promise<void> {
    await this.#connect();
  }

  async onApplicationShutdown(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#client?.end();
  }

  async #connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.config.databaseUrl,
      application_name: 'sealroot keys',
      keepAlive: true,
    });
    client.on('notification', ({ payload }) => this.#tell(payload ?? null));
    client.on('error', (error) => logSparsely(this.#logger, 'warn', `notices of keys: ${describeRootCause(error)}`));
    client.on('end', () => this.#retry());
    this.#client = client;
    try {
      await client.connect();
      await client.query('LISTEN "api_key"');
      // What happened while nobody listened.
      this.#tell(null);
    } catch (error) {
      logSparsely(this.#logger, 'warn', `notices of keys: ${describeRootCause(error)}`);
      await client.end().catch(() => undefined);
      this.#retry();
    }
  }

  #retry(): void {
    this.#tell(null);
    clearTimeout(this.#timer);
    if (!this.#stopped) this.#timer = setTimeout(() => void this.#connect(), RECONNECT_MS);
  }

  #tell(prefix: string | null): void {
    for (const listener of this.#listeners) listener(prefix);
  }
}
