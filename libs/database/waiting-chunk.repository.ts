import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { PG_POOL } from './pool.js';

/** What waits for sealing. */
export interface WaitingChunks {
  /** Number that the next batch will have. */
  nextNumber: number;
  /** Age of the oldest waiting chunk by the database's clock; null when nothing waits. */
  oldestAgeMs: number | null;
  /** Records that wait, counted up to one batch. */
  records: number;
}

/** Looks at what intake has committed and sealing has not taken. */
@Injectable()
export class WaitingChunkRepository {
  constructor(@Inject(PG_POOL) private readonly pool: pg.Pool) {}

  /** What waits now; records are counted only until `enoughRecords` are found. */
  async read(enoughRecords: number): Promise<WaitingChunks> {
    const { rows } = await this.pool.query<{ number: string | null; ageMs: number | null; records: string | null }>({
      name: 'waiting-chunks',
      text: `SELECT (SELECT "size" FROM "log") AS "number",
          extract(epoch FROM clock_timestamp() - min("created_at"))::float8 * 1000 AS "ageMs", sum("record_count") AS "records"
        FROM (SELECT "created_at", "record_count" FROM "chunk" WHERE "batch_number" IS NULL ORDER BY "id" LIMIT $1) AS waiting`,
      values: [enoughRecords],
    });
    const { number, ageMs, records } = rows[0]!;
    return { nextNumber: Number(number ?? 0), oldestAgeMs: ageMs, records: Number(records ?? 0) };
  }
}
