import pg from 'pg';
import { inTransaction } from './transaction.js';

/** Rows after which a partition should end: its digest index (about 30 bytes a row) then stays well inside memory. */
const TARGET_ROWS = 4_000_000;

/** Shortest and longest span of a partition. */
const MIN_SPAN_MS = 60 * 60 * 1000;
const MAX_SPAN_MS = 7 * 24 * 60 * 60 * 1000;

/** Span while nothing is known about the load. */
const FIRST_SPAN_MS = 24 * 60 * 60 * 1000;

/** The made partitions must reach this far beyond now, at least. */
const AHEAD_MS = 2 * 60 * 60 * 1000;

/** A partition that follows no other begins this much before it is needed: clocks of other processes may be behind. */
const BEHIND_MS = 24 * 60 * 60 * 1000;

/** Advisory lock that serialises partition makers. */
const PARTITION_LOCK = 728_374_613;

/** The smallest UUIDv7 of a millisecond: what a partition begins at. */
export function partitionBound(timeMs: number): string {
  const hex = timeMs.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}

/** Time of a UUIDv7 or of a partition bound, in milliseconds. */
function boundTimeMs(bound: string): number {
  return Number.parseInt(bound.replaceAll('-', '').slice(0, 12), 16);
}

/** Makes the partitions of `record` that intake needs from now on, whatever others there are. Spans follow the load of the last hour, so that
 * a partition holds about {@link TARGET_ROWS} rows. Safe to run from many processes; costs one query when nothing is due.
 * @returns names of the partitions made */
export async function ensurePartitions(pool: pg.Pool, nowMs: number): Promise<string[]> {
  return coverTimes(pool, nowMs, nowMs + AHEAD_MS);
}

/** The same for the records with these ids (UUIDv7, lower case), whatever clock gave them their times. */
export async function ensurePartitionsOf(pool: pg.Pool, ids: readonly string[]): Promise<string[]> {
  const times = ids.map(boundTimeMs);
  return coverTimes(pool, Math.min(...times), Math.max(...times) + 1);
}

/** SQLSTATE of a row that fits no partition. */
const CHECK_VIOLATION = '23514';

/** Whether a row fitted no partition: a check violation that names no constraint. */
export function isMissingPartition(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === CHECK_VIOLATION && error.constraint === undefined;
}

/** A stretch of time: from its begin to just before its end, in milliseconds. */
interface Stretch {
  fromMs: number;
  toMs: number;
}

async function coverTimes(pool: pg.Pool, fromMs: number, toMs: number): Promise<string[]> {
  if (gaps(await madeStretches(pool), fromMs, toMs).length === 0) return [];
  return inTransaction(pool, [], async (client) => {
    await client.query('SELECT pg_advisory_xact_lock($1)', [PARTITION_LOCK]);
    const spanMs = await nextSpanMs(client, toMs);
    const made: string[] = [];
    for (const gap of gaps(await madeStretches(client), fromMs, toMs)) {
      // A partition fills its gap as far as it may be long; the first one, and one after a pause, begins in the past.
      let startMs = Math.max(gap.fromMs, fromMs - BEHIND_MS, 0);
      while (startMs < Math.min(toMs, gap.toMs)) {
        const endMs = Math.min(gap.toMs, Math.max(startMs + spanMs, toMs));
        const name = `record_${new Date(startMs).toISOString().replace(/[-:T]/g, '').slice(0, 12)}_${startMs.toString(36)}`;
        await client.query(
          `CREATE TABLE "${name}" PARTITION OF "record" FOR VALUES FROM ('${partitionBound(startMs)}') TO ('${partitionBound(endMs)}')`,
        );
        made.push(name);
        startMs = endMs;
      }
    }
    return made;
  });
}

/** The stretches without a partition that reach into the time from `fromMs` to `toMs`, each as wide as it is. */
function gaps(made: Stretch[], fromMs: number, toMs: number): Stretch[] {
  const found: Stretch[] = [];
  let startMs = 0;
  for (const next of [...made, { fromMs: Infinity, toMs: Infinity }]) {
    if (startMs < next.fromMs && startMs < toMs && next.fromMs > fromMs)
      found.push({ fromMs: startMs, toMs: next.fromMs });
    startMs = next.toMs;
  }
  return found;
}

/** What the partitions cover, in order of time. */
async function madeStretches(db: Pick<pg.Pool, 'query'>): Promise<Stretch[]> {
  const { rows } = await db.query<{ bound: string }>(
    `SELECT pg_get_expr(c.relpartbound, c.oid) AS bound FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhparent = 'record'::regclass`,
  );
  return rows
    .flatMap(({ bound }) => {
      const match = /FROM \('([0-9a-f-]{36})'\) TO \('([0-9a-f-]{36})'\)/.exec(bound);
      return match ? [{ fromMs: boundTimeMs(match[1]!), toMs: boundTimeMs(match[2]!) }] : [];
    })
    .sort((a, b) => a.fromMs - b.fromMs);
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
