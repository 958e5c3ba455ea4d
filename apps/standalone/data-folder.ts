import pg from 'pg';
import { type EmbeddedDatabase } from '#database/embedded.js';

/** Advisory lock held by the one process that owns an embedded database. */
const OWNER_LOCK = 728_374_614;

/** Time that a killed predecessor's connections may take to vanish. */
const OWNER_WAIT_MS = 5000;
const OWNER_POLL_MS = 100;

/** Another process runs on the same data folder. */
export class DataFolderInUseError extends Error {
  readonly code = 'data-folder-in-use';
  constructor(folder: string) {
    super(`Another Sealroot process is running on ${folder}: stop it first, or set DATA_DIR to another folder`);
    this.name = 'DataFolderInUseError';
  }
}

/** A claim on an embedded database. */
export interface Claim {
  /** Resolves when the claim was lost with its connection, which the server's end breaks; never after `release`. */
  lost: Promise<Error>;
  release(): Promise<void>;
}

/** Claims the embedded database for this process until `release`; the lock falls with the process, however that ends.
 * @throws DataFolderInUseError when a living process has it */
export async function claimDataFolder(database: EmbeddedDatabase, folder: string): Promise<Claim> {
  const client = new pg.Client({ connectionString: database.url, application_name: 'sealroot owner', keepAlive: true });
  let released = false;
  const lost = new Promise<Error>((resolve) => {
    client.on('error', (error) => {
      if (!released) resolve(error);
    });
  });
  await client.connect();
  const until = Date.now() + OWNER_WAIT_MS;
  for (;;) {
    const { rows } = await client.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1) AS locked', [OWNER_LOCK]);
    if (rows[0]!.locked) break;
    if (Date.now() > until) {
      await client.end();
      throw new DataFolderInUseError(folder);
    }
    await new Promise((done) => setTimeout(done, OWNER_POLL_MS));
  }
  const release = async () => {
    released = true;
    // One that broke cannot say goodbye.
    await client.end().catch(() => undefined);
  };
  return { lost, release };
}
