import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { PG_POOL } from './pool.js';

/** What an anchor said about a submission: stored as it came. */
export interface SubmissionAnswer {
  state: 'unsubmitted' | 'pending' | 'confirmed' | 'final';
  attestation: Uint8Array | null;
  /** The anchor's own memory, JSON. */
  progress: unknown;
  /** A sentence for people. */
  detail: string;
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

/** Serialises the making of rows, so that two processes cannot start two submissions in one interval. */
const START_LOCK = 728_374_615;

const HELD_COLUMNS = `s."id", s."anchor", s."checkpoint_size" AS "checkpointSize", c."root", c."note", s."state", s."attestation", s."progress",
  s."detail", s."attempts", s."confirmed_at" AS "confirmedAt"`;

/** Whether an anchor is due for a new submission: `newest` is the newest checkpoint, `last` the anchor's last submission. While an anchor
 * has not taken anything of its last submission it gets no further one: once it can be reached again, one checkpoint covers all that waited. */
const START_DUE = `"newest"."size" IS NOT NULL AND ("last"."checkpoint_size" IS NULL OR ("last"."checkpoint_size" < "newest"."size"
  AND "last"."created_at" <= clock_timestamp() - make_interval(secs => $2)
  AND NOT ("last"."state" = 'unsubmitted' AND "last"."attestation" IS NULL)))`;

const NEWEST_AND_LAST = `(SELECT max("size") AS "size" FROM "checkpoint") AS "newest"
  LEFT JOIN LATERAL (SELECT "checkpoint_size", "created_at", "state", "attestation" FROM "submission"
    WHERE "anchor" = a."anchor" ORDER BY "checkpoint_size" DESC LIMIT 1) AS "last" ON true`;

/** Writes how checkpoints get on at their anchors. A row is held by moving its next attempt into the future; so a process that dies loses
 * it after that time, and the attempt is repeated, which anchors make safe. */
@Injectable()
export class SubmissionRepository {
  constructor(@Inject(PG_POOL) private readonly pool: pg.Pool) {}

  /** Anchors among `anchors` that should get the newest checkpoint now, with its size. */
  async dueStarts(anchors: string[], intervalSeconds: number): Promise<{ anchor: string; checkpointSize: number }[]> {
    const { rows } = await this.pool.query<{ anchor: string; size: string }>({
      name: 'submission-due-starts',
      text: `SELECT a."anchor", "newest"."size" FROM unnest($1::text[]) AS a("anchor") CROSS JOIN ${NEWEST_AND_LAST} WHERE ${START_DUE}`,
      values: [anchors, intervalSeconds],
    });
    return rows.map(({ anchor, size }) => ({ anchor, checkpointSize: Number(size) }));
  }

  /** Ids of submissions to `anchors` whose next attempt is due, longest overdue first. */
  async dueIds(anchors: string[], limit: number): Promise<string[]> {
    const { rows } = await this.pool.query<{ id: string }>({
      name: 'submission-due',
      text: `SELECT "id" FROM "submission" WHERE "next_attempt_at" <= clock_timestamp() AND "anchor" = ANY($1::text[])
        ORDER BY "next_attempt_at" LIMIT $2`,
      values: [anchors, limit],
    });
    return rows.map(({ id }) => id);
  }

  /** Makes the row for the newest checkpoint and holds it; null when the anchor is not due (any more). */
  async start(anchor: string, intervalSeconds: number, holdSeconds: number): Promise<HeldSubmission | null> {
    const client = await this.pool.connect();
    let broken: Error | undefined;
    try {
      await client.query('BEGIN');
      await client.query('SELECT pg_advisory_xact_lock($1)', [START_LOCK]);
      const { rows } = await client.query<Row>(
        `WITH s AS (
           INSERT INTO "submission" ("anchor", "checkpoint_size", "detail", "attempts", "next_attempt_at")
           SELECT a."anchor", "newest"."size", 'being submitted for the first time', 1, clock_timestamp() + make_interval(secs => $3)
           FROM (VALUES ($1::text)) AS a("anchor") CROSS JOIN ${NEWEST_AND_LAST} WHERE ${START_DUE} RETURNING *
         ) SELECT ${HELD_COLUMNS} FROM s JOIN "checkpoint" c ON c."size" = s."checkpoint_size"`,
        [anchor, intervalSeconds, holdSeconds],
      );
      await client.query('COMMIT');
      return rows[0] ? toHeld(rows[0]) : null;
    } catch (error) {
      await client.query('ROLLBACK').catch((failure: Error) => (broken = failure));
      throw error;
    } finally {
      client.release(broken);
    }
  }

  /** Holds a submission that is due; null when it is not, because it was dealt with or another process holds it. */
  async hold(id: string, holdSeconds: number): Promise<HeldSubmission | null> {
    const { rows } = await this.pool.query<Row>({
      name: 'submission-hold',
      text: `UPDATE "submission" s SET "attempts" = s."attempts" + 1, "next_attempt_at" = clock_timestamp() + make_interval(secs => $2)
        FROM "checkpoint" c WHERE s."id" = $1 AND s."next_attempt_at" <= clock_timestamp() AND c."size" = s."checkpoint_size"
        RETURNING ${HELD_COLUMNS}`,
      values: [id, holdSeconds],
    });
    return rows[0] ? toHeld(rows[0]) : null;
  }

  /** Stores an answer and ends the hold; the next attempt is due after `nextSeconds`. False when the hold was lost to another attempt. */
  async store(held: HeldSubmission, answer: SubmissionAnswer, nextSeconds: number): Promise<boolean> {
    const { rowCount } = await this.pool.query({
      name: 'submission-store',
      text: `UPDATE "submission" SET "state" = $3::text, "attestation" = $4, "progress" = $5, "detail" = $6,
          "next_attempt_at" = clock_timestamp() + make_interval(secs => $7), "updated_at" = clock_timestamp(),
          "submitted_at" = CASE WHEN $3 <> 'unsubmitted' THEN coalesce("submitted_at", clock_timestamp()) END,
          "confirmed_at" = CASE WHEN $3 IN ('confirmed', 'final') THEN coalesce("confirmed_at", clock_timestamp()) END
        WHERE "id" = $1 AND "attempts" = $2`,
      values: [
        held.id,
        held.attempts,
        answer.state,
        answer.attestation,
        JSON.stringify(answer.progress),
        answer.detail,
        nextSeconds,
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
  attempts: number;
  confirmedAt: Date | null;
}

function toHeld(row: Row): HeldSubmission {
  const { id, anchor, attempts, confirmedAt, state, attestation, progress, detail } = row;
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
        : { state, attestation: attestation === null ? null : new Uint8Array(attestation), progress, detail },
    attempts,
    confirmedAt,
  };
}
