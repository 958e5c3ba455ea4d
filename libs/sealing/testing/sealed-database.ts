import { createHash, generateKeyPairSync } from 'node:crypto';
import type pg from 'pg';
import { SigningKey } from '#keys/signing-key.js';
import { verifyConsistency } from '#merkle/consistency.js';
import { EMPTY_ROOT, leafHash } from '#merkle/hash.js';
import { buildTiles } from '#merkle/tree-levels.js';
import { batchOrigin, parseBatchEntry } from '#statement/batch-entry.js';
import { formatStatusEntry } from '#statement/status-entry.js';
import type { StatusEvent } from '#status/event.js';
import { FullTree } from '#status/testing/full-tree.js';
import { applyStatusChange } from '#status/update.js';
import { parseCheckpoint } from '#tlog/checkpoint.js';
import { parseNote, verifyNote } from '#tlog/note.js';
import { parseVerifierKey } from '#tlog/verifier-key.js';
import { buildBatchTree } from '../batch-tree.js';
import { packUpdate } from '../status-packing.js';
import { LogTreeAt } from '../log-tree.js';
import { nativeSha256Into } from '../native-sha256.js';
import type { SealDeps } from '../seal.js';
import { consistencyPath } from '#merkle/tile.js';

export const ORIGIN = 'log.example/test';

/** A new Ed25519 key. */
export function testKey(): SigningKey {
  return new SigningKey(generateKeyPairSync('ed25519').privateKey);
}

/** What sealing needs, on `pool`, with small batches. */
export function sealDeps(pool: SealDeps['pool'], key: SealDeps['key'], changes: Partial<SealDeps> = {}): SealDeps {
  return {
    pool,
    origin: ORIGIN,
    key,
    batchMaxRecords: 100,
    beacon: null,
    now: () => new Date('2026-01-02T03:04:05.678Z'),
    buildTree: async (leaves) => buildBatchTree(leaves),
    applyStatus: async (change, parts) => packUpdate(applyStatusChange(change, parts)),
    ...changes,
  };
}

/** `count` leaf hashes that `seed` decides, concatenated. */
export function testLeaves(seed: string, count: number): Buffer {
  return Buffer.concat(Array.from({ length: count }, (_, i) => createHash('sha256').update(`${seed}/${i}`).digest()));
}

/** Adds a chunk of `count` leaves, as intake does; returns its id. */
export async function addChunk(
  pool: pg.Pool,
  count: number,
  seed = `${Math.random()}`,
  gateUntil: string | null = null,
): Promise<string> {
  const { rows } = await pool.query<{ id: string }>(
    'INSERT INTO "chunk" ("record_count", "leaves", "gate_until") VALUES ($1, $2, $3) RETURNING "id"',
    [count, testLeaves(seed, count), gateUntil],
  );
  return rows[0]!.id;
}

