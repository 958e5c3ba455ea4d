import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { PG_POOL } from './pool.js';
import { inTransaction } from './transaction.js';

/** An anchor that began or ceased to be overdue. */
export interface OverdueTurn {
  anchor: string;
  overdue: boolean;
  /** Largest log size that it has confirmed. */
  confirmedSize: number;
  /** Since when a batch waits for it; null when none does. */
  waitingSince: Date | null;
  /** When it became overdue, as noted then; null when it becomes so now. */
  since: Date | null;
}

/** Writes what is known of the anchors themselves. Their totals are kept by a trigger on submissions. */
@Injectable()
export class AnchorRepository {
  constructor(@Inject(PG_POOL) private readonly pool: pg.Pool) {}

  /** Notes that these anchors are set up, since now if they are new, and the most that one submission may cost. */
  async register(anchors: { name: string; mostSpent: { amount: string; unit: string } | null }[]): Promise<void> {
    await this.pool.query({
      name: 'anchor-register',
      text: `INSERT INTO "anchor" AS a ("name", "most_spent", "unit") SELECT * FROM unnest($1::text[], $2::numeric[], $3::text[])
        ON CONFLICT ("name") DO UPDATE SET "most_spent" = EXCLUDED."most_spent", "unit" = coalesce(EXCLUDED."unit", a."unit")
        WHERE (a."most_spent", a."unit") IS DISTINCT FROM (EXCLUDED."most_spent", coalesce(EXCLUDED."unit", a."unit"))`,
      values: [
        anchors.map(({ name }) => name),
        anchors.map(({ mostSpent }) => mostSpent?.amount ?? null),
        anchors.map(({ mostSpent }) => mostSpent?.unit ?? null),
      ],
    });
  }

  /** Notes which of `anchors` are overdue: a batch, or the anchor itself if it is newer, has waited for its `seconds` without confirmation.
   * What has turned is given to `tell` before the commit, by one process of all: whatever dies in between, it is told again rather than not
   * at all. */
  async turnOverdue(anchors: { name: string; seconds: number }[], tell: (turn: OverdueTurn) => void): Promise<void> {
    await inTransaction(this.pool, [], async (client) => {
      const { rows } = await client.query<Omit<OverdueTurn, 'confirmedSize'> & { confirmedSize: string }>(
        `UPDATE "anchor" k SET "overdue_since" = CASE WHEN n."overdue" THEN clock_timestamp() END
         FROM (
           SELECT a."name", s."size", a."overdue_since" AS "since", w."since" AS "waiting_since",
             coalesce(w."since" <= clock_timestamp() - make_interval(secs => g."seconds"), false) AS "overdue"
           FROM unnest($1::text[], $2::float8[]) AS g("name", "seconds") JOIN "anchor" a USING ("name")
           LEFT JOIN LATERAL (SELECT "checkpoint_size" AS "size" FROM "submission" WHERE "anchor" = a."name"
             AND "state" IN ('confirmed', 'final') ORDER BY "checkpoint_size" DESC LIMIT 1) s ON true
           LEFT JOIN LATERAL (SELECT greatest("sealed_at", a."since") AS "since" FROM "batch" WHERE "number" = coalesce(s."size", 0)) w ON true
         ) n
         WHERE k."name" = n."name" AND (k."overdue_since" IS NOT NULL) <> n."overdue"
         RETURNING k."name" AS "anchor", n."overdue", coalesce(n."size", 0) AS "confirmedSize",
           n."waiting_since" AS "waitingSince", n."since"`,
        [anchors.map(({ name }) => name), anchors.map(({ seconds }) => seconds)],
      );
      for (const row of rows) tell({ ...row, confirmedSize: Number(row.confirmedSize) });
    });
  }
}
