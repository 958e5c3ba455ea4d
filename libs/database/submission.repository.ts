import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { DURABLY } from './durability.js';
import { type AnchorBudget, type Pause, readSpending, whyPaused } from './anchor-budget.js';
import { PG_POOL } from './pool.js';
import { inTransaction } from './transaction.js';

/** An amount of money in the smallest unit of its chain: a whole number, decimal. */
export interface SpentAmount {
  amount: string;
  unit: 'sats' | 'wei';
}

/** What an anchor said about a submission: stored as it came. */
export interface SubmissionAnswer {
  state: 'unsubmitted' | 'pending' | 'confirmed' | 'final';
  attestation: Uint8Array | null;
  /** The anchor's own memory, JSON. */
  progress: unknown;
  /** A sentence for people. */
  detail: string;
  /** What the submission costs as far as is known; absent or undefined leaves what was known before. */
  spent?: SpentAmount | undefined;
}

/** When an anchor gets a new submission. */
export interface StartTerms {
  anchor: string;
  /** Least time since its last submission was started. */
  intervalSeconds: number;
  /** Whether it gets none while its last one is unsubmitted or pending. */
  oneAtATime: boolean;
  /** What it may spend; null without a limit. */
  budget: AnchorBudget | null;
}

/** What an attempt to start a submission came to. */
export interface Started {
  /** The new submission; null when the anchor is not due (any more), or is paused. */
  held: HeldSubmission | null;
  /** Why the anchor's budget does not allow one now. */
  pause: Pause | null;
  /** Whether the anchor was paused before. */
  wasPaused: boolean;
}

/** A submission that this process holds: nobody else works on it until the hold ends. */
export interface HeldSubmission {
  /** Key of the row. */
  id: string;
  anchor: string;
  checkpointSize: number;
  /** Root of the log at that size, 32 bytes. */
  root: Uint8Array;
  /** The signed note of the checkpoint. */
  note: string;
  /** Last answer; null before the first. */
  answer: SubmissionAnswer | null;
  /** How often the submission was held, this time included. Only the newest hold may store. */
  attempts: number;
  /** When the anchor first confirmed it; null when it has not. */
  confirmedAt: Date | null;
}

/** First half of the advisory lock under which rows are made, one lock for each anchor: two processes cannot start two submissions in one
 * interval, nor spend one budget twice. */
const START_LOCK = 728_374_615;

/** What a paused anchor may spend is looked at again after this time. */
const BUDGET_AGAIN_SECONDS = 10;

const HELD_COLUMNS = `s."id", s."anchor", s."checkpoint_size" AS "checkpointSize", c."root", c."note", s."state", s."attestation", s."progress",
  s."detail", s."spent"::text, s."spent_unit" AS "unit", s."attempts", s."confirmed_at" AS "confirmedAt"`;

/** Anchors that are due for a new submission: `newest` is the newest checkpoint, `last` the anchor's last submission. While an anchor has not
 * taken anything of its last submission it gets no further one: once it can be reached again, one checkpoint covers all that waited. */
const DUE_STARTS = `SELECT a."anchor", "newest"."size", "known"."paused_since" IS NOT NULL AS "wasPaused"
  FROM unnest($1::text[], $2::float8[], $3::boolean[]) AS a("anchor", "interval", "oneAtATime")
  CROSS JOIN (SELECT max("size") AS "size" FROM "checkpoint") AS "newest"
  LEFT JOIN "anchor" AS "known" ON "known"."name" = a."anchor"
  LEFT JOIN LATERAL (SELECT "checkpoint_size", "created_at", "state", "attestation" FROM "submission"
    WHERE "anchor" = a."anchor" ORDER BY "checkpoint_size" DESC LIMIT 1) AS "last" ON true
  WHERE "newest"."size" IS NOT NULL AND ("last"."checkpoint_size" IS NULL OR ("last"."checkpoint_size" < "newest"."size"
    AND "last"."created_at" <= clock_timestamp() - make_interval(secs => a."interval")
    AND NOT ("last"."state" = 'unsubmitted' AND "last"."attestation" IS NULL)
    AND NOT (a."oneAtATime" AND "last"."state" IN ('unsubmitted', 'pending'))))`;

/** Writes how checkpoints get on at their anchors. A row is held by moving its next attempt into the future; so a process that dies loses
 * it after that time, and the attempt is repeated, which anchors make safe. */
@Injectable()
export class SubmissionRepository {
  constructor(@Inject(PG_POOL) private readonly pool: pg.Pool) {}

