/** Most keys that one query asks for. */
const MAX_KEYS = 500;

/** Queries under way at a time: while they run, further keys gather for the next one. */
const MAX_QUERIES = 2;

interface Waiting<V> {
  resolve: (value: V | null) => void;
  reject: (error: unknown) => void;
}

/** Reads by key of which those that come together share one query: many readers at once cost few connections. */
export class GatheredReads<V> {
  #waiting = new Map<string, Waiting<V>[]>();
  #queries = 0;
  #scheduled = false;

  constructor(
    /** Reads what there is of at most 500 keys; what is not there is left out of the answer. */
    private readonly read: (keys: string[]) => Promise<ReadonlyMap<string, V>>,
  ) {}

  /** The value of a key, null when it is not there. @throws what reading throws */
  find(key: string): Promise<V | null> {
    return new Promise((resolve, reject) => {
      const others = this.#waiting.get(key);
      if (others) others.push({ resolve, reject });
      else this.#waiting.set(key, [{ resolve, reject }]);
      if (this.#scheduled) return;
      this.#scheduled = true;
      // After this turn of the event loop, so that all requests read from the sockets in it are in.
      setImmediate(() => {
        this.#scheduled = false;
        this.#send();
      });
    });
  }

  #send(): void {
    while (this.#queries < MAX_QUERIES && this.#waiting.size > 0) {
      const all = [...this.#waiting];
      const asked = new Map(all.slice(0, MAX_KEYS));
      this.#waiting = new Map(all.slice(MAX_KEYS));
      this.#queries += 1;
      void this.#answer(asked).finally(() => {
        this.#queries -= 1;
        this.#send();
      });
    }
  }

  async #answer(asked: Map<string, Waiting<V>[]>): Promise<void> {
    try {
      const values = await this.read([...asked.keys()]);
      for (const [key, waiting] of asked) for (const { resolve } of waiting) resolve(values.get(key) ?? null);
    } catch (error) {
      for (const { reject } of [...asked.values()].flat()) reject(error);
    }
  }
}