/** Everything the log promised, recomputed from the stored leaves alone; throws when any of it does not hold. Returns the size of the log. */
export async function assertLog(pool: pg.Pool, key: SigningKey): Promise<number> {
  const fail = (what: string) => {
    throw new Error(what);
  };
  const [log] = (await pool.query('SELECT * FROM "log"')).rows;
  const size = Number(log?.size ?? 0);
  const batches = (await pool.query('SELECT * FROM "batch" ORDER BY "number"')).rows;
  if (batches.length !== size) fail(`log of ${size} has ${batches.length} batches`);
  const status = new FullTree();
  for (const [number, batch] of batches.entries()) {
    if (Number(batch.number) !== number) fail(`batch ${number} is missing`);
    const chunks = (
      await pool.query('SELECT * FROM "chunk" WHERE "batch_number" = $1 ORDER BY "batch_offset"', [number])
    ).rows;
    let offset = 0;
    for (const chunk of chunks) {
      if (chunk.batch_offset !== offset) fail(`chunk ${chunk.id} stands at ${chunk.batch_offset}, expected ${offset}`);
      offset += chunk.record_count;
    }
    const leaves = Buffer.concat(chunks.map((chunk) => chunk.leaves));
    const { root, tiles } = buildTiles(leaves, nativeSha256Into);
    const entry = parseBatchEntry(batch.entry);
    if (offset !== batch.size || entry.size !== offset || entry.number !== number || entry.origin !== ORIGIN)
      fail(`batch ${number}: size`);
    if (entry.first !== status.records) fail(`batch ${number}: first`);
    status.add(entry.first + offset, await eventsOf(pool, number, entry.first));
    if (!Buffer.from(entry.statusRoot).equals(status.root())) fail(`batch ${number}: status root`);
    if (!batch.root.equals(root) || !Buffer.from(entry.root).equals(root)) fail(`batch ${number}: root`);
    if (!batch.leaf_hash.equals(leafHash(batch.entry))) fail(`batch ${number}: leaf hash`);
    if (batch.sealed_at.toISOString() !== entry.sealedAt) fail(`batch ${number}: time`);
    const stored = (
      await pool.query(
        'SELECT "level", "index", "hashes" FROM "batch_tile" WHERE "batch_number" = $1 ORDER BY "level", "index"',
        [number],
      )
    ).rows;
    if (stored.length !== tiles.length || !tiles.every((tile, i) => stored[i].hashes.equals(tile.hashes)))
      fail(`batch ${number}: tiles`);
    const own = readNote(batch.checkpoint, key, batchOrigin(ORIGIN, number));
    if (own.size !== offset || !Buffer.from(own.root).equals(root)) fail(`batch ${number}: checkpoint`);
  }
  const all = Buffer.concat(batches.map((batch) => batch.leaf_hash));
  const rootAt = (at: number) => (at === 0 ? EMPTY_ROOT : buildTiles(all.subarray(0, at * 32), nativeSha256Into).root);
  const checkpoints = (await pool.query('SELECT * FROM "checkpoint" ORDER BY "size"')).rows;
  if (checkpoints.length !== size) fail(`log of ${size} has ${checkpoints.length} checkpoints`);
  for (const [i, checkpoint] of checkpoints.entries()) {
    const signed = readNote(checkpoint.note, key, ORIGIN);
    if (
      signed.size !== i + 1 ||
      !Buffer.from(signed.root).equals(rootAt(i + 1)) ||
      !checkpoint.root.equals(rootAt(i + 1))
    )
      fail(`checkpoint ${i + 1}`);
    const path = await consistencyPath(i, i + 1, new LogTreeAt(pool, i + 1));
    if (!verifyConsistency({ size1: i, root1: rootAt(i), size2: i + 1, root2: rootAt(i + 1), path }))
      fail(`consistency to ${i + 1}`);
  }
  if (size > 0 && !log.root.equals(rootAt(size))) fail('root of the log');
  const orphans = await pool.query('SELECT 1 FROM "batch_tile" WHERE "batch_number" >= $1', [size]);
  if (orphans.rowCount !== 0) fail('tiles of no batch');
  return size;
}

/** The status events of a batch in order. */
async function eventsOf(pool: pg.Pool, number: number, first: number): Promise<StatusEvent[]> {
  const { rows } = await pool.query(
    `SELECT c."batch_offset" + e."position" AS "index", e.* FROM "chunk" c JOIN "status_event" e ON e."chunk_id" = c."id"
     WHERE c."batch_number" = $1 ORDER BY "index"`,
    [number],
  );
  return rows.map((row) => ({
    ordinal: first + row.index,
    first: Number(row.first_ordinal),
    count: row.count,
    state: row.state,
    previous: row.previous === null ? null : Number(row.previous),
  }));
}

/** Adds a chunk of status events as intake does, with the leaves of their entries, but without asking whether they are allowed. */
export async function addEvents(pool: pg.Pool, events: readonly Omit<StatusEvent, 'ordinal'>[]): Promise<string> {
  const effectiveAt = new Date();
  const statements = events.map(() => `{"test":${Math.random()}}`);
  const leaves = events.map((event, i) =>
    leafHash(
      formatStatusEntry({
        ...event,
        effectiveAtMs: effectiveAt.getTime(),
        statementHash: createHash('sha256').update(statements[i]!).digest(),
      }),
    ),
  );
  const { rows } = await pool.query<{ id: string }>(
    `WITH c AS (INSERT INTO "chunk" ("record_count", "event_count", "leaves") VALUES ($1, $1, $2) RETURNING "id"), e AS (
       INSERT INTO "status_event" ("chunk_id", "position", "agency_id", "first_ordinal", "count", "state", "effective_at", "previous", "statement")
       SELECT c."id", n - 1, 1, f, k, s, $7, p, t FROM c, unnest($3::bigint[], $4::int[], $5::smallint[], $6::bigint[], $8::text[]) WITH ORDINALITY AS a(f, k, s, p, t, n))
     SELECT "id" FROM c`,
    [
      events.length,
      Buffer.concat(leaves),
      events.map(({ first }) => first),
      events.map(({ count }) => count),
      events.map(({ state }) => state),
      events.map(({ previous }) => previous),
      effectiveAt,
      statements,
    ],
  );
  return rows[0]!.id;
}

function readNote(text: string, key: SigningKey, origin: string) {
  const note = parseNote(text);
  if (verifyNote(note, [parseVerifierKey(key.verifierKey(origin))]).verified.length !== 1)
    throw new Error(`note of ${origin} does not verify`);
  const checkpoint = parseCheckpoint(note.text);
  if (checkpoint.origin !== origin) throw new Error(`note of ${origin} says ${checkpoint.origin}`);
  return checkpoint;
}
