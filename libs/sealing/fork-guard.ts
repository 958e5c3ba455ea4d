import { readFile } from 'node:fs/promises';
import { bytesToHex } from '@noble/hashes/utils.js';
import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import type pg from 'pg';
import { CONFIG, type Config } from '#config/config.js';
import { PG_POOL } from '#database/pool.js';
import { inTransaction } from '#database/transaction.js';
import { SIGNING_KEY, type SigningKey } from '#keys/signing-key.js';
import { equalHashes } from '#merkle/hash.js';
import { parseCheckpoint } from '#tlog/checkpoint.js';
import { parseNote } from '#tlog/note.js';
import { assertKeepable, readCheckpointFile, writeCheckpointFile } from './checkpoint-file.js';
import { SealError } from './error.js';
import { endedLogKeys, followLog } from './log-epoch.js';
import type { Queryable } from './log-tree.js';
import { openLog, readLog } from './log.js';
import { SEAL_LOCK } from './seal.js';
import { parseSignedHead, type SignedHead } from './signed-head.js';
import { type SeenHead, unknownHeads } from './unknown-head.js';

/** Sees to it that no log gets two histories: compares the database with every signed checkpoint that can be seen outside it, since a database
 * that came from a backup would sign the same sizes again with other content. */
@Injectable()
export class ForkGuard implements OnModuleInit {
  readonly #logger = new Logger('log');
  #keys: string[] = [];

  constructor(
    @Inject(PG_POOL) private readonly pool: pg.Pool,
    @Inject(CONFIG)
    private readonly config: Pick<Config, 'logOrigin' | 'checkpointFile' | 'logPredecessorFile' | 'anchors'>,
    @Inject(SIGNING_KEY) private readonly key: SigningKey,
  ) {}