  /** Which of these anchors should get the newest checkpoint now, with its size. One that is paused is among them now and then only. */
  async dueStarts(terms: StartTerms[]): Promise<{ anchor: string; checkpointSize: number }[]> {
    const { rows } = await this.pool.query<{ anchor: string; size: string }>({
      name: 'submission-due-starts',
      text: `${DUE_STARTS} AND ("known"."paused_since" IS NULL OR "known"."budget_checked_at" IS NULL
        OR "known"."budget_checked_at" <= clock_timestamp() - make_interval(secs => ${BUDGET_AGAIN_SECONDS}))`,
      values: startValues(terms),
    });
    return rows.map(({ anchor, size }) => ({ anchor, checkpointSize: Number(size) }));
  }

  /** Submissions whose next attempt is due, of each anchor the longest overdue ones first and at most as many as it is given. */
  async due(limits: { anchor: string; limit: number }[]): Promise<{ id: string; anchor: string }[]> {
    const { rows } = await this.pool.query<{ id: string; anchor: string }>({
      name: 'submission-due',
      // statement_timestamp(), unlike clock_timestamp(), bounds the walk over the index.
      text: `SELECT s."id", a."anchor" FROM unnest($1::text[], $2::int[]) AS a("anchor", "limit") CROSS JOIN LATERAL (
          SELECT "id" FROM "submission" WHERE "anchor" = a."anchor" AND "next_attempt_at" <= statement_timestamp()
          ORDER BY "next_attempt_at" LIMIT a."limit"
        ) s`,
      values: [limits.map(({ anchor }) => anchor), limits.map(({ limit }) => limit)],
    });
    return rows;
  }

  /** Makes the row for the newest checkpoint and holds it, unless the anchor is not due or its budget is used up. That it is paused, or no
   * longer, is stored first and then told by `tell`, all before the commit: whatever dies in between, it is told again rather than not at all. */
  async start(terms: StartTerms, holdSeconds: number, tell: (started: Started) => void): Promise<Started> {
    return inTransaction(this.pool, [], async (client) => {
      await client.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [START_LOCK, terms.anchor]);
      const due = await client.query<{ wasPaused: boolean }>(DUE_STARTS, startValues([terms]));
      const wasPaused = due.rows[0]?.wasPaused ?? false;
      if (due.rows.length === 0) return { held: null, pause: null, wasPaused };
      const { anchor, budget } = terms;
      const pause = budget && whyPaused(budget, await readSpending(client, anchor, budget));
      if (pause) {
        await client.query(
          `INSERT INTO "anchor" AS a ("name", "paused_since", "paused_until", "paused_detail", "budget_checked_at")
           VALUES ($1, clock_timestamp(), $2, $3, clock_timestamp())
           ON CONFLICT ("name") DO UPDATE SET "paused_since" = coalesce(a."paused_since", EXCLUDED."paused_since"),
             "paused_until" = $2, "paused_detail" = $3, "budget_checked_at" = EXCLUDED."budget_checked_at"`,
          [anchor, pause.until, pause.detail],
        );
      } else if (wasPaused) {
        await client.query(
          `UPDATE "anchor" SET "paused_since" = NULL, "paused_until" = NULL, "paused_detail" = NULL WHERE "name" = $1`,
          [anchor],
        );
      }
      const held = pause ? null : await insertHeld(client, terms, holdSeconds);
      const started = { held, pause, wasPaused };
      tell(started);
      return started;
    });
  }

  /** Holds a submission that is due (times are rounded to the millisecond); null when it is not, because it was dealt with or another process holds it. */
  async hold(id: string, holdSeconds: number): Promise<HeldSubmission | null> {
    const { rows } = await this.pool.query<Row>({
      name: 'submission-hold',
      text: `UPDATE "submission" s SET "attempts" = s."attempts" + 1, "next_attempt_at" = clock_timestamp() + make_interval(secs => $2)
        FROM "checkpoint" c WHERE s."id" = $1 AND s."next_attempt_at" <= clock_timestamp() + interval '1 millisecond' AND c."size" = s."checkpoint_size"
        RETURNING ${HELD_COLUMNS}`,
      values: [id, holdSeconds],
    });
    return rows[0] ? toHeld(rows[0]) : null;
  }

  /** Stores an answer, with what was spent, and ends the hold; the next attempt is due after `nextSeconds`. False when the hold was lost to
   * another attempt, which then has the newer answer and, since amounts are cumulative, the whole amount. */
  async store(held: HeldSubmission, answer: SubmissionAnswer, nextSeconds: number): Promise<boolean> {
    const { rowCount } = await this.pool.query({
      name: 'submission-store',
      text: `UPDATE "submission" SET "state" = $3::text, "attestation" = $4, "progress" = $5, "detail" = $6,
          "next_attempt_at" = clock_timestamp() + make_interval(secs => $7), "updated_at" = clock_timestamp(),
          "submitted_at" = CASE WHEN $3 <> 'unsubmitted' THEN coalesce("submitted_at", clock_timestamp()) END,
          "confirmed_at" = CASE WHEN $3 IN ('confirmed', 'final') THEN coalesce("confirmed_at", clock_timestamp()) END,
          "spent" = coalesce($8::numeric, "spent"), "spent_unit" = coalesce($9::text, "spent_unit"),
          "spent_at" = CASE WHEN $8::numeric <> coalesce("spent", -1) OR (coalesce($8::numeric, "spent") IS NOT NULL
              AND $3 IN ('confirmed', 'final') AND "state" NOT IN ('confirmed', 'final')) THEN clock_timestamp() ELSE "spent_at" END
        WHERE "id" = $1 AND "attempts" = $2 AND ${DURABLY}`,
      values: [
        held.id,
        held.attempts,
        answer.state,
        answer.attestation,
        JSON.stringify(answer.progress),
        answer.detail,
        nextSeconds,
        answer.spent?.amount ?? null,
        answer.spent?.unit ?? null,
      ],
    });
    return rowCount === 1;
  }

  /** Ends a hold whose attempt came to nothing: the state stays, `detail` says what happened. False as for {@link store}. */
  async postpone(held: HeldSubmission, detail: string, nextSeconds: number): Promise<boolean> {
    const { rowCount } = await this.pool.query({
      name: 'submission-postpone',
      text: `UPDATE "submission" SET "detail" = $3, "next_attempt_at" = clock_timestamp() + make_interval(secs => $4),
        "updated_at" = clock_timestamp() WHERE "id" = $1 AND "attempts" = $2`,
      values: [held.id, held.attempts, detail, nextSeconds],
    });
    return rowCount === 1;
  }
}

