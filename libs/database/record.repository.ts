import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { ensurePartitions } from './partitions.js';
import { PG_POOL } from './pool.js';

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
}

/** A stored record and where it stands. */
export interface RecordRow {
  id: string;
  agencyId: number;
  statement: string;
  /** Where the sealed record stands; null before sealing. */
  batch: { number: number; size: number; index: number; sealedAt: Date } | null;
  /** Whether an anchor has confirmed a checkpoint that covers the record. */
  anchored: boolean;
}

/** Why records were not stored, or not surely. */
export class RecordStoreError extends Error {
  constructor(
    /** `not-stored`: surely nothing was stored. `unknown`: the connection broke while the commit was under way. */
    readonly code: 'not-stored' | 'unknown',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'RecordStoreError';
  }
}

/** Most records that a lookup by digest reads; one digest in more records than this is answered with the oldest ones. */
const LOOKUP_LIMIT = 1000;

/** SQLSTATE of a row that fits no partition. */
const CHECK_VIOLATION = '23514';

/** Times that an uncertain commit is looked for afterwards, and the pause before each, in milliseconds. */
const OUTCOME_LOOKS_MS = [50, 200, 1000];

// Statements travel as one text, split by newlines in the server: canonical JSON has none, and no quoting of array elements is needed.
const ITEMS = `unnest($1::uuid[], $2::int[], $3::bytea[], string_to_array($4, E'\\n'), string_to_array($5, E'\\n', ''))`;

/** One chunk and its records; nothing to decide, so one round trip and no explicit transaction. */
const INSERT_CHUNK = `
WITH c AS (INSERT INTO "chunk" ("record_count", "leaves") VALUES ($7, $6) RETURNING "id")
INSERT INTO "record" ("id", "agency_id", "chunk_id", "position", "digest", "other_digests", "statement")
SELECT i.id, i.agency_id, c."id", i.ord - 1, i.digest, i.others::bytea[], i.statement
FROM c, ${ITEMS} WITH ORDINALITY AS i(id, agency_id, digest, statement, others, ord)`;

/** The same with references: a record whose reference is taken gets no leaf and is named in the answer. References are claimed in one order
 * everywhere, so that two groups never wait for each other. */
const INSERT_CHUNK_CLAIMING = `
WITH i AS MATERIALIZED (
  SELECT i.*, substring($6::bytea FROM (32 * i.ord - 31)::int FOR 32) AS leaf, reference
  FROM ${ITEMS} WITH ORDINALITY AS i(id, agency_id, digest, statement, others, ord)
  LEFT JOIN unnest($7::int[], $8::text[]) AS r(ord, reference) USING (ord)
), claimed AS (
  INSERT INTO "record_reference" ("agency_id", "reference", "record_id")
  SELECT agency_id, reference, id FROM i WHERE reference IS NOT NULL ORDER BY agency_id, reference
  ON CONFLICT DO NOTHING RETURNING "record_id"
), winner AS MATERIALIZED (
  SELECT i.*, row_number() OVER (ORDER BY ord) - 1 AS position FROM i
  WHERE reference IS NULL OR id IN (SELECT "record_id" FROM claimed)
), c AS (
  INSERT INTO "chunk" ("record_count", "leaves")
  SELECT count(*), string_agg(leaf, ''::bytea ORDER BY ord) FROM winner HAVING count(*) > 0 RETURNING "id"
), stored AS (
  INSERT INTO "record" ("id", "agency_id", "chunk_id", "position", "digest", "other_digests", "statement")
  SELECT w.id, w.agency_id, c."id", w.position, w.digest, w.others::bytea[], w.statement FROM c, winner w
)
SELECT id FROM i WHERE reference IS NOT NULL AND id NOT IN (SELECT "record_id" FROM claimed)`;

const RECORD_COLUMNS = `
SELECT r."id", r."agency_id" AS "agencyId", r."statement", c."batch_number" AS "batchNumber", b."size" AS "batchSize",
  b."sealed_at" AS "sealedAt", c."batch_offset" + r."position" AS "index",
  EXISTS (SELECT FROM "submission" s WHERE s."checkpoint_size" > c."batch_number" AND s."state" IN ('confirmed', 'final')) AS "anchored"
FROM "record" r JOIN "chunk" c ON c."id" = r."chunk_id" LEFT JOIN "batch" b ON b."number" = c."batch_number"`;

/** Accepted records. Everything in here is one statement or one short transaction; rows are never updated. */
@Injectable()
export class RecordRepository {
  constructor(@Inject(PG_POOL) private readonly pool: pg.Pool) {}

