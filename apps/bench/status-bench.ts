import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type pg from 'pg';
import { SigningKey } from '#keys/signing-key.js';
import { BatchTreeThread } from '#sealing/batch-tree-thread.js';
import { sealNextBatch } from '#sealing/seal.js';
import { StatusPaths } from '#sealing/status-paths.js';
import type { Figure } from './figure.js';

/** Records that the log is made to have: the sum that its last checkpoint says, not rows. */
const RECORDS = 10_000_000;

/** Batches that so many records take at least. */
const BATCHES = 10;

/** Records whose status changes at once. */
const EVENTS = 100_000;

/** Entries in one chunk row. */
const CHUNK_EVENTS = 1000;

/** Prime, and so far apart that no two of the scattered records stand side by side. */
const STRIDE = 79;

/** REVOKED, as the status vector writes it. */
const REVOKED = 1;

/**
 * From waiting events to a committed batch with their status root, in milliseconds: none, one range, and scattered ones, at ten million
 * records; and what then shows one record's status, in bytes. `pool` is a migrated schema without a log.
 */
export async function benchStatus(pool: pg.Pool): Promise<Figure[]> {
  const key = new SigningKey(generateKeyPairSync('ed25519').privateKey);
  const thread = new BatchTreeThread();
  const seal = async (size: number) => {
    const start = performance.now();
    const batch = await sealNextBatch({
      pool,
      origin: 'bench.example/status',
      key,
      batchMaxRecords: 2 * EVENTS,
      beacon: null,
      now: () => new Date(),
      buildTree: (leaves) => thread.build(leaves),
      applyStatus: (change, parts) => thread.applyStatus(change, parts),
    });
    if (batch?.size !== size) throw new Error(`expected a batch of ${size}, got ${batch?.size ?? 'none'}`);
    return performance.now() - start;
  };
  const plain = () => pool.query('INSERT INTO "chunk" ("record_count", "leaves") VALUES (1, $1)', [randomBytes(32)]);
  const figure = (name: string, ms: number): Figure => ({ name, unit: 'ms', ours: ms, failures: 0 });
  try {
    for (let i = 0; i < BATCHES; i += 1) {
      await plain();
      await seal(1);
    }
    await pool.query('UPDATE "checkpoint" SET "records" = $1 WHERE "size" = $2', [RECORDS, BATCHES]);

    await addEvents(pool, [{ first: RECORDS - 2 * EVENTS, count: EVENTS }]);
    const range = await seal(1);
    await plain();
    const none = await seal(1);
    const scattered = Array.from({ length: EVENTS }, (_, i) => ({ first: i * STRIDE, count: 1 }));
    for (let at = 0; at < EVENTS; at += CHUNK_EVENTS) await addEvents(pool, scattered.slice(at, at + CHUNK_EVENTS));
    const many = await seal(EVENTS);
    const events = EVENTS.toLocaleString('en-US');
    const { rows } = await pool.query<{ size: string; records: string }>(
      'SELECT "size", "records" FROM "checkpoint" ORDER BY "size" DESC LIMIT 1',
    );
    const [size, records] = [Number(rows[0]!.size), Number(rows[0]!.records)];
    const { leaf, path } = await new StatusPaths(pool).find(size - 1, STRIDE, records);
    const bytes = leaf.length + path.reduce((sum, hash) => sum + hash.length, 0);
    return [
      { name: 'status leaf and path of a revoked record at 10^7', unit: 'bytes', ours: bytes, failures: 0 },
      figure('seal one record at 10^7, to a new status root', none),
      figure(`${events} records revoked in one range, to a new status root`, range),
      figure(`${events} scattered records revoked, to a new status root`, many),
    ];
  } finally {
    await thread.close();
  }
}

async function addEvents(pool: pg.Pool, events: { first: number; count: number }[]): Promise<void> {
  await pool.query(
    `WITH c AS (INSERT INTO "chunk" ("record_count", "event_count", "leaves") VALUES ($1, $1, $2) RETURNING "id")
     INSERT INTO "status_event" ("chunk_id", "position", "agency_id", "first_ordinal", "count", "state", "effective_at", "statement")
     SELECT c."id", n - 1, 1, f, k, $3, now(), '{}' FROM c, unnest($4::bigint[], $5::int[]) WITH ORDINALITY AS a(f, k, n)`,
    [
      events.length,
      randomBytes(32 * events.length),
      REVOKED,
      events.map(({ first }) => first),
      events.map(({ count }) => count),
    ],
  );
}
