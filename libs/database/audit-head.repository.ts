import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { formatAuditLogHead } from '#audit/act.js';
import { readAuditLogHead } from './audit-log.repository.js';
import { PG_POOL } from './pool.js';
import { inTransaction } from './transaction.js';

/** A head of the audit log, and the record by which it is notarised. */
export interface NotarisedHead {
  size: number;
  /** What was notarised: the record's digest is its SHA-256. */
  head: string;
  at: Date;
  recordId: string;
}

/** Whoever chooses a head to notarise holds this lock, so that several processes choose one. */
const LOCK = 728_374_619;

/** Heads of the audit log that were notarised. */
@Injectable()
export class AuditHeadRepository {
  constructor(@Inject(PG_POOL) private readonly pool: pg.Pool) {}

  /** The head to notarise now: one that was chosen and has no record yet, or a new one when the last was chosen a day ago and something was done since.
   * Null when there is none, and as long as there is no agency, since a database without one counts as new. */
  async choose(logOrigin: string): Promise<Pick<NotarisedHead, 'size' | 'head'> | null> {
    return inTransaction(this.pool, [], async (client) => {
      await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
      const { rows } = await client.query<{ size: string; head: string }>(
        'SELECT "size", "head" FROM "audit_head" WHERE "record_id" IS NULL ORDER BY "size" LIMIT 1',
      );
      if (rows[0] !== undefined) return { size: Number(rows[0].size), head: rows[0].head };
      const { rows: last } = await client.query<{ isDue: boolean; hasAgency: boolean; size: string }>(
        `SELECT coalesce(max("size"), 0) AS "size", coalesce(max("at") <= clock_timestamp() - interval '1 day', true) AS "isDue",
           EXISTS (SELECT FROM "agency") AS "hasAgency" FROM "audit_head"`,
      );
      const { hasAgency, isDue, size } = last[0]!;
      const now = await readAuditLogHead(client);
      if (!hasAgency || !isDue || now.size <= Number(size)) return null;
      const head = formatAuditLogHead(logOrigin, now);
      await client.query('INSERT INTO "audit_head" ("size", "head") VALUES ($1, $2)', [now.size, head]);
      return { size: now.size, head };
    });
  }

  /** Notes the record by which the head of this size is notarised. */
  async note(size: number, recordId: string): Promise<void> {
    await this.pool.query('UPDATE "audit_head" SET "record_id" = $2 WHERE "size" = $1', [size, recordId]);
  }

  /** The newest head with a record; null when there is none. */
  async newest(): Promise<NotarisedHead | null> {
    const { rows } = await this.pool.query<Omit<NotarisedHead, 'size'> & { size: string }>(
      'SELECT "size", "head", "at", "record_id" AS "recordId" FROM "audit_head" WHERE "record_id" IS NOT NULL ORDER BY "size" DESC LIMIT 1',
    );
    return rows[0] === undefined ? null : { ...rows[0], size: Number(rows[0].size) };
  }
}
