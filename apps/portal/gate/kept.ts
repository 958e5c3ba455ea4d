const DATABASE = 'sealroot-gate';
const STORE = 'kept';

/** What a gate keeps on the device between visits. */
export interface Kept {
  /** Verifier key of the log that is trusted. */
  key: string;
  /** The gate pack, as it was loaded. */
  pack: Uint8Array;
  /** Tag of the chosen language. */
  language: string;
}

/** Reads what is kept; nothing where the browser keeps nothing, which is said by null. */
export async function readKept(): Promise<Partial<Kept> | null> {
  try {
    const [names, values] = await inStore('readonly', (store) => [store.getAllKeys(), store.getAll()] as const);
    return Object.fromEntries(names.map((name, i) => [name as string, values[i]])) as Partial<Kept>;
  } catch (error) {
    console.info('nothing is kept in this browser:', error);
    return null;
  }
}

/** Keeps something in place of what was kept; undefined forgets it. */
export async function keep<Name extends keyof Kept>(name: Name, value: Kept[Name] | undefined): Promise<void> {
  try {
    await inStore('readwrite', (store) => [value === undefined ? store.delete(name) : store.put(value, name)] as const);
  } catch (error) {
    console.info('nothing is kept in this browser:', error);
  }
}

type Results<Requests extends readonly IDBRequest[]> = {
  -readonly [I in keyof Requests]: Requests[I] extends IDBRequest<infer Result> ? Result : never;
};

/** Does what `ask` asks of the store, in one transaction. */
function inStore<const Requests extends readonly IDBRequest[]>(
  mode: IDBTransactionMode,
  ask: (store: IDBObjectStore) => Requests,
): Promise<Results<Requests>> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(DATABASE, 1);
    opening.addEventListener('upgradeneeded', () => opening.result.createObjectStore(STORE));
    opening.addEventListener('error', () => reject(opening.error!));
    opening.addEventListener('success', () => {
      const database = opening.result;
      const transaction = database.transaction(STORE, mode);
      const requests = ask(transaction.objectStore(STORE));
      const end = (act: () => void) => {
        database.close();
        act();
      };
      transaction.addEventListener('complete', () =>
        end(() => resolve(requests.map((request) => request.result as unknown) as Results<Requests>)),
      );
      transaction.addEventListener('abort', () => end(() => reject(transaction.error!)));
    });
  });
}
