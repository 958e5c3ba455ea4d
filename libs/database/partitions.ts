import type pg from 'pg';

/** Rows after which a partition should end: its digest index (about 30 bytes a row) then stays well inside memory. */
const TARGET_ROWS = 4_000_000;

/** Shortest and longest span of a partition. */
const MIN_SPAN_MS = 60 * 60 * 1000;
const MAX_SPAN_MS = 7 * 24 * 60 * 60 * 1000;

/** Span while nothing is known about the load. */
const FIRST_SPAN_MS = 24 * 60 * 60 * 1000;

/** The made partitions must reach this far beyond now, at least. */
const AHEAD_MS = 2 * 60 * 60 * 1000;

/** Clocks of other processes may be behind by this much when the very first partition is made. */
const BEHIND_MS = 24 * 60 * 60 * 1000;

/** Advisory lock that serialises partition makers. */
const PARTITION_LOCK = 728_374_613;

/** The smallest UUIDv7 of a millisecond: what a partition begins at. */
export function partitionBound(timeMs: number): string {
  const hex = timeMs.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}

/** Time at which a partition bound stands, in milliseconds. */
function boundTimeMs(bound: string): number {
  return Number.parseInt(bound.replaceAll('-', '').slice(0, 12), 16);
}

/** Makes the partitions of `record` that intake will need next. Spans follow the load of the last hour, so that a partition holds about
 * {@link TARGET_ROWS} rows. Safe to run from many processes; costs one query when nothing is due.
 * @returns names of the partitions made */
export async function ensurePartitions(pool: pg.Pool, nowMs: number): Promise<string[]> {
  if ((await partitionsEndMs(pool)) >= nowMs + AHEAD_MS) return [];
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock($1)', [PARTITION_LOCK]);
    const spanMs = await nextSpanMs(client, nowMs);
    const made: string[] = [];
    let endMs = Math.max(await partitionsEndMs(client), nowMs - BEHIND_MS);
    while (endMs < nowMs + AHEAD_MS) {
      const startMs = endMs;
      // A first partition, and one after a pause, begins in the past; it must still reach beyond now.
      endMs = Math.max(startMs + spanMs, nowMs + AHEAD_MS);
      const name = `record_${new Date(startMs).toISOString().replace(/[-:T]/g, '').slice(0, 12)}_${startMs.toString(36)}`;
      await client.query(
        `CREATE TABLE "${name}" PARTITION OF "record" FOR VALUES FROM ('${partitionBound(startMs)}') TO ('${partitionBound(endMs)}')`,
      );
      made.push(name);
    }
    await client.query('COMMIT');
    return made;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}

/** Where the newest partition ends; 0 when there is none. */
async function partitionsEndMs(db: pg.Pool | pg.PoolClient): Promise<number> {
  const { rows } = await db.query<{ bound: string }>(
    `SELECT pg_get_expr(c.relpartbound, c.oid) AS bound FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhparent = 'record'::regclass ORDER BY 1 DESC LIMIT 1`,
  );
  const match = /TO \('([0-9a-f-]{36})'\)/.exec(rows[0]?.bound ?? '');
  return match ? boundTimeMs(match[1]!) : 0;
}

/** Span for the next partition, from the records accepted in the last hour. */
async function nextSpanMs(client: pg.PoolClient, nowMs: number): Promise<number> {
  const { rows } = await client.query<{ records: string | null }>(
    `SELECT sum("record_count") AS records FROM "chunk" WHERE "created_at" > $1 AND "id" > (SELECT coalesce(max("id"), 0) - 4000000 FROM "chunk")`,
    [new Date(nowMs - MIN_SPAN_MS)],
  );
  const lastHour = Number(rows[0]?.records ?? 0);
  if (lastHour === 0) return FIRST_SPAN_MS;
  return Math.round(Math.min(MAX_SPAN_MS, Math.max(MIN_SPAN_MS, (TARGET_ROWS / lastHour) * MIN_SPAN_MS)));
}
