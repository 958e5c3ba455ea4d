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

/** Claims the embedded database for this process until `release`; the lock falls with the process, however that ends.
 * @throws DataFolderInUseError when a living process has it */
export async function claimDataFolder(
  database: EmbeddedDatabase,
  folder: string,
): Promise<{ release(): Promise<void> }> {
  const client = new pg.Client({ connectionString: database.url, application_name: 'sealroot owner' });
  // The server is stopped by us, later; a connection lost in between has no one waiting on it.
  client.on('error', (error) =>
    console.error(JSON.stringify({ level: 'warn', message: `owner connection lost: ${error.message}` })),
  );
  await client.connect();
  const until = Date.now() + OWNER_WAIT_MS;
  for (;;) {
    const { rows } = await client.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1) AS locked', [OWNER_LOCK]);
    if (rows[0]!.locked) return { release: () => client.end() };
    if (Date.now() > until) {
      await client.end();
      throw new DataFolderInUseError(folder);
    }
    await new Promise((done) => setTimeout(done, OWNER_POLL_MS));
  }
}
