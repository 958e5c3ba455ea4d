import type pg from 'pg';
import { DURABLY } from './durability.js';

/** A record that is ready to be committed. Hex members go to PostgreSQL as they are: decoding them twice would cost more than the insert. */
export interface NewRecord {
  /** UUIDv7. */
  id: string;
  agencyId: number;
  /** Primary digest, lower-case hex. */
  digestHex: string;
  /** Further digests of the same document, lower-case hex; null when there are none. */
  otherDigestsHex: string[] | null;
  /** Canonical JSON, one line. */
  statement: string;
  /** Leaf hash, 64 characters of hex. */
  leafHex: string;
  /** The agency's own reference; null when it gave none. */
  reference: string | null;
  /** Until when the record is checked at gates, as a time or `infinity`; null when it is not. */
  gateUntil: string | null;
}

// Statements travel as one text, split by newlines in the server: canonical JSON has none, and no quoting of array elements is needed.
const ITEMS = `unnest($1::uuid[], $2::int[], $3::bytea[], string_to_array($4, E'\\n'), string_to_array($5, E'\\n', ''))`;

/** One chunk, for the first row of a table or none. */
const insertChunk = (
  from: string,
) => `INSERT INTO "chunk" ("record_count", "leaves", "gate_until", "agency_ids", "agency_entries")
  SELECT $8::int, $6::bytea, $7::timestamptz, $9::int[], $10::int[] ${from} WHERE $8 > 0 AND ${DURABLY} RETURNING "id"`;

/** The records of the chunk `c`. */
const INSERT_RECORDS = `INSERT INTO "record" ("id", "agency_id", "chunk_id", "position", "digest", "other_digests", "statement")
SELECT i.id, i.agency_id, c."id", i.ord - 1, i.digest, i.others::bytea[], i.statement
FROM c, ${ITEMS} WITH ORDINALITY AS i(id, agency_id, digest, statement, others, ord)`;

/** One chunk and its records; nothing to decide, so one round trip and no explicit transaction. */
const INSERT_CHUNK = `WITH c AS (${insertChunk('')}) ${INSERT_RECORDS}`;

/** The same with references: a record whose reference is taken gets no leaf and is named in the answer. References are claimed in one order
 * everywhere, so that two groups never wait for each other. */
const INSERT_CHUNK_CLAIMING = `
WITH i AS MATERIALIZED (
  SELECT i.*, substring($6::bytea FROM (32 * i.ord - 31)::int FOR 32) AS leaf, reference
  FROM ${ITEMS} WITH ORDINALITY AS i(id, agency_id, digest, statement, others, ord)
  LEFT JOIN unnest($8::int[], $9::text[]) AS r(ord, reference) USING (ord)
), claimed AS (
  INSERT INTO "record_reference" ("agency_id", "reference", "record_id")
  SELECT agency_id, reference, id FROM i WHERE reference IS NOT NULL ORDER BY agency_id, reference
  ON CONFLICT DO NOTHING RETURNING "record_id"
), winner AS MATERIALIZED (
  SELECT i.*, row_number() OVER (ORDER BY ord) - 1 AS position FROM i
  WHERE reference IS NULL OR id IN (SELECT "record_id" FROM claimed)
), c AS (
  INSERT INTO "chunk" ("record_count", "leaves", "gate_until", "agency_ids", "agency_entries")
  SELECT count(*), string_agg(leaf, ''::bytea ORDER BY ord), $7::timestamptz,
    ARRAY(SELECT agency_id FROM winner GROUP BY 1 ORDER BY 1), ARRAY(SELECT count(*)::int FROM winner GROUP BY agency_id ORDER BY agency_id)
  FROM winner HAVING count(*) > 0 AND ${DURABLY} RETURNING "id"
), stored AS (
  INSERT INTO "record" ("id", "agency_id", "chunk_id", "position", "digest", "other_digests", "statement")
  SELECT w.id, w.agency_id, c."id", w.position, w.digest, w.others::bytea[], w.statement FROM c, winner w
)
SELECT id FROM i WHERE reference IS NOT NULL AND id NOT IN (SELECT "record_id" FROM claimed)`;

/** The statement that stores one chunk. */
export function chunkQuery(records: NewRecord[]): pg.QueryConfig {
  const { references, shared, referenced, counted } = chunkValues(records);
  return references.length === 0
    ? { name: 'record-insert', text: INSERT_CHUNK, values: [...shared, ...counted] }
    : { name: 'record-insert-claiming', text: INSERT_CHUNK_CLAIMING, values: [...shared, referenced, references] };
}

/** First parameter of one's own in a {@link chunkQueryWith}. */
export const OWN_PARAMETER = 11;

/** A statement that stores one chunk of records without references if its part `held` has a row, and does what its other `parts` say; `last` is what it
 * answers. */
export function chunkQueryWith(
  records: NewRecord[],
  { last, name, parts, values }: { name: string; parts: string; last: string; values: unknown[] },
): pg.QueryConfig {
  const { counted, shared } = chunkValues(records);
  const text = `WITH ${parts}, c AS (${insertChunk('FROM held')}), stored AS (${INSERT_RECORDS}) ${last}`;
  return { name, text, values: [...shared, ...counted, ...values] };
}

/** The parameters of a statement: $1 to $7, and $8 to $10 of one without references. Array literals are joined by hand: hex, UUIDs and integers need no quoting. */
function chunkValues(records: readonly NewRecord[]) {
  const leaves = Buffer.allocUnsafe(records.length * 32);
  let ids = '';
  let agencies = '';
  let digests = '';
  let statements = '';
  let others = '';
  let gateUntil: string | null = null;
  const entries = new Map<number, number>();
  const referenced: number[] = [];
  const references: string[] = [];
  for (const [i, record] of records.entries()) {
    const comma = i === 0 ? '' : ',';
    const newline = i === 0 ? '' : '\n';
    leaves.write(record.leafHex, i * 32, 'hex');
    ids += comma + record.id;
    agencies += comma + record.agencyId;
    entries.set(record.agencyId, (entries.get(record.agencyId) ?? 0) + 1);
    digests += `${comma}"\\\\x${record.digestHex}"`;
    statements += newline + record.statement;
    others +=
      newline +
      (record.otherDigestsHex === null ? '' : `{${record.otherDigestsHex.map((hex) => `"\\\\x${hex}"`).join(',')}}`);
    gateUntil = laterEnd(gateUntil, record.gateUntil);
    if (record.reference !== null) {
      referenced.push(i + 1);
      references.push(record.reference);
    }
  }
  const shared = [`{${ids}}`, `{${agencies}}`, `{${digests}}`, statements, others, leaves, gateUntil];
  const counted = [records.length, [...entries.keys()], [...entries.values()]];
  return { shared, counted, referenced, references };
}

/** The later of two ends; `infinity` is later than every time, null is none. */
export function laterEnd(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  // Times are in the one form whose text order is the order in time, and digits come before letters.
  return a > b ? a : b;
}
