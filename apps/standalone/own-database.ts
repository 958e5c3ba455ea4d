import { join } from 'node:path';
import { type EmbeddedDatabase, startEmbeddedDatabase } from '#database/embedded.js';
import { type Claim, claimDataFolder } from './data-folder.js';

/** A server that dies more often than this within {@link RESTART_PERIOD_MS} is not started again: it would hide what is wrong. */
const MAX_RESTARTS = 5;
const RESTART_PERIOD_MS = 10 * 60_000;

/** The embedded database of this process, and the claim on it. A server that dies is started again where its clients look for it. */
export class OwnDatabase {
  #claim: Claim | undefined;
  #stopping = false;
  #restarts: number[] = [];

  private constructor(
    private readonly dataDir: string,
    private readonly database: EmbeddedDatabase,
    private readonly say: (message: string) => void,
    private readonly giveUp: (error: Error) => void,
  ) {}

  /** Starts it and claims it for this process. `say` gets a line when it died and when it is back; `giveUp` is called when it does not come back.
   * @throws EmbeddedDatabaseError, DataFolderInUseError */
  static async start(
    dataDir: string,
    say: (message: string) => void,
    giveUp: (error: Error) => void,
  ): Promise<OwnDatabase> {
    const database = await startEmbeddedDatabase(join(dataDir, 'postgres'));
    const own = new OwnDatabase(dataDir, database, say, giveUp);
    await own.#take();
    return own;
  }

  /** Connection URL, the same for as long as the process lives. */
  get url(): string {
    return this.database.url;
  }

  /** Gives up the claim and stops the server. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#claim?.release();
    await this.database.stop();
  }

  async #take(): Promise<void> {
    this.#claim = await claimDataFolder(this.database, this.dataDir);
    this.#claim.lost.then((error) => this.#recover(error)).catch((error: Error) => this.giveUp(error));
  }

  /** The claim's connection broke: the server is gone, or threw everybody out and is recovering. */
  async #recover(lost: Error): Promise<void> {
    if (this.#stopping) return;
    const now = Date.now();
    this.#restarts = [...this.#restarts.filter((at) => now - at < RESTART_PERIOD_MS), now];
    if (this.#restarts.length > MAX_RESTARTS)
      throw new Error(`The embedded PostgreSQL died ${this.#restarts.length} times in ten minutes: ${lost.message}`);
    this.say(`the embedded PostgreSQL broke off (${lost.message}); starting it again`);
    const { reused } = await startEmbeddedDatabase(join(this.dataDir, 'postgres'), this.database.port);
    if (this.#stopping) return;
    await this.#take();
    this.say(`the embedded PostgreSQL ${reused ? 'recovered' : 'was started again'}`);
  }
}
