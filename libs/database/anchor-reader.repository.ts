import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { READ_POOL } from './pool.js';
import type { SubmissionState } from './submission-reader.repository.js';

/** How an anchor gets on as a whole. Amounts are in its smallest unit. */
export interface AnchorStatus {
  anchor: string;
  /** Since when it is set up; null when no worker has seen it yet. */
  since: Date | null;
  /** State of its newest submission; null when there is none. */
  state: SubmissionState | null;
  /** Largest log size that it has confirmed; 0 when none. */
  confirmedSize: number;
  /** When the first batch beyond that was sealed; null when it has confirmed everything. */
  unconfirmedSince: Date | null;
  /** Records in the batches that it has confirmed. */
  recordsCovered: number;
  /** Its submissions by state. */
  submissions: Record<SubmissionState, number>;
  /** Attempts at all of them. */
  attempts: number;
  /** What it costs; null where nothing is paid. */
  cost: AnchorCost | null;
  /** Why it gets no new submission; null when it does. */
  paused: { since: Date; until: Date | null; detail: string } | null;
}

/** What an anchor costs, in its smallest unit. */
export interface AnchorCost {
  unit: string;
  /** All that was ever spent, as far as is known. */
  spent: bigint;
  /** What was spent in the last 24 hours. */
  spentLastDay: bigint;
  /** What a budget of 24 hours has to bear: what confirmed submissions have cost in that time, and the most that those under way may cost. */
  committed: bigint;
}

interface Row {
  anchor: string;
  since: Date | null;
  state: SubmissionState | null;
  confirmedSize: string;
  unconfirmedSince: Date | null;
  recordsCovered: string;
  unsubmitted: string;
  pending: string;
  confirmed: string;
  final: string;
  attempts: string;
  unit: string | null;
  spent: string;
  spentLastDay: string;
  committed: string;
  pausedSince: Date | null;
  pausedUntil: Date | null;
  pausedDetail: string | null;
}

/** Reads how anchors get on. What a read costs does not grow with the tables: totals are kept with the anchor, the rest is bounded by a day. */
@Injectable()
export class AnchorReaderRepository {
  constructor(@Inject(READ_POOL) private readonly pool: pg.Pool) {}

  /** How each of `anchors` gets on. */
  async status(anchors: string[]): Promise<AnchorStatus[]> {
    const { rows } = await this.pool.query<Row>({
      name: 'anchor-status',
      text: `SELECT a."anchor", k."since", n."state", coalesce(s."size", 0) AS "confirmedSize", b."sealed_at" AS "unconfirmedSince",
          coalesce(c."records", 0) AS "recordsCovered", coalesce(k."unsubmitted", 0) AS "unsubmitted", coalesce(k."pending", 0) AS "pending",
          coalesce(k."confirmed", 0) AS "confirmed", coalesce(k."final", 0) AS "final", coalesce(k."attempts", 0) AS "attempts", k."unit",
          coalesce(k."spent", 0) AS "spent", d."spent" AS "spentLastDay", d."closed" + o."most" AS "committed",
          k."paused_since" AS "pausedSince", k."paused_until" AS "pausedUntil", k."paused_detail" AS "pausedDetail"
        FROM unnest($1::text[]) WITH ORDINALITY AS a("anchor", "position")
        LEFT JOIN "anchor" k ON k."name" = a."anchor"
        LEFT JOIN LATERAL (SELECT "state" FROM "submission" WHERE "anchor" = a."anchor" ORDER BY "checkpoint_size" DESC LIMIT 1) n ON true
        LEFT JOIN LATERAL (SELECT "checkpoint_size" AS "size" FROM "submission" WHERE "anchor" = a."anchor" AND "state" IN ('confirmed', 'final')
          ORDER BY "checkpoint_size" DESC LIMIT 1) s ON true
        LEFT JOIN "batch" b ON b."number" = coalesce(s."size", 0)
        LEFT JOIN "checkpoint" c ON c."size" = s."size"
        CROSS JOIN LATERAL (SELECT coalesce(sum("spent"), 0) AS "spent",
            coalesce(sum("spent") FILTER (WHERE "state" IN ('confirmed', 'final')), 0) AS "closed"
          FROM "submission" WHERE "anchor" = a."anchor" AND "spent_at" > statement_timestamp() - interval '24 hours') d
        CROSS JOIN LATERAL (SELECT coalesce(sum(greatest(coalesce("spent", 0), k."most_spent")), 0) AS "most"
          FROM "submission" WHERE k."unit" IS NOT NULL AND "anchor" = a."anchor" AND "state" IN ('unsubmitted', 'pending')) o
        ORDER BY a."position"`,
      values: [anchors],
    });
    return rows.map(toStatus);
  }
}

function toStatus(row: Row): AnchorStatus {
  const { anchor, since, state, unconfirmedSince, unit, pausedSince, pausedUntil, pausedDetail } = row;
  return {
    anchor,
    since,
    state,
    confirmedSize: Number(row.confirmedSize),
    unconfirmedSince,
    recordsCovered: Number(row.recordsCovered),
    submissions: {
      unsubmitted: Number(row.unsubmitted),
      pending: Number(row.pending),
      confirmed: Number(row.confirmed),
      final: Number(row.final),
    },
    attempts: Number(row.attempts),
    cost:
      unit === null
        ? null
        : {
            unit,
            spent: BigInt(row.spent),
            spentLastDay: BigInt(row.spentLastDay),
            committed: BigInt(row.committed),
          },
    paused: pausedSince === null ? null : { since: pausedSince, until: pausedUntil, detail: pausedDetail ?? '' },
  };
}
