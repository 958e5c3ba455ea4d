import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { PG_POOL } from './pool.js';

/** How long a request and its answer are kept. */
const KEPT = "interval '24 hours'";

/** How long a request that is worked on keeps its key to itself, in milliseconds: longer than any takes. */
const BUSY_MS = 60_000;

/** Most rows that one statement deletes. */
const PURGE_ROWS = 1000;

/** What names a request. */
export interface RequestName {
  agencyId: number;
  /** Method and pattern of the path. */
  route: string;
  key: string;
}

/** An answer that is kept. */
export interface KeptAnswer {
  status: number;
  location: string | null;
  answer: Buffer;
}

/** A request that nobody else works on. */
export interface ClaimedRequest {
  /** 32 bytes; the same however often the request is worked on. */
  seed: Buffer;
  /** When it came for the first time. */
  createdAt: Date;
  /** Whether somebody has worked on it before and left no answer. */
  again: boolean;
}

/** What is known of a request: it may be worked on, it was answered, it is worked on by others, or another one has its name. */
export type Claim = { claimed: ClaimedRequest } | { kept: KeptAnswer } | 'in-progress' | 'other-request';

/** Requests that came with an `Idempotency-Key`. */
@Injectable()
export class IdempotencyRepository {
  constructor(@Inject(PG_POOL) private readonly pool: pg.Pool) {}

  /** Takes a request of this fingerprint (32 bytes) for whoever calls, unless it is known. `seed`, 32 random bytes, and `createdAt` are kept with it. */
  async claim(name: RequestName, fingerprint: Uint8Array, seed: Uint8Array, createdAt: Date): Promise<Claim> {
    const values = [...valuesOf(name), fingerprint, seed, createdAt, BUSY_MS];
    const { rows } = await this.pool.query<{ seed: Buffer; createdAt: Date; again: boolean }>({
      name: 'idempotency-claim',
      text: `INSERT INTO "idempotency_key" AS k ("agency_id", "route", "key", "fingerprint", "seed", "created_at", "busy_until")
        VALUES ($1, $2, $3, $4, $5, $6, clock_timestamp() + $7::int * interval '1 millisecond')
        ON CONFLICT ("agency_id", "route", "key") DO UPDATE SET "busy_until" = excluded."busy_until", "fingerprint" = excluded."fingerprint",
          "seed" = CASE WHEN ${EXPIRED} THEN excluded."seed" ELSE k."seed" END,
          "created_at" = CASE WHEN ${EXPIRED} THEN excluded."created_at" ELSE k."created_at" END,
          "status" = NULL, "location" = NULL, "answer" = NULL
        WHERE ${EXPIRED} OR (k."status" IS NULL AND k."busy_until" < clock_timestamp() AND k."fingerprint" = excluded."fingerprint")
        RETURNING k."seed", k."created_at" AS "createdAt", k."seed" <> $5 AS "again"`,
      values,
    });
    if (rows[0] !== undefined) return { claimed: rows[0] };
    const { rows: known } = await this.pool.query<{ same: boolean } & (KeptAnswer | { status: null })>({
      name: 'idempotency-known',
      text: `SELECT "fingerprint" = $4 AS "same", "status", "location", "answer" FROM "idempotency_key"
        WHERE "agency_id" = $1 AND "route" = $2 AND "key" = $3`,
      values: [...valuesOf(name), fingerprint],
    });
    const [row] = known;
    // Refused a moment ago, and so free again: the next try will have it.
    if (row === undefined) return 'in-progress';
    if (!row.same) return 'other-request';
    return row.status === null ? 'in-progress' : { kept: row };
  }

  /** Keeps the answer of a claimed request. */
  async keep(name: RequestName, { seed }: ClaimedRequest, { answer, location, status }: KeptAnswer): Promise<void> {
    await this.pool.query({
      name: 'idempotency-keep',
      text: `UPDATE "idempotency_key" SET "status" = $5, "location" = $6, "answer" = $7, "busy_until" = NULL
        WHERE "agency_id" = $1 AND "route" = $2 AND "key" = $3 AND "seed" = $4`,
      values: [...valuesOf(name), seed, status, location, answer],
    });
  }

  /** Forgets a claimed request that was refused, so that its key is free. */
  async forget(name: RequestName, { seed }: ClaimedRequest): Promise<void> {
    await this.pool.query({
      name: 'idempotency-forget',
      text: 'DELETE FROM "idempotency_key" WHERE "agency_id" = $1 AND "route" = $2 AND "key" = $3 AND "seed" = $4',
      values: [...valuesOf(name), seed],
    });
  }

  /** Lets others work on a claimed request of which nobody knows what became. */
  async release(name: RequestName, { seed }: ClaimedRequest): Promise<void> {
    await this.pool.query({
      name: 'idempotency-release',
      text: `UPDATE "idempotency_key" SET "busy_until" = clock_timestamp()
        WHERE "agency_id" = $1 AND "route" = $2 AND "key" = $3 AND "seed" = $4 AND "status" IS NULL`,
      values: [...valuesOf(name), seed],
    });
  }

  /** Deletes some of what is kept no more. @returns whether there may be more of it */
  async purge(): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      `DELETE FROM "idempotency_key" WHERE ("agency_id", "route", "key") IN (SELECT "agency_id", "route", "key" FROM "idempotency_key" k
        WHERE ${EXPIRED} ORDER BY "created_at" LIMIT ${PURGE_ROWS} FOR UPDATE SKIP LOCKED)`,
    );
    return rowCount === PURGE_ROWS;
  }
}

const EXPIRED = `k."created_at" < clock_timestamp() - ${KEPT}`;

function valuesOf({ agencyId, key, route }: RequestName): unknown[] {
  return [agencyId, route, key];
}
