import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { covers } from './covering.js';
import { READ_POOL } from './pool.js';

/** How far a record has come: taken in, in a sealed batch, in a checkpoint that an anchor has confirmed, or that is final there. */
export type RecordStage = 'accepted' | 'sealed' | 'anchored' | 'final';

/** A record that carries a digest. */
export interface RecordHit {
  id: string;
  agencyId: number;
  statement: string;
  stage: RecordStage;
}

/** Some of the records that carry a digest, oldest first. */
export interface RecordHits {
  records: RecordHit[];
  /** Id after which the next page begins; null when there is none. */
  next: string | null;
}

/** Before every record. */
const FIRST = '00000000-0000-0000-0000-000000000000';

/** One page from one digest index. The limit stands in every branch, so that what a page costs does not depend on how many more there are. */
const branch = (column: string, more = ''): string =>
  `(SELECT "id" FROM "record" WHERE substring(${column}, 1, 8) = substring($1::bytea, 1, 8) AND ${column} = $1::bytea ${more}
    AND "id" > $2::uuid ORDER BY "id" LIMIT $3)`;

const COVERING = `SELECT FROM "submission" s WHERE ${covers('s."checkpoint_size"', 'c."batch_number"')}`;

/** Reads one page: the digest, the id before the first record, the number of records. */
export const LOOKUP_PAGE = `WITH hit AS MATERIALIZED (
  SELECT DISTINCT "id" FROM (
    ${branch('"digest"')}
    UNION ALL ${branch('"other_digests"[1]', 'AND "other_digests" IS NOT NULL')}
    UNION ALL ${branch('"other_digests"[2]', 'AND "other_digests"[2] IS NOT NULL')}
    UNION ALL ${branch('"other_digests"[3]', 'AND "other_digests"[3] IS NOT NULL')}
  ) found ORDER BY "id" LIMIT $3
)
SELECT r."id", r."agency_id" AS "agencyId", r."statement", CASE
  WHEN c."batch_number" IS NULL THEN 'accepted'
  WHEN EXISTS (${COVERING} AND s."state" = 'final') THEN 'final'
  WHEN EXISTS (${COVERING} AND s."state" = 'confirmed') THEN 'anchored'
  ELSE 'sealed' END AS "stage"
FROM "record" r JOIN "chunk" c ON c."id" = r."chunk_id" WHERE r."id" = ANY (SELECT "id" FROM hit) ORDER BY r."id"`;

/** Finds records by a digest, for everybody. */
@Injectable()
export class RecordLookupRepository {
  constructor(@Inject(READ_POOL) private readonly pool: pg.Pool) {}

  /** The first `limit` records after id `after` (null: from the first) that carry this digest (lower-case hex) under `algorithm`. A page may
   * hold fewer although there is a next one: the same bytes may stand under another algorithm. */
  async page(algorithm: string, digestHex: string, after: string | null, limit: number): Promise<RecordHits> {
    const { rows } = await this.pool.query<RecordHit>({
      name: 'record-lookup',
      text: LOOKUP_PAGE,
      values: [Buffer.from(digestHex, 'hex'), after ?? FIRST, limit + 1],
    });
    const found = rows.slice(0, limit);
    const records = found.filter(({ statement }) => {
      const { digests } = JSON.parse(statement) as { digests: Record<string, string> };
      return digests[algorithm] === digestHex;
    });
    return { records, next: rows.length > limit ? found.at(-1)!.id : null };
  }

  /** Id of the record that the agency with this domain has under this reference; null when there is none. */
  async byReference(domain: string, reference: string): Promise<string | null> {
    const { rows } = await this.pool.query<{ id: string }>({
      name: 'record-by-reference',
      text: `SELECT r."record_id" AS "id" FROM "record_reference" r JOIN "agency" a ON a."id" = r."agency_id"
        WHERE a."domain" = $1 AND r."reference" = $2`,
      values: [domain, reference],
    });
    return rows[0]?.id ?? null;
  }
}
