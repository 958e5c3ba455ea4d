import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { READ_POOL } from './pool.js';

/** How far sealing is. */
export interface SealProgress {
  /** Age of the oldest record that waits for sealing, by the database's clock; null when none waits. */
  oldestUnsealedAgeSeconds: number | null;
  /** When the newest batch was sealed; null before the first. */
  lastSealedAt: Date | null;
}

/** Reads how far sealing is. */
@Injectable()
export class SealProgressRepository {
  constructor(@Inject(READ_POOL) private readonly pool: pg.Pool) {}

  /** @throws when the database cannot be reached: this is also the check that it can */
  async read(): Promise<SealProgress> {
    const { rows } = await this.pool.query<SealProgress>({
      name: 'seal-progress',
      text: `SELECT
        (SELECT extract(epoch FROM clock_timestamp() - "created_at")::float8 FROM "chunk" WHERE "batch_number" IS NULL ORDER BY "id" LIMIT 1)
          AS "oldestUnsealedAgeSeconds",
        (SELECT "sealed_at" FROM "batch" ORDER BY "number" DESC LIMIT 1) AS "lastSealedAt"`,
    });
    return rows[0]!;
  }

  /** Number of batches and of the records in them. */
  async totals(): Promise<{ batches: number; records: number }> {
    const { rows } = await this.pool.query<{ batches: string; records: string }>({
      name: 'seal-totals',
      text: 'SELECT "size" AS "batches", "records" FROM "checkpoint" ORDER BY "size" DESC LIMIT 1',
    });
    const [newest] = rows;
    return { batches: Number(newest?.batches ?? 0), records: Number(newest?.records ?? 0) };
  }
}
