import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { READ_POOL } from './pool.js';

/** A log of this service, and when it was written. */
export interface LogPeriod {
  origin: string;
  /** C2SP verifier key. */
  key: string;
  /** Number of its first batch, and how many batches there are up to its end, those of earlier logs included. */
  firstBatch: number;
  size: number;
  /** When its first batch was sealed; null before that. */
  since: Date | null;
  /** When another log followed it; null for the one that is written. */
  until: Date | null;
}

/** Reads which logs this service has had, one after the other. */
@Injectable()
export class LogHistoryRepository {
  constructor(@Inject(READ_POOL) private readonly pool: pg.Pool) {}

  /** All logs, the one that is written last. */
  async list(): Promise<LogPeriod[]> {
    const { rows } = await this.pool.query<Omit<LogPeriod, 'firstBatch' | 'size'> & { first: string; size: string }>(
      `SELECT l."origin", l."key", l."first", l."size", b."sealed_at" AS "since", l."until" FROM (
         SELECT "origin", "verifier_key" AS "key", lag("size", 1, 0) OVER (ORDER BY "ended_at", "size") AS "first", "size", "ended_at" AS "until"
         FROM "ended_log"
         UNION ALL
         SELECT "origin", "verifier_key", coalesce((SELECT max("size") FROM "ended_log"), 0), "size", NULL FROM "log"
       ) l LEFT JOIN "batch" b ON b."number" = l."first" AND l."first" < l."size"
       ORDER BY l."until" NULLS LAST, l."size"`,
    );
    return rows.map(({ first, size, ...row }) => ({ ...row, firstBatch: Number(first), size: Number(size) }));
  }
}
