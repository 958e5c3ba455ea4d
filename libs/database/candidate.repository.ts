import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { READ_POOL } from './pool.js';

/** Bytes of a candidate: the first 8 of a digest that was registered, as far as the indexes hold it, and the 16 of the id of the record that carries it. Places in the
 * order of candidates are written alike; the one before every record under a beginning has an id of zeros. */
export const CANDIDATE_BYTES = 24;

/** Of those, the bytes of the digest. */
export const START_BYTES = 8;

/** One run of one digest index. The limit stands in every branch: what a page costs does not depend on how many more there are. */
const branch = (column: string, more = ''): string =>
  `(SELECT substring(${column}, 1, 8) AS "start", "id" FROM "record" WHERE (substring(${column}, 1, 8), "id") > ($1::bytea, $2::uuid)
    AND substring(${column}, 1, 8) <= $3::bytea ${more} ORDER BY substring(${column}, 1, 8), "id" LIMIT $4)`;

/** Reads candidates in order, as one value: first bytes and id of the place before the first, last of the first bytes, number of candidates. */
export const CANDIDATE_PAGE = `SELECT string_agg("start" || uuid_send("id"), '' ORDER BY "start", "id") AS "candidates" FROM (SELECT "start", "id" FROM (
  ${branch('"digest"')}
  UNION ALL ${branch('"other_digests"[1]', 'AND "other_digests" IS NOT NULL')}
  UNION ALL ${branch('"other_digests"[2]', 'AND "other_digests"[2] IS NOT NULL')}
  UNION ALL ${branch('"other_digests"[3]', 'AND "other_digests"[3] IS NOT NULL')}
) found ORDER BY "start", "id" LIMIT $4) page`;

/** Finds the records whose digests begin alike, whatever algorithm made them. */
@Injectable()
export class CandidateRepository {
  constructor(@Inject(READ_POOL) private readonly pool: pg.Pool) {}

  /** The first `limit` candidates after a place whose first bytes are at most `last`, one after the other. A record with two such digests is there twice. */
  async page(after: Buffer, last: Buffer, limit: number): Promise<Buffer> {
    const { rows } = await this.pool.query<{ candidates: Buffer | null }>({
      name: 'record-candidates',
      text: CANDIDATE_PAGE,
      values: [after.subarray(0, START_BYTES), after.toString('hex', START_BYTES), last, limit],
    });
    return rows[0]!.candidates ?? Buffer.alloc(0);
  }
}
