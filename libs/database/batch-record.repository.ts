import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { READ_POOL } from './pool.js';

/** The records of a batch, by whose they are. */
@Injectable()
export class BatchRecordRepository {
  constructor(@Inject(READ_POOL) private readonly pool: pg.Pool) {}

  /** Ids of the agency's records in a batch, in the order of their leaves: a page for each chunk that has any. */
  async *idsOf(batch: number, agencyId: number): AsyncGenerator<string[]> {
    const { rows: chunks } = await this.pool.query<{ id: string }>({
      name: 'batch-chunks',
      text: 'SELECT "id" FROM "chunk" WHERE "batch_number" = $1 ORDER BY "batch_offset"',
      values: [batch],
    });
    for (const { id: chunk } of chunks) {
      const { rows } = await this.pool.query<{ id: string }>({
        name: 'batch-records',
        text: 'SELECT "id" FROM "record" WHERE "chunk_id" = $1 AND "agency_id" = $2 ORDER BY "position"',
        values: [chunk, agencyId],
      });
      if (rows.length > 0) yield rows.map(({ id }) => id);
    }
  }
}