  /** Stops the start when the database's log is not this service's, or is behind a checkpoint that was seen outside it; lets this service's
   * log follow another when the configuration says so.
   * @throws SealError `foreign-log`, `behind`, `bad-checkpoint-file` */
  async onModuleInit(): Promise<void> {
    const { logOrigin: origin } = this.config;
    const verifierKey = this.key.verifierKey(origin);
    await inTransaction(this.pool, [], async (client) => {
      await this.#follow(client, origin, verifierKey);
      await openLog(client, origin, verifierKey);
    });
    this.#keys = [verifierKey, ...(await endedLogKeys(this.pool))];
    for (const seen of [...(await this.#kept(this.#keys)), ...(await unknownHeads(this.pool, origin, this.#keys))])
      await assertKnown(this.pool, seen);
  }

  /** The key of this service's log or of one before it, by its origin, as a C2SP verifier key.
   * @throws SealError `foreign-log` when there was none of that name */
  verifierKeyOf(origin: string): string {
    const key = this.#keys.find((one) => one.startsWith(`${origin}+`));
    if (key !== undefined) return key;
    throw new SealError('foreign-log', `Looking for the key of a log: expected one of this service's, got ${origin}`);
  }

  /** Makes sure that checkpoints can be kept: for a process that seals.
   * @throws SealError `bad-checkpoint-file` */
  async assertKeepable(): Promise<void> {
    for (const path of this.config.checkpointFile) await assertKeepable(path);
    if (this.config.checkpointFile.length === 0)
      this.#logger.warn(
        'no CHECKPOINT_FILE is set: a database that came from a backup may not be recognised before it signs again',
      );
  }

  /** Keeps a signed checkpoint outside the database. The batch is sealed whatever becomes of the files: one that lags guards less, it does no harm. */
  async keep(note: string): Promise<void> {
    await Promise.all(
      this.config.checkpointFile.map((path) =>
        writeCheckpointFile(path, note, this.#keys).catch((error: Error) => {
          this.#logger.error(`a checkpoint was not written to ${path}: ${error.message}`);
        }),
      ),
    );
  }

  /** Compares a signed checkpoint that somebody shows with the database. One that the database should have and has not stops sealing, for every
   * process and every later start.
   * @returns whether it is known
   * @throws SealError `not-ours` when it is no checkpoint of this service's logs */
  async show(note: string): Promise<boolean> {
    const head = parseSignedHead(note, this.#keys);
    if (head.origin !== this.config.logOrigin) return isOfEndedLog(this.pool, head);
    try {
      await assertKnown(this.pool, { head, where: 'shown by a client' });
      return true;
    } catch (error) {
      if (!(error instanceof SealError && error.code === 'behind')) throw error;
      this.#logger.error(error.message);
    }
    await inTransaction(this.pool, [], (client) =>
      client.query(
        'INSERT INTO "unknown_head" ("origin", "size", "root", "note") VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING',
        [head.origin, head.size, head.root, note],
      ),
    );
    await this.keep(note);
    return false;
  }

  /** Begins the log `origin` after the one in the database, if the configuration names that one's newest head and it has not begun. */
  async #follow(client: pg.PoolClient, origin: string, verifierKey: string): Promise<void> {
    const path = this.config.logPredecessorFile;
    const log = await readLog(client);
    if (path === undefined || log?.origin === origin) return;
    // Not while another process seals for the old log.
    await client.query('SELECT pg_advisory_xact_lock($1)', [SEAL_LOCK]);
    const note = await readFile(path, 'utf8').catch((cause: Error) => {
      throw new SealError('bad-checkpoint-file', `Reading LOG_PREDECESSOR_FILE: ${cause.message}`, { cause });
    });
    const headKey = log?.verifierKey ?? this.key.verifierKey(originOf(note, path));
    const head = parseHeadIn(path, note, headKey);
    if (head.origin === origin)
      throw new SealError(
        'bad-checkpoint-file',
        `Reading LOG_PREDECESSOR_FILE: expected a head of another log than ${origin}`,
      );
    const others = [
      ...(await this.#kept([verifierKey, headKey])),
      ...(await unknownHeads(client, head.origin, [headKey])),
    ];
    for (const other of others) {
      if (other.head.origin === head.origin && other.head.size > head.size)
        throw new SealError(
          'behind',
          `Following the log ${head.origin}: expected its newest known head in ${path}, got size ${head.size}; a newer one, size ${other.head.size}, is ${other.where}`,
        );
    }
    await followLog(client, { origin, verifierKey, head, headKey, anchors: this.config.anchors });
    this.#logger.warn(`the log ${origin} begins, after ${head.origin}, whose newest known head has size ${head.size}`);
  }

  /** Heads in the checkpoint files. */
  async #kept(keys: readonly string[]): Promise<SeenHead[]> {
    const heads = await Promise.all(
      this.config.checkpointFile.map(async (path) => ({
        head: await readCheckpointFile(path, keys),
        where: `in ${path}`,
      })),
    );
    return heads.flatMap(({ head, where }) => (head === null ? [] : [{ head, where }]));
  }
}

/** Refuses a database whose log lacks one of its own heads, or contradicts it. Heads of logs that ended can do no harm: nothing is signed there.
 * @throws SealError `behind` */
async function assertKnown(db: Queryable, { head, where }: SeenHead): Promise<void> {
  const { rows } = await db.query<{ size: string | null; root: Buffer | null }>(
    'SELECT l."size", (SELECT "root" FROM "checkpoint" WHERE "size" = $2) AS "root" FROM "log" l WHERE l."origin" = $1',
    [head.origin, head.size],
  );
  if (head.size === 0 || rows[0] === undefined) return;
  const { size, root } = rows[0];
  if (root !== null && equalHashes(root, head.root)) return;
  const [expected, got] =
    root === null
      ? [`at least ${head.size} batches`, size]
      : [`root ${bytesToHex(head.root)} at size ${head.size}`, bytesToHex(root)];
  throw new SealError(
    'behind',
    `Comparing the log ${head.origin} with its checkpoints: expected ${expected}, got ${got}. The checkpoint ${where} was signed by this service, ` +
      'so the database is not the newest: restore a newer one, or let a new log follow (docker/runbook/backup.md).',
  );
}

/** Whether a head of a log that ended is in the database, or is the one that the next log names. */
async function isOfEndedLog(db: Queryable, head: SignedHead): Promise<boolean> {
  const { rows } = await db.query<{ known: boolean }>(
    `SELECT $3 = "head_root" AND $2 = "head_size" OR $2 <= e."size" AND EXISTS (SELECT FROM "checkpoint" c WHERE c."size" = $2 AND c."root" = $3) AS "known"
     FROM "ended_log" e WHERE e."origin" = $1`,
    [head.origin, head.size, head.root],
  );
  return rows[0]?.known ?? false;
}

function originOf(note: string, path: string): string {
  try {
    return parseCheckpoint(parseNote(note).text).origin;
  } catch (cause) {
    throw new SealError('bad-checkpoint-file', `Reading LOG_PREDECESSOR_FILE ${path}: ${(cause as Error).message}`, {
      cause,
    });
  }
}

function parseHeadIn(path: string, note: string, verifierKey: string): SignedHead {
  try {
    return parseSignedHead(note, [verifierKey]);
  } catch (cause) {
    throw new SealError('bad-checkpoint-file', `Reading LOG_PREDECESSOR_FILE ${path}: ${(cause as Error).message}`, {
      cause,
    });
  }
}
