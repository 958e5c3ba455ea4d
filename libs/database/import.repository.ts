import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { ensurePartitionsOf, isMissingPartition } from './partitions.js';
import { PG_POOL } from './pool.js';
import { DURABLY } from './durability.js';
import { chunkQuery, chunkQueryWith, type NewRecord, OWN_PARAMETER } from './record-insert.js';
import { findHolders, type HolderRow } from './record.repository.js';
import { type NewSuccessor, storeSuccessors } from './successor-lodging.js';
import { inTransaction } from './transaction.js';

/** SQLSTATE of a transaction that was given up because it and another waited for each other. */
const DEADLOCK = '40P01';

/** How long a writer keeps an import to itself without a sign of life, in milliseconds. */
export const LEASE_MS = 10_000;

/** How far an import has come. */
export interface ImportState {
  id: string;
  createdAt: Date;
  /** Lines that were taken. */
  committed: number;
  /** Those of them that were refused. */
  failed: number;
  /** Rolling hash over the groups' lines, 32 bytes; empty before the first. */
  linesHash: Uint8Array;
  /** When lines were last sent. */
  lastAt: Date;
}

/** Lines that were taken together. */
export interface ImportGroup {
  /** Number of its first line, from 0. */
  first: number;
  count: number;
  failed: number;
  /** First 8 bytes of the SHA-256 of each line, concatenated. */
  lineHashes: Uint8Array;
  /** Ids of the lines' records, 16 bytes each, concatenated; zeros for a line that was refused. */
  recordIds: Uint8Array;
  /** JSON array with one element for each line that was refused. */
  problems: string;
  /** Rolling hash up to its last line, 32 bytes. */
  linesHash: Uint8Array;
  /** What a receipt is over, 32 bytes; null when every line was refused. */
  entry: Uint8Array | null;
}

/** Where a writer takes lines. */
export interface Place {
  /** Of the import. */
  id: string;
  writer: string;
  /** Number of the first line. */
  first: number;
}

/** Records of a group of lines: `first` have references that are unique among them, `later` repeat one of these. */
export interface GroupRecords {
  first: NewRecord[];
  later: NewRecord[];
  /** Further ones, which take the places of others; none of the references of the others is among theirs. */
  successors: NewSuccessor[];
}

/** What came of storing a group: `moved` when what its records supersede is not as it was seen, or a reference was taken meanwhile; `lost` when the writer is the
 * writer no more. Nothing is stored then. */
export type GroupOutcome = 'stored' | 'moved' | 'lost';

/** What a group of lines comes to, once it is known which references are taken. */
export type Settle = (taken: ReadonlySet<string>, holders: ReadonlyMap<string, HolderRow>) => ImportGroup;

const STATE =
  '"id", "created_at" AS "createdAt", "committed", "failed", "lines_hash" AS "linesHash", "last_at" AS "lastAt"';
const GROUP = `"first", "count", "failed", "line_hashes" AS "lineHashes", "record_ids" AS "recordIds", "problems", "lines_hash" AS "linesHash", "entry"`;

/** Imports: each line is taken once, by one writer at a time. */
@Injectable()
export class ImportRepository {
  constructor(@Inject(PG_POOL) private readonly pool: pg.Pool) {}

  /** Opens an import under `id` (UUID). */
  async create(id: string, agencyId: number): Promise<ImportState> {
    const text = `INSERT INTO "import" ("id", "agency_id") VALUES ($1, $2) RETURNING ${STATE}`;
    const { rows } = await this.pool.query<StateRow>({ name: 'import-create', text, values: [id, agencyId] });
    return toState(rows[0]!);
  }

  /** The agency's import, or null. */
  async find(id: string, agencyId: number): Promise<ImportState | null> {
    const text = `SELECT ${STATE} FROM "import" WHERE "id" = $1 AND "agency_id" = $2`;
    const { rows } = await this.pool.query<StateRow>({ name: 'import-find', text, values: [id, agencyId] });
    return rows[0] === undefined ? null : toState(rows[0]);
  }

  /** Makes `writer` (UUID) the one writer of the agency's import for {@link LEASE_MS}. Null where there is no such import; milliseconds to wait where
   * another one writes. */
  async acquire(id: string, agencyId: number, writer: string): Promise<ImportState | { busyMs: number } | null> {
    const { rows } = await this.pool.query<StateRow>({
      name: 'import-acquire',
      text: `UPDATE "import" SET "writer" = $3, "writer_until" = ${leaseEnd('$4')}, "last_at" = clock_timestamp()
        WHERE "id" = $1 AND "agency_id" = $2 AND ("writer" IS NULL OR "writer_until" < clock_timestamp()) RETURNING ${STATE}`,
      values: [id, agencyId, writer, LEASE_MS],
    });
    if (rows[0] !== undefined) return toState(rows[0]);
    const { rows: held } = await this.pool.query<{ busyMs: number | null }>({
      name: 'import-busy',
      text: `SELECT extract(epoch FROM "writer_until" - clock_timestamp())::float8 * 1000 AS "busyMs" FROM "import" WHERE "id" = $1 AND "agency_id" = $2`,
      values: [id, agencyId],
    });
    return held[0] === undefined ? null : { busyMs: Math.max(0, held[0].busyMs ?? 0) };
  }

