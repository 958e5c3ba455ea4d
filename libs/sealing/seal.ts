import type pg from 'pg';
import type { SigningKey } from '#keys/signing-key.js';
import { verifyConsistency } from '#merkle/consistency.js';
import { equalHashes, HASH_BYTES, leafHash } from '#merkle/hash.js';
import { rootFromInclusionProof } from '#merkle/inclusion.js';
import { consistencyPath, inclusionPath, TILE_BYTES, TILE_WIDTH, tileRows, treeRoot } from '#merkle/tile.js';
import { tilesOf } from '#merkle/tree-levels.js';
import { batchOrigin, formatBatchEntry } from '#statement/batch-entry.js';
import { formatCheckpoint } from '#tlog/checkpoint.js';
import { signNote } from '#tlog/note.js';
import type { BatchTree } from './batch-tree.js';
import { assertClock } from './clock.js';
import { SealError } from './error.js';
import { insertGateBatch } from './gate-batch.js';
import { LogTreeAt, type Queryable } from './log-tree.js';
import { nextBeacon } from './log-epoch.js';
import { openLog } from './log.js';
import { nativeSha256 } from './native-sha256.js';
import { type ApplyStatus, sealStatus } from './status-seal.js';
import { unsealedChunks } from './unsealed-chunks.js';
import { assertNoUnknownHead } from './unknown-head.js';
import { inTransaction } from '#database/transaction.js';

/** Advisory lock of whoever seals: one at a time for a database, which is one log. */
export const SEAL_LOCK = 728_374_611;

/** A sealer that stops answering loses its transaction, and with it the lock, after this time; the longest wait inside is a tree of 2^20 leaves. */
const IDLE_LIMIT_MS = 60_000;

const SETTINGS = [`idle_in_transaction_session_timeout = ${IDLE_LIMIT_MS}`];

/** What sealing needs. */
export interface SealDeps {
  pool: Pick<pg.Pool, 'connect'>;
  /** Name of the log. */
  origin: string;
  key: Pick<SigningKey, 'noteSigner' | 'verifierKey'>;
  /** A batch takes whole chunks up to this many records, fewer where they are for gates; one larger chunk is a batch by itself. */
  batchMaxRecords: number;
  /** Newest block that the service has seen, `<chain> <height> <block hash>`; null when it has seen none. */
  beacon: string | null;
  now: () => Date;
  /** Number of a batch whose time is known to be wrong; undefined when there is none. */
  wrongTimeBatch?: number | undefined;
  /** Builds the tree over leaf hashes, as {@link BatchTreeThread} does. */
  buildTree: (leaves: Uint8Array) => Promise<BatchTree>;
  /** Updates the status tree, as {@link BatchTreeThread} does. */
  applyStatus: ApplyStatus;
}

/** A batch that was sealed and committed. */
export interface SealedBatch {
  /** Its number, which is its index in the log. */
  number: number;
  /** Records in it. */
  size: number;
  /** Root of its tree, 32 bytes. */
  root: Uint8Array;
  sealedAt: Date;
  /** Chunks that it took. */
  chunks: number;
  /** Signed checkpoint of its own tree. */
  checkpoint: string;
  /** Size of the log with this batch as its last. */
  logSize: number;
  /** Root of the log at that size, 32 bytes. */
  logRoot: Uint8Array;
  /** Signed checkpoint of the log at that size. */
  logCheckpoint: string;
}

/**
 * Seals what waits, in one transaction. Resolves to null when nothing waits or another sealer is at work. Until its COMMIT nothing that it
 * did is visible and nothing that it signed has left; so a crash at any step before leaves all as it was, and a crash after it leaves a
 * sealed batch that the next call finds done.
 * @throws SealError `foreign-log`, `behind`, `clock-behind`, `bad-tree`, `lost-race`, `not-stored`: nothing was sealed; `unknown`: the next call finds out
 */
