import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { READ_POOL } from './pool.js';

/** A checkpoint as listed. */
export interface CheckpointSummary {
  size: number;
  /** 32 bytes. */
  root: Uint8Array;
  createdAt: Date;
  /** Entries in all batches that it covers. */
  records: number;
}

/** Lists the signed heads of the log. */
@Injectable()
export class CheckpointListRepository {
  constructor(@Inject(READ_POOL) private readonly pool: pg.Pool) {}

  /** At most `limit` checkpoints below size `before` (null: from the newest), newest first. */
  async list(before: number | null, limit: number): Promise<CheckpointSummary[]> {
    const { rows } = await this.pool.query<{ size: string; root: Buffer; createdAt: Date; records: string }>({
      name: 'checkpoint-list',
      text: `SELECT "size", "root", "created_at" AS "createdAt", "records" FROM "checkpoint"
        WHERE $1::bigint IS NULL OR "size" < $1 ORDER BY "size" DESC LIMIT $2`,
      values: [before, limit],
    });
    return rows.map((row) => ({ ...row, size: Number(row.size), records: Number(row.records) }));
  }
}
