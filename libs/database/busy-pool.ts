import pg from 'pg';

/** Every connection of a pool is in use, and as many as may have asked for one before, or longer than one may wait. Nothing was done: the same
 * may be asked for again. Being busy is not being away. */
export class PoolBusyError extends Error {
  readonly code = 'pool-busy';
  constructor(detail: string) {
    super(`Waiting for a database connection: ${detail}`);
    this.name = 'PoolBusyError';
  }
}

/** What bounds the wait for a connection. */
export interface PoolLimits {
  /** Most that wait for a connection at a time. */
  maxWaiting: number;
  /** Longest wait for one. */
  waitMs: number;
}

type Connected = Parameters<Exclude<Parameters<pg.Pool['connect']>[0], undefined>>;

/** A pool whose queue is bounded, and which tells a wait that was too long from a server that does not answer. */
export class BusyPool extends pg.Pool {
  readonly #limits: PoolLimits;
  /** Connections that have been made and are not lost. */
  #established = 0;

  constructor(config: Omit<pg.PoolConfig, 'connectionTimeoutMillis'>, limits: PoolLimits) {
    super({ ...config, connectionTimeoutMillis: limits.waitMs });
    this.#limits = limits;
    this.on('connect', () => (this.#established += 1));
    this.on('remove', () => (this.#established -= 1));
  }

  /** @throws PoolBusyError, and what connecting throws */
  override connect(): Promise<pg.PoolClient>;
  override connect(callback: (...given: Connected) => void): void;
  override connect(callback?: (...given: Connected) => void): Promise<pg.PoolClient> | void {
    const { maxWaiting } = this.#limits;
    if (this.waitingCount >= maxWaiting) {
      const error = new PoolBusyError(`expected fewer than ${maxWaiting} before, got ${this.waitingCount}`);
      if (!callback) return Promise.reject(error);
      process.nextTick(callback, error, undefined, () => undefined);
      return;
    }
    if (!callback) return super.connect().catch((error: unknown) => Promise.reject(this.#explain(error)));
    super.connect((error, client, done) => callback(error && this.#explain(error), client, done));
  }

  /** The pool gives the same error when all connections work for others and when none could be made. */
  #explain(error: unknown): Error {
    const { message } = error as Error;
    if (message !== 'timeout exceeded when trying to connect' || this.#established === 0) return error as Error;
    return new PoolBusyError(`none of ${this.#established} became free within ${this.#limits.waitMs} ms`);
  }
}