/** Inserts the row of a start; null when another process was here meanwhile, or nothing is sealed. */
async function insertHeld(
  client: pg.PoolClient,
  terms: StartTerms,
  holdSeconds: number,
): Promise<HeldSubmission | null> {
  const { rows } = await client.query<Row>(
    `WITH s AS (
       INSERT INTO "submission" ("anchor", "checkpoint_size", "detail", "attempts", "next_attempt_at")
       SELECT d."anchor", d."size", 'being submitted for the first time', 1, clock_timestamp() + make_interval(secs => $4)
       FROM (${DUE_STARTS}) AS d RETURNING *
     ) SELECT ${HELD_COLUMNS} FROM s JOIN "checkpoint" c ON c."size" = s."checkpoint_size"`,
    [...startValues([terms]), holdSeconds],
  );
  return rows[0] ? toHeld(rows[0]) : null;
}

/** Parameters 1 to 3 of {@link DUE_STARTS}. */
function startValues(terms: StartTerms[]): [string[], number[], boolean[]] {
  return [
    terms.map(({ anchor }) => anchor),
    terms.map(({ intervalSeconds }) => intervalSeconds),
    terms.map(({ oneAtATime }) => oneAtATime),
  ];
}

interface Row {
  id: string;
  anchor: string;
  checkpointSize: string;
  root: Buffer;
  note: string;
  state: SubmissionAnswer['state'];
  attestation: Buffer | null;
  progress: unknown;
  detail: string;
  spent: string | null;
  unit: SpentAmount['unit'] | null;
  attempts: number;
  confirmedAt: Date | null;
}

function toHeld(row: Row): HeldSubmission {
  const { id, anchor, attempts, confirmedAt, state, attestation, progress, detail, spent, unit } = row;
  return {
    id,
    anchor,
    checkpointSize: Number(row.checkpointSize),
    root: new Uint8Array(row.root),
    note: row.note,
    // Progress is what an anchor cannot go on without: a row without it has never been answered.
    answer:
      progress === null
        ? null
        : {
            state,
            attestation: attestation === null ? null : new Uint8Array(attestation),
            progress,
            detail,
            ...(spent !== null && unit !== null && { spent: { amount: spent, unit } }),
          },
    attempts,
    confirmedAt,
  };
}
