import type pg from 'pg';

/** What an anchor may spend in any 24 hours, in its smallest unit. */
export interface AnchorBudget {
  amount: bigint;
  /** The most that one submission can come to cost. */
  most: bigint;
  unit: string;
}

/** What of a budget is spoken for. */
export interface Spending {
  /** What submissions that are confirmed have cost, of the last 24 hours. */
  closed: bigint;
  /** Submissions under way, and the most that they may come to cost. */
  openCount: number;
  openMost: bigint;
  /** When so much of `closed` is a day old that one more submission fits, if those under way cost the most; null when they alone leave no room. */
  roomAt: Date | null;
}

/** Why an anchor gets no new submission for the time being. */
export interface Pause {
  /** A sentence for people. */
  detail: string;
  /** When it goes on at the latest; null when that depends on what those under way come to, or on the settings. */
  until: Date | null;
}

/** Reads what of the budget of `anchor` is spoken for. A submission under way counts with the most that it may cost, whatever it costs so far. */
export async function readSpending(
  client: Pick<pg.PoolClient, 'query'>,
  anchor: string,
  budget: AnchorBudget,
): Promise<Spending> {
  const { rows } = await client.query<{ closed: string; openCount: string; openMost: string; roomAt: Date | null }>(
    `WITH "open" AS (
       SELECT count(*) AS "count", coalesce(sum(greatest(coalesce("spent", 0), $2::numeric)), 0) AS "most" FROM "submission"
       WHERE "anchor" = $1 AND "state" IN ('unsubmitted', 'pending')
     ), "closed" AS (
       SELECT "spent", "spent_at", sum("spent") OVER (ORDER BY "spent_at" DESC, "id" DESC) AS "upto" FROM "submission"
       WHERE "anchor" = $1 AND "state" IN ('confirmed', 'final') AND "spent_at" > statement_timestamp() - interval '24 hours'
     )
     SELECT (SELECT coalesce(sum("spent"), 0) FROM "closed") AS "closed", "open"."count" AS "openCount", "open"."most" AS "openMost",
       CASE WHEN "open"."most" + $2::numeric <= $3::numeric THEN
         (SELECT max("spent_at") + interval '24 hours' FROM "closed" WHERE "upto" + "open"."most" + $2::numeric > $3::numeric) END AS "roomAt"
     FROM "open"`,
    [anchor, String(budget.most), String(budget.amount)],
  );
  const { closed, openCount, openMost, roomAt } = rows[0]!;
  return { closed: BigInt(closed), openCount: Number(openCount), openMost: BigInt(openMost), roomAt };
}

/** Why one more submission does not fit into the budget; null when it does. */
export function whyPaused({ amount, most, unit }: AnchorBudget, spending: Spending): Pause | null {
  const { closed, openCount, openMost, roomAt } = spending;
  if (closed + openMost + most <= amount) return null;
  const limit = `the budget is ${amount} ${unit} in 24 hours`;
  if (most > amount) {
    const detail = `paused: ${limit}, and one checkpoint may cost ${most} ${unit}; raise ANCHOR_BUDGETS or lower the limit of fees`;
    return { detail, until: null };
  }
  const open = openCount === 0 ? '' : `, ${openCount} under way may cost ${openMost}`;
  const needs = `paused: ${limit}; ${closed} were spent${open}, and one more checkpoint may cost ${most}`;
  if (roomAt === null) return { detail: `${needs}; goes on when those under way are confirmed`, until: null };
  return { detail: `${needs}; goes on at ${roomAt.toISOString()} at the latest`, until: roomAt };
}
