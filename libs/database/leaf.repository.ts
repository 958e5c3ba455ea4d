import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { READ_POOL } from './pool.js';

/** Hashes in a complete tile of a batch. */
const TILE_WIDTH = 256;
const HASH_BYTES = 32;

/** Reads leaves of the log by their ordinals, over all batches; written only by sealing. */
@Injectable()
export class LeafRepository {
  constructor(@Inject(READ_POOL) private readonly pool: Pick<pg.Pool, 'query'>) {}

  /** The leaf hashes, 32 bytes each, of ordinals `from` up to, not including, `to`, as many as are sealed. */
  async read(from: number, to: number): Promise<Uint8Array> {
    const { rows } = await this.pool.query<{ first: string; hashes: Buffer }>({
      name: 'public-leaves',
      text: `SELECT b."first" + ${TILE_WIDTH} * t."index"::bigint AS "first", t."hashes" FROM (
          SELECT b."number", c."records" - b."size" AS "first" FROM "checkpoint" c JOIN "batch" b ON b."number" = c."size" - 1
          WHERE c."records" > $1 AND c."records" <= coalesce((SELECT min("records") FROM "checkpoint" WHERE "records" >= $2), $2)) AS b
        JOIN "batch_tile" t ON t."batch_number" = b."number" AND t."level" = 0
          AND t."index" BETWEEN greatest(0, $1 - b."first") / ${TILE_WIDTH} AND ($2 - 1 - b."first") / ${TILE_WIDTH}
        ORDER BY 1`,
      values: [from, to],
    });
    return Buffer.concat(
      rows.map(({ first: text, hashes }) => {
        const first = Number(text);
        return hashes.subarray(Math.max(0, from - first) * HASH_BYTES, (to - first) * HASH_BYTES);
      }),
    );
  }
}