  /** Stores records and their chunks (at most `chunkRecords` leaves each) in one transaction. References must be unique within `records`.
   * @returns ids of the records that were not stored because their reference is taken
   * @throws RecordStoreError */
  async insert(records: NewRecord[], chunkRecords: number): Promise<Set<string>> {
    try {
      return await this.insertOnce(records, chunkRecords);
    } catch (error) {
      if (!isMissingPartition(error)) throw error;
      await ensurePartitions(this.pool, Date.now());
      return this.insertOnce(records, chunkRecords);
    }
  }

  private async insertOnce(records: NewRecord[], chunkRecords: number): Promise<Set<string>> {
    const chunks = slices(records, chunkRecords).map(chunkQuery);
    let client: pg.PoolClient;
    try {
      client = await this.pool.connect();
    } catch (cause) {
      throw new RecordStoreError('not-stored', 'Storing records: no database connection', { cause });
    }
    let broken: Error | undefined;
    try {
      const taken = new Set<string>();
      if (chunks.length > 1) await client.query('BEGIN');
      for (const chunk of chunks)
        for (const row of (await client.query(chunk)).rows) taken.add((row as { id: string }).id);
      if (chunks.length > 1) await client.query('COMMIT');
      return taken;
    } catch (cause) {
      // The server said no: nothing was stored. Anything else (a broken connection, a terminated backend) leaves the outcome open.
      if (isRefusal(cause)) {
        if (chunks.length > 1) await client.query('ROLLBACK').catch((error: Error) => (broken = error));
        throw new RecordStoreError('not-stored', `Storing records: ${cause.message}`, { cause });
      }
      broken = cause as Error;
      if (await this.wasStored(records)) return this.takenReferences(records);
      throw new RecordStoreError('unknown', 'Storing records: the connection broke before the outcome was known', {
        cause,
      });
    } finally {
      client.release(broken);
    }
  }

  /** Whether an uncertain commit turns out to have happened. A negative answer is not final: the old backend may still be at work. */
  private async wasStored(records: NewRecord[]): Promise<boolean> {
    // Records without a reference are stored if the transaction is; with references, any one that is there proves it.
    const ids = records.map((record) => record.id);
    for (const pauseMs of OUTCOME_LOOKS_MS) {
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
      const found = await this.pool
        .query('SELECT FROM "record" WHERE "id" = ANY($1::uuid[]) LIMIT 1', [ids])
        .then((result) => result.rowCount === 1)
        .catch(() => false); // still unreachable: the next look, or the caller's "unknown", follows
      if (found) return true;
    }
    return false;
  }

  private async takenReferences(records: NewRecord[]): Promise<Set<string>> {
    const ids = records.filter((record) => record.reference !== null).map((record) => record.id);
    if (ids.length === 0) return new Set();
    const { rows } = await this.pool.query<{ id: string }>('SELECT "id" FROM "record" WHERE "id" = ANY($1::uuid[])', [
      ids,
    ]);
    const stored = new Set(rows.map((row) => row.id));
    return new Set(ids.filter((id) => !stored.has(id)));
  }

  /** The records that hold these references, keyed by {@link referenceKey}. */
  async holders(
    references: { agencyId: number; reference: string }[],
  ): Promise<Map<string, { id: string; statement: string }>> {
    const { rows } = await this.pool.query<{ agencyId: number; reference: string; id: string; statement: string }>({
      name: 'record-holders',
      text: `SELECT rr."agency_id" AS "agencyId", rr."reference", r."id", r."statement"
        FROM unnest($1::int[], $2::text[]) AS k(agency_id, reference)
        JOIN "record_reference" rr ON rr."agency_id" = k.agency_id AND rr."reference" = k.reference
        JOIN "record" r ON r."id" = rr."record_id"`,
      values: [references.map((key) => key.agencyId), references.map((key) => key.reference)],
    });
    return new Map(
      rows.map((row) => [referenceKey(row.agencyId, row.reference), { id: row.id, statement: row.statement }]),
    );
  }

  /** The record with this id (lower-case UUID), or null. */
  async find(id: string): Promise<RecordRow | null> {
    const { rows } = await this.pool.query<StoredRow>({
      name: 'record-find',
      text: `${RECORD_COLUMNS} WHERE r."id" = $1::uuid`,
      values: [id],
    });
    return rows[0] ? toRecordRow(rows[0]) : null;
  }