export async function sealNextBatch(deps: SealDeps): Promise<SealedBatch | null> {
  const { pool, origin, key } = deps;
  // Set while the outcome of the transaction is in the server's hands.
  let committing = null as SealedBatch | null;
  // A crash in here before COMMIT: the server rolls back when the connection ends; chunks stay unsealed and the log as it was.
  const transaction = inTransaction(pool, SETTINGS, async (client) => {
    // One sealer at a time. The lock lives and dies with the transaction, so a dead sealer never keeps it.
    const lock = await client.query<{ held: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS "held"', [SEAL_LOCK]);
    if (!lock.rows[0]!.held) return null;

    // Read after the lock, so this is what the previous sealer left, and nobody else moves it.
    const log = await openLog(client, origin, key.verifierKey(origin));
    await assertNoUnknownHead(client, origin);
    const number = log.size;

    // Whole chunks, oldest first. Chunks that commit meanwhile, even with smaller ids, wait for the next batch.
    const chunks = await unsealedChunks(client, deps.batchMaxRecords);
    if (chunks.ids.length === 0) return null;
    const size = chunks.leaves.length / HASH_BYTES;

    // Closed: what commits from here on is in a later batch, which has a later time.
    const sealedAt = deps.now();
    await assertClock(client, number, sealedAt, deps.wrongTimeBatch);

    // The tree; its lowest tiles are the leaves, so the server stores them meanwhile.
    const [tree] = await Promise.all([
      deps.buildTree(chunks.leaves),
      insertTileLevel(client, number, 0, chunks.leaves),
    ]);
    // Checked by folding paths with our own code: a wrong root must not be signed.
    await assertTree(tree, chunks.leaves);
    for (const [level, hashes] of tree.levels.entries()) {
      if (level > 0) await insertTileLevel(client, number, level, hashes);
    }

    // The batch and its own checkpoint. The note is worth nothing to anybody before the commit: it has not left.
    const first = await entriesBefore(client, number);
    const statusRoot = await sealStatus(
      client,
      { number, first, size, eventChunks: chunks.withEvents },
      deps.applyStatus,
    );
    if (chunks.gateUntil !== null) await insertGateBatch(client, { number, first, gateUntil: chunks.gateUntil, tree });
    const beacon = nextBeacon(log, deps.beacon);
    const entry = formatBatchEntry({
      origin,
      number,
      size,
      first,
      sealedAt: sealedAt.toISOString(),
      beacon,
      root: tree.root,
      statusRoot,
    });
    const own = batchOrigin(origin, number);
    const checkpoint = signNote(formatCheckpoint({ origin: own, size, root: tree.root }), [key.noteSigner(own)]);
    await client.query(
      `INSERT INTO "batch" ("number", "size", "root", "sealed_at", "entry", "leaf_hash", "checkpoint") VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [number, size, tree.root, sealedAt, entry, leafHash(entry), checkpoint],
    );

    // The log with the batch appended: tiles that it completes, then the new root, which must be a continuation of the old one.
    const logSize = number + 1;
    await insertCompletedLogTiles(client, logSize);
    const source = new LogTreeAt(client, logSize);
    const logRoot = await treeRoot(logSize, source);
    const path = await consistencyPath(number, logSize, source);
    if (!verifyConsistency({ size1: number, root1: log.root, size2: logSize, root2: logRoot, path })) {
      throw new SealError(
        'bad-tree',
        `Sealing batch ${number}: the log's stored tree does not continue its signed root`,
      );
    }

    // The compare-and-swap comes before the signature, and the primary key of checkpoint after it: no second root for one size.
    const swapped = await client.query(
      'UPDATE "log" SET "size" = $2, "root" = $3 WHERE "origin" = $1 AND "size" = $4',
      [origin, logSize, logRoot, number],
    );
    if (swapped.rowCount !== 1)
      throw new SealError('lost-race', `Sealing batch ${number}: the log is no longer of size ${number}`);
    const logCheckpoint = signNote(formatCheckpoint({ origin, size: logSize, root: logRoot }), [
      key.noteSigner(origin),
    ]);
    await client.query('INSERT INTO "checkpoint" ("size", "root", "note", "records") VALUES ($1, $2, $3, $4)', [
      logSize,
      logRoot,
      logCheckpoint,
      first + size,
    ]);

    // The chunks learn where they stand; the records are not touched.
    const assigned = await client.query(
      `UPDATE "chunk" SET "batch_number" = $1, "batch_offset" = a."offset"
       FROM unnest($2::bigint[], $3::int[]) AS a("id", "offset") WHERE "chunk"."id" = a."id" AND "chunk"."batch_number" IS NULL`,
      [number, chunks.ids, chunks.offsets],
    );
    if (assigned.rowCount !== chunks.ids.length) {
      throw new SealError(
        'lost-race',
        `Sealing batch ${number}: expected ${chunks.ids.length} unsealed chunks, got ${assigned.rowCount}`,
      );
    }

    // From here the batch is either wholly there or not at all; when the answer is lost, afterLostCommit() finds out which.
    const sealed = {
      number,
      size,
      root: tree.root,
      sealedAt,
      chunks: chunks.ids.length,
      checkpoint,
      logSize,
      logRoot,
      logCheckpoint,
    };
    committing = sealed;
    return sealed;
  });
  return transaction.catch((error: Error) => {
    if (committing !== null) return afterLostCommit(pool, committing, error);
    if (error instanceof SealError) throw error;
    throw new SealError('not-stored', `Sealing a batch: ${error.message}`, { cause: error });
  });
}