  /** Extends the writer's time. Resolves to false when it is the writer no more. */
  async renew(id: string, writer: string): Promise<boolean> {
    const { rowCount } = await this.pool.query({
      name: 'import-renew',
      text: `UPDATE "import" SET "writer_until" = ${leaseEnd('$3')} WHERE "id" = $1 AND "writer" = $2`,
      values: [id, writer, LEASE_MS],
    });
    return rowCount === 1;
  }

  /** Lets others write. */
  async release(id: string, writer: string): Promise<void> {
    await this.pool.query({
      name: 'import-release',
      text: 'UPDATE "import" SET "writer" = NULL, "writer_until" = NULL WHERE "id" = $1 AND "writer" = $2',
      values: [id, writer],
    });
  }

  /**
   * Stores the records of a group of lines and that the lines from number `first` on were taken, or nothing. References are unique among `records`; what
   * repeats one of them is in `later`. `settle` says what the group comes to when it is known which records (by id) were not stored because their reference
   * is taken, and by which. A crash before the commit leaves nothing, after it everything.
   */
  async commit(place: Place, records: GroupRecords, settle: Settle): Promise<GroupOutcome> {
    try {
      return await this.#commit(place, records, settle);
    } catch (error) {
      if (!isMissingPartition(error)) throw error;
      await ensurePartitionsOf(
        this.pool,
        [...records.first, ...records.successors.map(({ record }) => record)].map(({ id }) => id),
      );
      return this.#commit(place, records, settle);
    }
  }

  async #commit(place: Place, records: GroupRecords, settle: Settle): Promise<GroupOutcome> {
    if (records.successors.length > 0 || records.first.some(({ reference }) => reference !== null))
      return this.#commitDeciding(place, records, settle);
    // Nothing to decide: one round trip.
    const values = groupValues(place, settle(new Set(), new Map()));
    const { rowCount } = await this.pool.query(commitQuery(records.first, values));
    return rowCount === 1 ? 'stored' : 'lost';
  }

  async #commitDeciding(place: Place, records: GroupRecords, settle: Settle): Promise<GroupOutcome> {
    const MOVED = Symbol('moved');
    try {
      return await inTransaction(this.pool, [], (client) => this.#decide(client, place, records, settle, MOVED));
    } catch (error) {
      // Somebody else took references or statuses in another order: his are stored, and these are decided anew.
      if (error === MOVED || (error as { code?: unknown }).code === DEADLOCK) return 'moved';
      throw error;
    }
  }

  async #decide(
    client: pg.PoolClient,
    place: Place,
    records: GroupRecords,
    settle: Settle,
    MOVED: symbol,
  ): Promise<GroupOutcome> {
    const { id, writer, first } = place;
    // Holds the import's row until the commit, so that nobody else takes lines or becomes its writer meanwhile.
    const { rowCount } = await client.query({
      name: 'import-hold',
      text: 'SELECT FROM "import" WHERE "id" = $1 AND "writer" = $2 AND "committed" = $3 FOR UPDATE',
      values: [id, writer, first],
    });
    if (rowCount !== 1) return 'lost';
    const taken = new Set<string>();
    if (records.first.length > 0)
      for (const row of (await client.query<{ id: string }>(chunkQuery(records.first))).rows) taken.add(row.id);
    if (records.successors.length > 0) {
      const refused = await storeSuccessors(client, records.successors);
      if (refused === null || refused.size > 0) throw MOVED;
    }
    const repeats = [...records.first.filter((record) => taken.has(record.id)), ...records.later];
    for (const { id: repeated } of records.later) taken.add(repeated);
    const group = settle(taken, repeats.length === 0 ? new Map() : await findHolders(client, repeats));
    await client.query(commitQuery([], groupValues(place, group)));
    return 'stored';
  }

  /** The group that line `line` was taken with, or null. */
  async groupOf(id: string, line: number): Promise<ImportGroup | null> {
    const text = `SELECT ${GROUP} FROM "import_group" WHERE "import_id" = $1 AND "first" <= $2 ORDER BY "first" DESC LIMIT 1`;
    const { rows } = await this.pool.query<GroupRow>({ name: 'import-group-of', text, values: [id, line] });
    const group = rows[0] && toGroup(rows[0]);
    return group !== undefined && line < group.first + group.count ? group : null;
  }

  /** At most `limit` groups from line `from` on, without what they say of single lines. */
  async groups(id: string, from: number, limit: number): Promise<GroupSummary[]> {
    const { rows } = await this.pool.query<Omit<GroupSummary, 'first'> & { first: string }>({
      name: 'import-groups',
      text: `SELECT "first", "count", "failed", "lines_hash" AS "linesHash", "entry" FROM "import_group" WHERE "import_id" = $1 AND "first" >= $2
        ORDER BY "first" LIMIT $3`,
      values: [id, from, limit],
    });
    return rows.map((row) => ({ ...row, first: Number(row.first) }));
  }

  /** Deletes an import to which no lines were sent for `days`, with its groups; what it has stored stays. @returns whether there was one */
  purge(days: number): Promise<boolean> {
    return inTransaction(this.pool, [], async (client) => {
      // Whoever sends lines now waits, and then finds none; whoever was quicker keeps it.
      const { rows } = await client.query<{ id: string }>(
        `SELECT "id" FROM "import" WHERE "last_at" < clock_timestamp() - make_interval(days => $1)
          AND ("writer" IS NULL OR "writer_until" < clock_timestamp()) LIMIT 1 FOR UPDATE SKIP LOCKED`,
        [days],
      );
      if (rows[0] === undefined) return false;
      await client.query('DELETE FROM "import_group" WHERE "import_id" = $1', [rows[0].id]);
      await client.query('DELETE FROM "import" WHERE "id" = $1', [rows[0].id]);
      return true;
    });
  }

  /** The statements of records, by id (lower-case UUIDs). */
  async statements(ids: readonly string[]): Promise<Map<string, string>> {
    const { rows } = await this.pool.query<{ id: string; statement: string }>({
      name: 'import-statements',
      text: 'SELECT "id", "statement" FROM "record" WHERE "id" = ANY($1::uuid[])',
      values: [ids],
    });
    return new Map(rows.map(({ id, statement }) => [id, statement]));
  }
}

