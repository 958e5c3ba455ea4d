import { Inject, Injectable, Logger } from '@nestjs/common';
import type pg from 'pg';
import { type Act, actLeaf, type ActorName, type AuditLogHead, formatAct } from '#audit/act.js';
import { AUDIT_CONTEXT } from '#config/logger.js';
import { Frontier } from '#merkle/frontier.js';
import { HASH_BYTES } from '#merkle/hash.js';
import { DURABLY } from './durability.js';
import { Prisma } from './generated/client.js';
import { READ_POOL } from './pool.js';
import type { PrismaService } from './prisma.service.js';

/** Who acts, and from which address. */
export interface Actor {
  name: ActorName;
  /** Null when it is the service itself. */
  from: string | null;
}

/** The service itself, as an actor. */
export const SERVICE: Actor = { name: 'service', from: null };

/** An act that is ready to be stored. */
export interface NewAct extends Pick<Act, 'act' | 'before' | 'after'> {
  /** The agency that it concerns; null when none does. */
  agencyId: number | null;
  /** What of the agency, or of the service, by its name. */
  subject?: Readonly<Record<string, string>>;
}

/** What came of a piece of work, and the act that it was; null where nothing was changed. */
export interface Done<T> {
  result: T;
  act: NewAct | null;
}

/** Runs one statement in a transaction. @returns its rows */
export type Statement = (sql: string, values: unknown[]) => Promise<Record<string, unknown>[]>;

/** Whoever appends takes this lock before he reads where the log ends, and holds it until his commit. */
const LOCK = 728_374_618;

/** Longest time that an act may wait for a connection, and take, in milliseconds. */
const ACT_WAIT_MS = 10_000;
const ACT_LIMIT_MS = 20_000;

/**
 * Does `work` and stores in the audit log what it was, in one transaction that is on the disk by then, and says it in the service's log. It is the one way to
 * change what administrators change. Throws what `work` throws, and then nothing was changed.
 */
export async function commitAct<T>(
  prisma: PrismaService,
  by: Actor,
  work: (db: Prisma.TransactionClient) => Promise<Done<T>>,
): Promise<T> {
  const { result, text } = await prisma.$transaction(
    async (db) => {
      const run: Statement = (sql, values) => db.$queryRawUnsafe(sql, ...values);
      await run(`SELECT ${DURABLY}`, []);
      const done = await work(db);
      return { result: done.result, text: done.act && (await appendAct(run, by, done.act)) };
    },
    { isolationLevel: Prisma.TransactionIsolationLevel.ReadCommitted, maxWait: ACT_WAIT_MS, timeout: ACT_LIMIT_MS },
  );
  if (text !== null) logAct(text);
  return result;
}

/** Appends an act to the audit log, at the end of a transaction that does it: others wait until it commits. @returns its text, for {@link logAct} */
export async function appendAct(run: Statement, by: Actor, { agencyId, subject, ...act }: NewAct): Promise<string> {
  await run('SELECT pg_advisory_xact_lock($1::bigint) IS NULL AS "locked"', [LOCK]);
  const [place] = await run(
    `SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "at",
       (SELECT "domain" FROM "agency" WHERE "id" = $1::integer) AS "agency", l."ordinal"::text AS "last", encode(l."frontier", 'hex') AS "frontier"
     FROM (SELECT 1) one LEFT JOIN LATERAL (SELECT "ordinal", "frontier" FROM "audit_act" ORDER BY "ordinal" DESC LIMIT 1) l ON true`,
    [agencyId],
  );
  const { at, agency, last, frontier } = place as {
    at: string;
    agency: string | null;
    last: string | null;
    frontier: string | null;
  };
  const tree = last === null ? new Frontier() : readFrontier(last, Buffer.from(frontier!, 'hex'));
  const text = formatAct({
    ordinal: tree.size,
    at,
    actor: by.name,
    from: by.from,
    ...act,
    subject: { ...(agency === null ? {} : { agency }), ...subject },
  });
  tree.append(actLeaf(text));
  await run(
    `INSERT INTO "audit_act" ("ordinal", "act", "frontier") VALUES ($1::bigint, $2::text, decode($3::text, 'hex'))`,
    [String(tree.size - 1), text, Buffer.concat(tree.nodes).toString('hex')],
  );
  return text;
}

/** Says in the service's log, whatever its level, what was done. Called after it is committed. */
export function logAct(text: string): void {
  new Logger(AUDIT_CONTEXT).log(JSON.parse(text));
}

/** Reads the audit log. */
@Injectable()
export class AuditLogRepository {
  constructor(@Inject(READ_POOL) private readonly pool: pg.Pool) {}

  /** Where it stands. */
  async head(): Promise<AuditLogHead> {
    return readAuditLogHead(this.pool);
  }

  /** At most `limit` acts from the ordinal `first` on, in order: their texts. */
  async list(first: number, limit: number): Promise<string[]> {
    const { rows } = await this.pool.query<{ act: string }>(
      'SELECT "act" FROM "audit_act" WHERE "ordinal" >= $1 ORDER BY "ordinal" LIMIT $2',
      [first, limit],
    );
    return rows.map(({ act }) => act);
  }
}

/** Where the audit log stands; inside a transaction it sees that transaction's state. */
export async function readAuditLogHead(db: Pick<pg.Pool, 'query'>): Promise<AuditLogHead> {
  const { rows } = await db.query<{ ordinal: string; frontier: Buffer }>(
    'SELECT "ordinal", "frontier" FROM "audit_act" ORDER BY "ordinal" DESC LIMIT 1',
  );
  const [last] = rows;
  const tree = last === undefined ? new Frontier() : readFrontier(last.ordinal, last.frontier);
  return { size: tree.size, root: tree.root() };
}

function readFrontier(last: string, bytes: Uint8Array): Frontier {
  const nodes = Array.from(
    { length: bytes.length / HASH_BYTES },
    (_, i) => new Uint8Array(bytes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES)),
  );
  return new Frontier(Number(last) + 1, nodes);
}