  /** The agency's record with this reference, or null. */
  async findByReference(agencyId: number, reference: string): Promise<RecordRow | null> {
    const { rows } = await this.pool.query<{ id: string }>({
      name: 'record-reference',
      text: 'SELECT "record_id" AS "id" FROM "record_reference" WHERE "agency_id" = $1 AND "reference" = $2',
      values: [agencyId, reference],
    });
    return rows[0] ? this.find(rows[0].id) : null;
  }

  /** Every record that carries this digest (lower-case hex) under `algorithm`, oldest first, at most 1,000. */
  async findByDigest(algorithm: string, digestHex: string): Promise<RecordRow[]> {
    // Each partition is probed through its two digest indexes; the ids are sorted afterwards, so that the planner never walks the ids instead.
    const { rows } = await this.pool.query<StoredRow>({
      name: 'record-digest',
      text: `WITH hit AS MATERIALIZED (
          SELECT "id" FROM "record" WHERE substring("digest", 1, 8) = substring($1::bytea, 1, 8) AND "digest" = $1::bytea
          UNION ALL
          SELECT "id" FROM "record" WHERE "other_digests" IS NOT NULL AND "other_digests" @> ARRAY[$1::bytea]
        ), oldest AS MATERIALIZED (SELECT DISTINCT "id" FROM hit ORDER BY "id" LIMIT ${LOOKUP_LIMIT})
        ${RECORD_COLUMNS} WHERE r."id" = ANY (SELECT "id" FROM oldest) ORDER BY r."id"`,
      values: [Buffer.from(digestHex, 'hex')],
    });
    // The same bytes may stand under another algorithm: the statement says which.
    return rows
      .filter(
        (row) => (JSON.parse(row.statement) as { digests: Record<string, string> }).digests[algorithm] === digestHex,
      )
      .map(toRecordRow);
  }
}

/** A key for an agency's reference in maps. */
export function referenceKey(agencyId: number, reference: string): string {
  return `${agencyId}:${reference}`;
}

interface StoredRow {
  id: string;
  agencyId: number;
  statement: string;
  batchNumber: string | null;
  batchSize: number;
  sealedAt: Date;
  index: number;
  anchored: boolean;
}

function toRecordRow(row: StoredRow): RecordRow {
  return {
    id: row.id,
    agencyId: row.agencyId,
    statement: row.statement,
    batch:
      row.batchNumber === null
        ? null
        : { number: Number(row.batchNumber), size: row.batchSize, index: row.index, sealedAt: row.sealedAt },
    anchored: row.anchored,
  };
}

function slices<T>(items: T[], size: number): T[][] {
  if (items.length <= size) return [items];
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}

/** The statement that stores one chunk. Array literals are joined by hand: hex, UUIDs and integers need no quoting. */
function chunkQuery(records: NewRecord[]): pg.QueryConfig {
  const leaves = Buffer.allocUnsafe(records.length * 32);
  let ids = '';
  let agencies = '';
  let digests = '';
  let statements = '';
  let others = '';
  const referenced: number[] = [];
  const references: string[] = [];
  for (const [i, record] of records.entries()) {
    const comma = i === 0 ? '' : ',';
    const newline = i === 0 ? '' : '\n';
    leaves.write(record.leafHex, i * 32, 'hex');
    ids += comma + record.id;
    agencies += comma + record.agencyId;
    digests += `${comma}"\\\\x${record.digestHex}"`;
    statements += newline + record.statement;
    others +=
      newline +
      (record.otherDigestsHex === null ? '' : `{${record.otherDigestsHex.map((hex) => `"\\\\x${hex}"`).join(',')}}`);
    if (record.reference !== null) {
      referenced.push(i + 1);
      references.push(record.reference);
    }
  }
  const shared = [`{${ids}}`, `{${agencies}}`, `{${digests}}`, statements, others, leaves];
  return references.length === 0
    ? { name: 'record-insert', text: INSERT_CHUNK, values: [...shared, records.length] }
    : { name: 'record-insert-claiming', text: INSERT_CHUNK_CLAIMING, values: [...shared, referenced, references] };
}

/** Whether PostgreSQL itself refused the statement, so that nothing of it was stored. */
function isRefusal(error: unknown): error is pg.DatabaseError {
  return error instanceof Error && (error as pg.DatabaseError).severity === 'ERROR';
}

function isMissingPartition(error: unknown): boolean {
  return (
    error instanceof RecordStoreError &&
    (error.cause as pg.DatabaseError).code === CHECK_VIOLATION &&
    /no partition of relation/.test(error.message)
  );
}
