import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { READ_POOL } from './pool.js';

/** A digest that was registered, as far as the indexes hold it, and the record that carries it. */
export interface Candidate {
  /** The first 8 bytes of the digest. */
  start: Buffer;
  /** Lower-case UUID. */
  id: string;
}

/** A place in the order of candidates: by the first bytes of the digest, then by the record's id. */
export type CandidatePlace = Candidate;

/** Before every record. */
export const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** One run of one digest index. The limit stands in every branch: what a page costs does not depend on how many more there are. */
const branch = (column: string, more = ''): string =>
  `(SELECT substring(${column}, 1, 8) AS "start", "id" FROM "record" WHERE (substring(${column}, 1, 8), "id") > ($1::bytea, $2::uuid)
    AND substring(${column}, 1, 8) <= $3::bytea ${more} ORDER BY substring(${column}, 1, 8), "id" LIMIT $4)`;

/** Reads candidates in order: first bytes and id of the place before the first, last of the first bytes, number of candidates. */
export const CANDIDATE_PAGE = `SELECT "start", "id" FROM (
  ${branch('"digest"')}
  UNION ALL ${branch('"other_digests"[1]', 'AND "other_digests" IS NOT NULL')}
  UNION ALL ${branch('"other_digests"[2]', 'AND "other_digests"[2] IS NOT NULL')}
  UNION ALL ${branch('"other_digests"[3]', 'AND "other_digests"[3] IS NOT NULL')}
) found ORDER BY "start", "id" LIMIT $4`;

/** Finds the records whose digests begin alike, whatever algorithm made them. */
@Injectable()
export class CandidateRepository {
  constructor(@Inject(READ_POOL) private readonly pool: pg.Pool) {}

  /** The first `limit` candidates after a place whose first bytes are at most `last`. A record with two such digests is there twice. */
  async page(after: CandidatePlace, last: Buffer, limit: number): Promise<Candidate[]> {
    const { rows } = await this.pool.query<Candidate>({
      name: 'record-candidates',
      text: CANDIDATE_PAGE,
      values: [after.start, after.id, last, limit],
    });
    return rows;
  }
}
