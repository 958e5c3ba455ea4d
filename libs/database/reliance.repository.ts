import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { DURABLY } from './durability.js';
import { PG_POOL } from './pool.js';

/** A reliance that is ready to be committed. */
export interface NewReliance {
  agencyId: number;
  /** Lower-case UUID. */
  recordId: string;
  purpose: string;
  /** Canonical JSON. */
  statement: string;
  /** Hash of its entry, 64 characters of hex. */
  leafHex: string;
}

/** The one statement that stores a reliance with a chunk of its own, or nothing when the agency has said so before: with its own signature, or as here without. */
const INSERT = `WITH n AS (SELECT nextval(pg_get_serial_sequence('"chunk"', 'id')) AS "id"), r AS (
  INSERT INTO "reliance" ("chunk_id", "position", "agency_id", "record_id", "purpose", "statement")
  SELECT n."id", 0, $1::int, $2::uuid, $3::text, $4::text FROM n
  WHERE ($4::text::jsonb ? 'agencySignature' OR NOT EXISTS (SELECT FROM "reliance" WHERE "record_id" = $2 AND "agency_id" = $1 AND "purpose" = $3)) AND ${DURABLY}
  ON CONFLICT DO NOTHING RETURNING "chunk_id", "record_id"
), u AS (
  INSERT INTO "usage_relying" ("agency_id", "month", "relying_id")
  SELECT d."agency_id", date_trunc('month', clock_timestamp() AT TIME ZONE 'UTC')::date, $1 FROM r JOIN "record" d ON d."id" = r."record_id" WHERE d."agency_id" <> $1
  ON CONFLICT DO NOTHING
)
INSERT INTO "chunk" ("id", "record_count", "reliance_count", "leaves", "agency_ids", "agency_entries") OVERRIDING SYSTEM VALUE
  SELECT "chunk_id", 1, 1, decode($5, 'hex'), ARRAY[$1::int], '{1}' FROM r`;

/** Which agencies rely on which records. */
@Injectable()
export class RelianceRepository {
  constructor(@Inject(PG_POOL) private readonly pool: pg.Pool) {}

  /** Stores a reliance; resolves to the statement that stands: this one, or the one by which the agency said the same before. What was said without the agency's
   * own signature and comes with one is stored beside it, and stands from then on. */
  async lodge({ agencyId, recordId, purpose, statement, leafHex }: NewReliance): Promise<string> {
    const { rowCount } = await this.pool.query(INSERT, [agencyId, recordId, purpose, statement, leafHex]);
    if (rowCount === 1) return statement;
    const { rows } = await this.pool.query<{ statement: string }>(
      'SELECT "statement" FROM "reliance" WHERE "record_id" = $1 AND "agency_id" = $2 AND "purpose" = $3 ORDER BY "signed" DESC LIMIT 1',
      [recordId, agencyId, purpose],
    );
    if (rows[0] === undefined) throw new Error(`Storing a reliance on ${recordId}: it is neither stored nor there`);
    return rows[0].statement;
  }
}
