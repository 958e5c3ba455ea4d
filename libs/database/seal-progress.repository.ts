import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { PG_POOL } from './pool.js';

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
  /** Sum of the sizes of all batches below number `next`: only newer batches are read again. */
  #total = { records: 0, next: 0 };

  constructor(@Inject(PG_POOL) private readonly pool: pg.Pool) {}

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
    const { next } = this.#total;
    const { rows } = await this.pool.query<{ records: string | null; next: string | null }>({
      name: 'seal-totals',
      text: 'SELECT sum("size") AS "records", max("number") + 1 AS "next" FROM "batch" WHERE "number" >= $1',
      values: [next],
    });
    const { records: more, next: newNext } = rows[0]!;
    // Two calls at once may read the same batches: the later sum is only kept if it goes on where this one began.
    if (newNext !== null && this.#total.next === next) {
      this.#total = { records: this.#total.records + Number(more), next: Number(newNext) };
    }
    return { batches: this.#total.next, records: this.#total.records };
  }
}