/** A group without what it says of single lines. */
export type GroupSummary = Pick<ImportGroup, 'first' | 'count' | 'failed' | 'linesHash' | 'entry'>;

type StateRow = Omit<ImportState, 'committed' | 'failed'> & { committed: string; failed: string };
type GroupRow = Omit<ImportGroup, 'first'> & { first: string };

/** The parameters of {@link MOVE} and {@link ADD_GROUP}. */
function groupValues({ id, writer, first }: Place, group: ImportGroup): unknown[] {
  const { count, entry, failed, lineHashes, linesHash, problems, recordIds } = group;
  return [id, writer, first, count, failed, lineHashes, recordIds, problems, linesHash, entry, LEASE_MS];
}

const leaseEnd = (milliseconds: string) => `clock_timestamp() + ${milliseconds}::int * interval '1 millisecond'`;

function toState(row: StateRow): ImportState {
  return { ...row, committed: Number(row.committed), failed: Number(row.failed) };
}

function toGroup(row: GroupRow): ImportGroup {
  return { ...row, first: Number(row.first) };
}

const own = (n: number) => `$${OWN_PARAMETER + n}`;

/** Moves the count of the import, if it is as it was seen and its writer still the same. */
const MOVE = `UPDATE "import" SET "committed" = "committed" + ${own(3)}::int, "failed" = "failed" + ${own(4)}::int, "lines_hash" = ${own(8)}::bytea,
  "writer_until" = ${leaseEnd(own(10))}, "last_at" = clock_timestamp() WHERE "id" = ${own(0)}::uuid AND "writer" = ${own(1)}::uuid AND "committed" = ${own(2)}::bigint AND ${DURABLY} RETURNING "id"`;

const ADD_GROUP = `INSERT INTO "import_group" ("import_id", "first", "count", "failed", "line_hashes", "record_ids", "problems", "lines_hash", "entry")
  SELECT "id", ${own(2)}::bigint, ${own(3)}::int, ${own(4)}::int, ${own(5)}::bytea, ${own(6)}::bytea, ${own(7)}::text, ${own(8)}::bytea, ${own(9)}::bytea FROM held`;

/** The statement that stores records (without references) and that their group was taken; it answers with a row, or with none where the import has moved. */
function commitQuery(records: NewRecord[], values: unknown[]): pg.QueryConfig {
  const parts = `held AS (${MOVE}), g AS (${ADD_GROUP})`;
  return chunkQueryWith(records, { name: 'import-commit', parts, last: 'SELECT FROM held', values });
}
