import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { PG_POOL } from './pool.js';

/** What an agency may submit in each window of time. */
export interface Quota {
  windowSeconds: number;
  requests: number;
  /** Null for any number that fits into the requests. */
  records: number | null;
}

/** An agency's own quota: null where it has that of the settings, `none` where it has no quota whatever these say. */
export type OwnQuota = Quota | 'none' | null;

/** Columns of `agency`. */
export interface QuotaColumns {
  quotaSeconds: number | null;
  quotaRequests: number | null;
  quotaRecords: number | null;
}

/** Amounts of what a quota counts. */
export interface Amounts {
  requests: number;
  records: number;
}

/** What a process got of an agency's quota. */
export interface Grant {
  /** Names the window: a number that grows. */
  window: string;
  endsInMs: number;
  granted: Amounts;
  /** What all processes together have got in this window, this grant included. */
  used: Amounts;
}

/** Time by which windows ($2 seconds) of an agency ($1) are counted: those of others end at other times, so that not all come back at once. */
const PASSED = '(extract(epoch FROM clock_timestamp()) + ($1::int::bigint * 7919) % $2::int)';
const WINDOW = `floor(${PASSED} / $2::int)::bigint`;

/** What agencies may submit, and what of it they have. */
@Injectable()
export class QuotaRepository {
  constructor(@Inject(PG_POOL) private readonly pool: pg.Pool) {}

  /** Takes some of what is left of an agency's quota: what was asked for, or less. */
  async take(agencyId: number, quota: Quota, wanted: Amounts): Promise<Grant> {
    // A new window begins with nothing used.
    const used = (what: 'requests' | 'records') =>
      `CASE WHEN u."window" = excluded."window" THEN u."${what}" ELSE 0 END`;
    const granted = (before: string, most: string, want: string) =>
      `greatest(0, least(${want}::int, ${most}::int - ${before}))`;
    const { rows } = await this.pool.query<
      Amounts & { window: string; grantedRequests: number; grantedRecords: number; leftS: number }
    >({
      name: 'quota-take',
      text: `INSERT INTO "quota_use" AS u ("agency_id", "window", "requests", "records", "granted_requests", "granted_records")
        VALUES ($1::int, ${WINDOW}, ${granted('0', '$3', '$5')}, ${granted('0', '$4', '$6')},
          ${granted('0', '$3', '$5')}, ${granted('0', '$4', '$6')})
        ON CONFLICT ("agency_id") DO UPDATE SET "window" = excluded."window",
          "requests" = ${used('requests')} + ${granted(used('requests'), '$3', '$5')}, "records" = ${used('records')} + ${granted(used('records'), '$4', '$6')},
          "granted_requests" = ${granted(used('requests'), '$3', '$5')}, "granted_records" = ${granted(used('records'), '$4', '$6')}
        RETURNING "window", "requests", "records", "granted_requests" AS "grantedRequests", "granted_records" AS "grantedRecords",
          (("window" + 1) * $2::int - ${PASSED})::float8 AS "leftS"`,
      values: [agencyId, quota.windowSeconds, quota.requests, quota.records ?? 0, wanted.requests, wanted.records],
    });
    const { window, requests, records, grantedRequests, grantedRecords, leftS } = rows[0]!;
    return {
      window,
      endsInMs: Math.max(0, leftS * 1000),
      granted: { requests: grantedRequests, records: grantedRecords },
      used: { requests, records },
    };
  }

  /** Gives back what was taken in a window and is not needed, unless another one has begun. */
  async giveBack(agencyId: number, window: string, { requests, records }: Amounts): Promise<void> {
    await this.pool.query({
      name: 'quota-give-back',
      text: `UPDATE "quota_use" SET "requests" = greatest(0, "requests" - $3::int), "records" = greatest(0, "records" - $4::int)
        WHERE "agency_id" = $1 AND "window" = $2`,
      values: [agencyId, window, requests, records],
    });
  }

  /** What processes have got in the present window of a quota. */
  async used(agencyId: number, { windowSeconds }: Quota): Promise<Amounts> {
    const { rows } = await this.pool.query<Amounts>(
      `SELECT "requests", "records" FROM "quota_use" WHERE "agency_id" = $1::int AND "window" = ${WINDOW}`,
      [agencyId, windowSeconds],
    );
    return rows[0] ?? { requests: 0, records: 0 };
  }

  /** An agency's own quota. */
  async find(agencyId: number): Promise<OwnQuota> {
    const { rows } = await this.pool.query<QuotaColumns>(
      `SELECT "quota_seconds" AS "quotaSeconds", "quota_requests" AS "quotaRequests", "quota_records" AS "quotaRecords" FROM "agency" WHERE "id" = $1`,
      [agencyId],
    );
    return rows[0] === undefined ? null : ownQuota(rows[0]);
  }
}

const NONE = { quotaSeconds: 60, quotaRequests: null, quotaRecords: null };
const DEFAULT = { quotaSeconds: null, quotaRequests: null, quotaRecords: null };

/** The columns of an agency's own quota. */
export function quotaColumns(quota: OwnQuota): QuotaColumns {
  if (quota === 'none') return NONE;
  if (quota === null) return DEFAULT;
  return { quotaSeconds: quota.windowSeconds, quotaRequests: quota.requests, quotaRecords: quota.records };
}

/** What an agency's columns say of its quota. */
export function ownQuota({ quotaSeconds, quotaRequests, quotaRecords }: QuotaColumns): OwnQuota {
  if (quotaSeconds === null) return null;
  return quotaRequests === null
    ? 'none'
    : { windowSeconds: quotaSeconds, requests: quotaRequests, records: quotaRecords };
}
