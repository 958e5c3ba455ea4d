import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { READ_POOL } from './pool.js';

/** A leaf of the status vector as it was after some batch. */
export interface StoredStatusLeaf {
  index: number;
  /** 40 to 544 bytes: only leaves in which something was touched are stored. */
  bytes: Uint8Array;
}

/** Reads many leaves of the status vector at once. */
@Injectable()
export class StatusLeafRepository {
  constructor(@Inject(READ_POOL) private readonly pool: pg.Pool) {}

  /** The leaves as they are after batch `number` that were touched after batch `since` (−1: ever), ascending. */
  async changed(since: number, number: number): Promise<StoredStatusLeaf[]> {
    return this.#read({
      name: 'status-leaves-changed',
      text: `SELECT DISTINCT ON ("index") "index", "bytes" FROM "status_leaf" WHERE "batch_number" > $1 AND "batch_number" <= $2
        ORDER BY "index", "batch_number" DESC`,
      values: [since, number],
    });
  }

  /** The touched leaves from index `from` up to, not including, `to` as they are after batch `number`, ascending. */
  async range(from: number, to: number, number: number): Promise<StoredStatusLeaf[]> {
    return this.#read({
      name: 'status-leaves-range',
      text: `SELECT DISTINCT ON ("index") "index", "bytes" FROM "status_leaf" WHERE "index" >= $1 AND "index" < $2 AND "batch_number" <= $3
        ORDER BY "index", "batch_number" DESC`,
      values: [from, to, number],
    });
  }

  async #read(query: pg.QueryConfig): Promise<StoredStatusLeaf[]> {
    const { rows } = await this.pool.query<{ index: string; bytes: Buffer }>(query);
    return rows.map(({ index, bytes }) => ({ index: Number(index), bytes }));
  }
}
