import { Inject, Injectable, Logger } from '@nestjs/common';
import pg from 'pg';
import { covers } from './covering.js';
import { chunkQuery, type NewRecord } from './record-insert.js';
import { ensurePartitionsOf, isMissingPartition } from './partitions.js';
import { PG_POOL } from './pool.js';

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

/** Times that an uncertain commit is looked for afterwards, and the pause before each, in milliseconds. */
const OUTCOME_LOOKS_MS = [50, 200, 1000];

const RECORD_COLUMNS = `
SELECT r."id", r."agency_id" AS "agencyId", r."statement", c."batch_number" AS "batchNumber", b."size" AS "batchSize",
  b."sealed_at" AS "sealedAt", c."batch_offset" + r."position" AS "index",
  EXISTS (SELECT FROM "submission" s WHERE ${covers('s."checkpoint_size"', 'c."batch_number"')}
    AND s."state" IN ('confirmed', 'final')) AS "anchored"
FROM "record" r JOIN "chunk" c ON c."id" = r."chunk_id" LEFT JOIN "batch" b ON b."number" = c."batch_number"`;

/** Accepted records. Everything in here is one statement or one short transaction; rows are never updated. */
@Injectable()
export class RecordRepository {
  readonly #logger = new Logger('partitions');

  constructor(@Inject(PG_POOL) private readonly pool: pg.Pool) {}

  /** Stores records and their chunks (at most `chunkRecords` leaves each) in one transaction. References must be unique within `records`.
   * @returns ids of the records that were not stored because their reference is taken
   * @throws RecordStoreError */
  async insert(records: NewRecord[], chunkRecords: number): Promise<Set<string>> {
    try {
      return await this.insertOnce(records, chunkRecords);
    } catch (error) {
      if (!(error instanceof RecordStoreError && isMissingPartition(error.cause))) throw error;
      await this.makePartitions(records);
      return this.insertOnce(records, chunkRecords);
    }
  }

  /** Partitions are made ahead of time; where they are not, a clock has jumped, or nobody could make them. */
  private async makePartitions(records: NewRecord[]): Promise<void> {
    try {
      const made = await ensurePartitionsOf(
        this.pool,
        records.map(({ id }) => id),
      );
      if (made.length > 0)
        this.#logger.warn(`no partition was there for records received now; made ${made.join(', ')}`);
    } catch (cause) {
      const message = `Storing records: there is no partition for their time, and making one failed: ${(cause as Error).message}`;
      throw new RecordStoreError('not-stored', message, { cause });
    }
  }

  private async insertOnce(records: NewRecord[], chunkRecords: number): Promise<Set<string>> {
    // Records for gates have chunks of their own: the batches of all others need not be as small as theirs.
    const gate = records.filter(({ gateUntil }) => gateUntil !== null);
    const others = gate.length === 0 ? records : records.filter(({ gateUntil }) => gateUntil === null);
    const chunks = [gate, others]
      .filter((kind) => kind.length > 0)
      .flatMap((kind) => slices(kind, chunkRecords))
      .map(chunkQuery);
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
      // The server said no and goes on serving the connection: nothing was stored. Anything else (a broken connection, a terminated
      // backend, a server that goes down over a full disk) leaves the outcome open.
      if (cause instanceof pg.DatabaseError && (await isServed(client)))
        throw new RecordStoreError('not-stored', `Storing records: ${cause.message}`, { cause });
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
    const stored = await this.existing(ids);
    return new Set(ids.filter((id) => !stored.has(id)));
  }

  /** The records that hold these references, keyed by {@link referenceKey}. */
  holders(references: readonly ReferenceOf[]): Promise<Map<string, HolderRow>> {
    return findHolders(this.pool, references);
  }

  /** Those of these ids (lower-case UUIDs) of which there is a record. */
  async existing(ids: readonly string[]): Promise<Set<string>> {
    const text = 'SELECT "id" FROM "record" WHERE "id" = ANY($1::uuid[])';
    const { rows } = await this.pool.query<{ id: string }>({ name: 'record-existing', text, values: [ids] });
    return new Set(rows.map(({ id }) => id));
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
}

/** A record that holds a reference. */
export interface HolderRow {
  id: string;
  /** Canonical JSON. */
  statement: string;
}

type ReferenceOf = Pick<NewRecord, 'agencyId' | 'reference'>;

/** The records that hold these references, keyed by {@link referenceKey}. */
export async function findHolders(
  pool: Pick<pg.Pool, 'query'>,
  references: readonly ReferenceOf[],
): Promise<Map<string, HolderRow>> {
  const { rows } = await pool.query<{ agencyId: number; reference: string } & HolderRow>({
    name: 'record-holders',
    text: `SELECT rr."agency_id" AS "agencyId", rr."reference", r."id", r."statement"
      FROM unnest($1::int[], $2::text[]) AS k(agency_id, reference)
      JOIN "record_reference" rr ON rr."agency_id" = k.agency_id AND rr."reference" = k.reference
      JOIN "record" r ON r."id" = rr."record_id"`,
    values: [references.map((key) => key.agencyId), references.map((key) => key.reference)],
  });
  return new Map(rows.map(({ agencyId, reference, ...holder }) => [referenceKey(agencyId, reference), holder]));
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

/** Whether the server still serves this connection; it is outside any transaction then. */
async function isServed(client: pg.PoolClient): Promise<boolean> {
  return client.query('ROLLBACK').then(
    () => true,
    () => false,
  );
}
