import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { PG_POOL, READ_POOL } from './pool.js';

/** An agency's use of the service in one month. */
export interface UsageRow {
  agencyId: number;
  domain: string;
  /** `YYYY-MM`, UTC. */
  month: string;
  records: bigint;
  statusChanges: bigint;
  reliances: bigint;
  /** Answers with a proof of one of its records, to others. */
  proofs: bigint;
  /** Answers to a look-up that name a record of it. */
  lookUps: bigint;
  /** Other agencies that said that they rely on a record of it. */
  relyingAgencies: number;
}

/** What a month came to for the whole service. */
export interface MonthTotals {
  /** Of all agencies. */
  records: bigint;
  /** What anchors have cost, each in its smallest unit. */
  spent: { anchor: string; unit: string; amount: bigint }[];
}

/** Where a page begins: after this row. */
export interface UsagePlace {
  month: string;
  agencyId: number;
}

/** What others asked about an agency's records. */
export interface Asked {
  agencyId: number;
  proofs: number;
  lookUps: number;
}

/** What agencies make of the service. */
@Injectable()
export class UsageRepository {
  constructor(
    @Inject(PG_POOL) private readonly pool: pg.Pool,
    @Inject(READ_POOL) private readonly readPool: pg.Pool,
  ) {}

  /** At most `limit` rows after `after`, the newest month first, agencies in the order of their ids; of one agency, or of one month, where that is said. */
  async page(
    { agencyId, month }: { agencyId: number | null; month: string | null },
    after: UsagePlace | null,
    limit: number,
  ): Promise<UsageRow[]> {
    const { rows } = await this.readPool.query<
      Record<keyof UsageRow, string> & { agencyId: number; relyingAgencies: number }
    >({
      name: 'usage-page',
      text: `SELECT u."agency_id" AS "agencyId", a."domain", to_char(u."month", 'YYYY-MM') AS "month", u."records", u."status_changes" AS "statusChanges", u."reliances",
          u."proofs", u."look_ups" AS "lookUps",
          (SELECT count(*)::int FROM "usage_relying" r WHERE r."agency_id" = u."agency_id" AND r."month" = u."month") AS "relyingAgencies"
        FROM "usage_month" u JOIN "agency" a ON a."id" = u."agency_id"
        WHERE ($1::int IS NULL OR u."agency_id" = $1) AND ($2::date IS NULL OR u."month" = $2)
          AND ($3::date IS NULL OR u."month" < $3 OR (u."month" = $3 AND u."agency_id" > $4::int))
        ORDER BY u."month" DESC, u."agency_id" LIMIT $5`,
      values: [agencyId, firstDay(month), firstDay(after?.month ?? null), after?.agencyId ?? null, limit],
    });
    return rows.map((row) => ({
      ...row,
      records: BigInt(row.records),
      statusChanges: BigInt(row.statusChanges),
      reliances: BigInt(row.reliances),
      proofs: BigInt(row.proofs),
      lookUps: BigInt(row.lookUps),
    }));
  }

  /** What a month (`YYYY-MM`) came to. */
  async totals(month: string): Promise<MonthTotals> {
    const day = firstDay(month);
    const { rows } = await this.readPool.query<{ records: string }>({
      name: 'usage-records',
      text: 'SELECT coalesce(sum("records"), 0)::bigint AS "records" FROM "usage_month" WHERE "month" = $1::date',
      values: [day],
    });
    const { rows: spent } = await this.readPool.query<{ anchor: string; unit: string; amount: string }>({
      name: 'usage-spent',
      text: `SELECT s."anchor", s."spent_unit" AS "unit", sum(s."spent") AS "amount" FROM "anchor" a JOIN "submission" s ON s."anchor" = a."name"
          AND s."spent_at" >= $1::timestamp AT TIME ZONE 'UTC' AND s."spent_at" < ($1::timestamp + interval '1 month') AT TIME ZONE 'UTC'
        GROUP BY 1, 2 ORDER BY 1, 2`,
      values: [day],
    });
    return {
      records: BigInt(rows[0]!.records),
      spent: spent.map(({ amount, ...row }) => ({ ...row, amount: BigInt(amount) })),
    };
  }

  /** Batches of the log that are counted: all below this number. */
  async countedBatches(): Promise<number> {
    const { rows } = await this.readPool.query<{ size: string }>(
      'SELECT "announced_size" AS "size" FROM "feed_progress"',
    );
    return Number(rows[0]!.size);
  }

  /** Adds what others have asked, to the present month. */
  async addAsked(asked: readonly Asked[]): Promise<void> {
    await this.pool.query({
      name: 'usage-add',
      // In the order in which the announcer takes rows, so that neither waits for the other in a ring.
      text: `INSERT INTO "usage_month" AS u ("agency_id", "month", "proofs", "look_ups")
        SELECT a, date_trunc('month', clock_timestamp() AT TIME ZONE 'UTC')::date, p, l FROM unnest($1::int[], $2::int[], $3::int[]) AS x(a, p, l) ORDER BY a
        ON CONFLICT ("agency_id", "month") DO UPDATE SET "proofs" = u."proofs" + excluded."proofs", "look_ups" = u."look_ups" + excluded."look_ups"`,
      values: [
        asked.map(({ agencyId }) => agencyId),
        asked.map(({ proofs }) => proofs),
        asked.map(({ lookUps }) => lookUps),
      ],
    });
  }
}

function firstDay(month: string | null): string | null {
  return month && `${month}-01`;
}
