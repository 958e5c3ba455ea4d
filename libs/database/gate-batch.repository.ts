import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { READ_POOL } from './pool.js';

/** What gate packs have of a sealed batch. */
export interface StoredGateBatch {
  number: number;
  /** Ordinal of its first entry. */
  first: number;
  size: number;
  /** The hash over each 256 of its leaves, 32 bytes each, concatenated. */
  subtrees: Uint8Array;
}

/** Reads batches of records that are checked at gates; written only by sealing. */
@Injectable()
export class GateBatchRepository {
  constructor(@Inject(READ_POOL) private readonly pool: pg.Pool) {}

  /** The batches after number `since` (−1: all) up to `number` of which some record was to be checked at `time` or later, ascending. */
  async valid(since: number, number: number, time: Date): Promise<StoredGateBatch[]> {
    const { rows } = await this.pool.query<{ number: string; first: string; size: number; subtrees: Buffer }>({
      name: 'gate-batches-valid',
      text: `SELECT "number", "first", "size", "subtrees" FROM "gate_batch"
        WHERE "gate_until" >= $3 AND "number" > $1 AND "number" <= $2 ORDER BY "number"`,
      values: [since, number, time],
    });
    return rows.map((row) => ({ ...row, number: Number(row.number), first: Number(row.first) }));
  }
}