/**
 * Finds out whether a commit whose answer was lost has happened, by waiting for the lock that the old transaction holds until it is over:
 * then the checkpoint is there or will never be. Never signs anything.
 */
async function afterLostCommit(pool: Pick<pg.Pool, 'connect'>, batch: SealedBatch, cause: Error): Promise<SealedBatch> {
  const note = await inTransaction(pool, [`lock_timeout = ${IDLE_LIMIT_MS}`], async (client) => {
    await client.query('SELECT pg_advisory_xact_lock($1)', [SEAL_LOCK]);
    const { rows } = await client.query<{ note: string }>('SELECT "note" FROM "checkpoint" WHERE "size" = $1', [
      batch.logSize,
    ]);
    return rows[0]?.note;
  }).catch((error: Error) => {
    const message = `Sealing batch ${batch.number}: the connection broke in the commit, and looking for its outcome failed: ${error.message}`;
    throw new SealError('unknown', message, { cause });
  });
  // Another sealer may have taken the size since; then ours was rolled back, and its notes end here.
  if (note !== batch.logCheckpoint) {
    throw new SealError('not-stored', `Sealing batch ${batch.number}: ${cause.message}`, { cause });
  }
  return batch;
}

/** Entries in all batches before batch `number`: the ordinal of its first entry. */
async function entriesBefore(client: Queryable, number: number): Promise<number> {
  if (number === 0) return 0;
  const { rows } = await client.query<{ records: string }>('SELECT "records" FROM "checkpoint" WHERE "size" = $1', [
    number,
  ]);
  if (rows[0] === undefined) {
    throw new SealError('no-such-node', `Sealing batch ${number}: the checkpoint of size ${number} is not there`);
  }
  return Number(rows[0].records);
}

/** Folds the paths of the last leaf and of one that nobody could choose, with code that did not build the tree. Throws `bad-tree`. */
async function assertTree(tree: BatchTree, leaves: Uint8Array): Promise<void> {
  const size = leaves.length / HASH_BYTES;
  const tiles = new Map(tilesOf(tree).map((tile) => [`${tile.level}/${tile.index}`, tile.hashes]));
  const source = { tile: async (level: number, index: number) => tiles.get(`${level}/${index}`) ?? new Uint8Array(0) };
  const unforeseeable = new DataView(tree.root.buffer, tree.root.byteOffset).getUint32(0) % size;
  for (const index of [unforeseeable, size - 1]) {
    const leaf = leaves.slice(index * HASH_BYTES, (index + 1) * HASH_BYTES);
    const root = rootFromInclusionProof(leaf, index, size, await inclusionPath(index, size, source));
    if (!equalHashes(root, tree.root)) {
      throw new SealError(
        'bad-tree',
        `Checking the batch tree: the path of leaf ${index} of ${size} leads to another root`,
      );
    }
  }
}

/** Stores one level of a batch's tiles; the server cuts it up, so that it travels as one binary value. */
async function insertTileLevel(client: Queryable, number: number, level: number, hashes: Uint8Array): Promise<void> {
  await client.query(
    `INSERT INTO "batch_tile" ("batch_number", "level", "index", "hashes")
     SELECT $1, $2, i, substring($3::bytea FROM i * ${TILE_BYTES} + 1 FOR ${TILE_BYTES}) FROM generate_series(0, $4::int - 1) AS i`,
    [number, level, hashes, Math.ceil(hashes.length / TILE_BYTES)],
  );
}

/** Stores the log's tiles that became complete at `size`, lowest level first: each needs the root of the one below. */
async function insertCompletedLogTiles(client: Queryable, size: number): Promise<void> {
  const source = new LogTreeAt(client, size);
  for (let level = 0, complete = size; complete > 0 && complete % TILE_WIDTH === 0; level++) {
    complete /= TILE_WIDTH;
    const hashes = await source.tile(level, complete - 1);
    const root = tileRows(hashes, nativeSha256).at(-1)!;
    await client.query('INSERT INTO "log_tile" ("level", "index", "hashes", "root") VALUES ($1, $2, $3, $4)', [
      level,
      complete - 1,
      hashes,
      root,
    ]);
  }
}
