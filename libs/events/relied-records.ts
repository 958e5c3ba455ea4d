import type pg from 'pg';
import type { StatusStatement } from '#statement/status-statement.js';

/** Records on which one agency relies. */
export interface Relied {
  agencyId: number;
  /** Their ids, ascending. */
  records: string[];
  /** Their profiles. */
  profiles: string[];
}

type About = Pick<StatusStatement, 'record' | 'range'>;

const BY_RECORD = `
SELECT k."n", l."agency_id" AS "agencyId", array_agg(DISTINCT l."record_id"::text ORDER BY l."record_id"::text) AS "records", '{}'::text[] AS "profiles"
FROM unnest($1::int[], $2::uuid[]) AS k("n", "id") JOIN "reliance" l ON l."record_id" = k."id" GROUP BY 1, 2`;

/** From the ordinals to their batches, to the chunks in them, to the records in these. */
const BY_RANGE = `
WITH chunks AS MATERIALIZED (
  SELECT c."id", coalesce(p."records", 0) + c."batch_offset" AS "from" FROM "chunk" c LEFT JOIN "checkpoint" p ON p."size" = c."batch_number"
  WHERE c."batch_number" BETWEEN (SELECT max("size") FROM (SELECT 0 AS "size" UNION ALL SELECT "size" FROM "checkpoint" WHERE "records" <= $1) AS b)
      AND (SELECT min("size") FROM "checkpoint" WHERE "records" >= $1::bigint + $2::bigint) - 1
    AND coalesce(p."records", 0) + c."batch_offset" < $1::bigint + $2::bigint
    AND coalesce(p."records", 0) + c."batch_offset" + c."record_count" > $1)
SELECT l."agency_id" AS "agencyId", array_agg(DISTINCT l."record_id"::text ORDER BY l."record_id"::text) AS "records",
  array_agg(DISTINCT r."statement"::json ->> 'profile') AS "profiles"
FROM chunks JOIN "record" r ON r."chunk_id" = chunks."id" AND chunks."from" + r."position" BETWEEN $1 AND $1::bigint + $2::bigint - 1
JOIN "reliance" l ON l."record_id" = r."id" GROUP BY 1 ORDER BY 1`;

/** Who relies on the records of each of these changes, by agency. */
export async function reliedRecords(client: pg.ClientBase, changes: readonly About[]): Promise<Relied[][]> {
  const singles = changes.flatMap(({ record }, n) => (record === undefined ? [] : [{ n, record }]));
  const { rows } = await client.query<Relied & { n: number }>(`${BY_RECORD} ORDER BY 1, 2`, [
    singles.map(({ n }) => n),
    singles.map(({ record }) => record),
  ]);
  const relied = changes.map((): Relied[] => []);
  for (const { n, ...row } of rows) relied[n]!.push(row);
  for (const [n, { range }] of changes.entries()) {
    if (range === undefined) continue;
    relied[n]!.push(...(await client.query<Relied>(BY_RANGE, [range.first, range.count])).rows);
  }
  return relied;
}
