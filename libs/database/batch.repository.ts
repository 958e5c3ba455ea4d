import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type pg from 'pg';
import { covers } from './covering.js';
import { READ_POOL } from './pool.js';

/** A sealed batch. */
export interface Batch {
  number: number;
  size: number;
  /** Root of the batch tree, 32 bytes. */
  root: Uint8Array;
  sealedAt: Date;
  /** The bytes that the log hashes for the batch. */
  entry: Uint8Array;
  /** Signed checkpoint of the batch's own tree. */
  checkpoint: string;
  /** The smallest checkpoint of the log that covers the batch. */
  covering: Checkpoint;
}

/** A batch as listed. */
export interface BatchSummary {
  number: number;
  size: number;
  root: Uint8Array;
  sealedAt: Date;
  checkpointSize: number;
}

/** A signed head of the log. */
export interface Checkpoint {
  size: number;
  note: string;
}

/** Batches remembered; they never change. About a kilobyte each. */
const CACHE_BATCHES = 2000;

const COVERING = `JOIN LATERAL (SELECT "size", "note" FROM "checkpoint" WHERE "size" > b."number" ORDER BY "size" LIMIT 1) c ON true`;

/** Reads sealed batches and the log's checkpoints; written only by sealing. */
@Injectable()
export class BatchRepository {
  readonly #batches = new LRUCache<number, Batch>({ max: CACHE_BATCHES });

  constructor(@Inject(READ_POOL) private readonly pool: pg.Pool) {}

  /** The batch, or null when there is none of that number. */
  async find(number: number): Promise<Batch | null> {
    const known = this.#batches.get(number);
    if (known) return known;
    const { rows } = await this.pool.query<
      Omit<Batch, 'number' | 'covering'> & { coveringSize: string; coveringNote: string }
    >({
      name: 'batch-find',
      text: `SELECT b."size", b."root", b."sealed_at" AS "sealedAt", b."entry", b."checkpoint", c."size" AS "coveringSize", c."note" AS "coveringNote"
        FROM "batch" b ${COVERING} WHERE b."number" = $1`,
      values: [number],
    });
    const row = rows[0];
    if (!row) return null;
    const { coveringSize, coveringNote, ...rest } = row;
    const covering = { size: Number(coveringSize), note: coveringNote };
    const batch = { number, ...rest, covering };
    this.#batches.set(number, batch);
    return batch;
  }

  /** At most `limit` batches below number `before` (null: from the newest), newest first. */
  async list(before: number | null, limit: number): Promise<BatchSummary[]> {
    const { rows } = await this.pool.query<
      Omit<BatchSummary, 'number' | 'checkpointSize'> & { number: string; checkpointSize: string }
    >({
      name: 'batch-list',
      text: `SELECT b."number", b."size", b."root", b."sealed_at" AS "sealedAt", c."size" AS "checkpointSize"
        FROM "batch" b ${COVERING} WHERE $1::bigint IS NULL OR b."number" < $1 ORDER BY b."number" DESC LIMIT $2`,
      values: [before, limit],
    });
    return rows.map((row) => ({ ...row, number: Number(row.number), checkpointSize: Number(row.checkpointSize) }));
  }

  /** Log entries of `count` batches from number `from`; fewer when the log ends before. */
  async entries(from: number, count: number): Promise<Uint8Array[]> {
    const { rows } = await this.pool.query<{ entry: Uint8Array }>(
      'SELECT "entry" FROM "batch" WHERE "number" >= $1 AND "number" < $2 ORDER BY "number"',
      [from, from + count],
    );
    return rows.map(({ entry }) => entry);
  }

  /** The checkpoint of exactly this size, or null. */
  async checkpoint(size: number): Promise<Checkpoint | null> {
    const { rows } = await this.pool.query<{ note: string }>('SELECT "note" FROM "checkpoint" WHERE "size" = $1', [
      size,
    ]);
    return rows[0] ? { size, note: rows[0].note } : null;
  }

  /** The newest checkpoint, or null before the first batch. */
  async newestCheckpoint(): Promise<Checkpoint | null> {
    const { rows } = await this.pool.query<{ size: string; note: string }>({
      name: 'checkpoint-newest',
      text: 'SELECT "size", "note" FROM "checkpoint" ORDER BY "size" DESC LIMIT 1',
    });
    return rows[0] ? { size: Number(rows[0].size), note: rows[0].note } : null;
  }

  /** The newest checkpoint of the log that batch `number` is in: not the newest of all, when that log has ended and another follows it. */
  async newestCheckpointOf(number: number): Promise<Checkpoint | null> {
    const { rows } = await this.pool.query<{ size: string; note: string }>({
      name: 'checkpoint-newest-of',
      text: `SELECT "size", "note" FROM "checkpoint" WHERE ${covers('"size"', '$1')} ORDER BY "size" DESC LIMIT 1`,
      values: [number],
    });
    return rows[0] ? { size: Number(rows[0].size), note: rows[0].note } : null;
  }

  /** The newest checkpoint of the log of batch `number` whose last batch was closed at `time` or before, and covers that batch; `followed` when
   * a later batch is in that log, so that no other answer will come. */
  async checkpointAsOf(number: number, time: Date): Promise<(Checkpoint & { followed: boolean }) | null> {
    const { rows } = await this.pool.query<{ size: string; note: string; followed: boolean }>({
      name: 'checkpoint-as-of',
      text: `SELECT c."size", c."note", EXISTS (SELECT FROM "checkpoint" n WHERE n."size" = c."size" + 1) AS "followed"
        FROM (SELECT "number" + 1 AS "size" FROM "batch" WHERE "sealed_at" <= $2 AND "number" >= $1 AND "number" < log_end($1)
          ORDER BY "sealed_at" DESC, "number" DESC LIMIT 1) b JOIN "checkpoint" c ON c."size" = b."size"`,
      values: [number, time],
    });
    return rows[0] ? { ...rows[0], size: Number(rows[0].size) } : null;
  }
}
