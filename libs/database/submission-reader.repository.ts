import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { covers } from './covering.js';
import { READ_POOL } from './pool.js';

/** How far a checkpoint is on its way to an anchor. */
export type SubmissionState = 'unsubmitted' | 'pending' | 'confirmed' | 'final';

/** One checkpoint on its way to one anchor. */
export interface SubmissionRow {
  anchor: string;
  checkpointSize: number;
  state: SubmissionState;
  /** What stands for it in a proof; null until the anchor has answered. */
  attestation: Uint8Array | null;
  /** A sentence for people. */
  detail: string;
  attempts: number;
  /** What it costs as far as is known, in the anchor's smallest unit, decimal; null where nothing was said. */
  spent: string | null;
  nextAttemptAt: Date | null;
  createdAt: Date;
  submittedAt: Date | null;
  confirmedAt: Date | null;
}

/** What covers a batch at one anchor. */
export interface Coverage {
  anchor: string;
  /** The earliest confirmed submission, else the earliest that the anchor has answered, else the earliest. */
  submission: SubmissionRow;
  /** Whether nothing about it can change any more: it is final, and none before it is still open. */
  settled: boolean;
}

/** How far an anchor is as a whole. */
export interface AnchorProgress {
  anchor: string;
  /** Largest log size that the anchor has confirmed; 0 when none. */
  confirmedSize: number;
  /** When the first batch beyond that was sealed; null when the anchor has confirmed everything. */
  unconfirmedSince: Date | null;
}

/** Names of anchors that only the table knows are looked up again after this time. */
const NAMES_TTL_MS = 60_000;

const COLUMNS = `s."anchor", s."checkpoint_size" AS "checkpointSize", s."state", s."attestation", s."detail", s."attempts", s."spent"::text,
  s."next_attempt_at" AS "nextAttemptAt", s."created_at" AS "createdAt", s."submitted_at" AS "submittedAt", s."confirmed_at" AS "confirmedAt"`;

/** Reads how checkpoints get on at their anchors; written only by anchoring. */
@Injectable()
export class SubmissionReaderRepository {
  #names: { names: string[]; readAtMs: number } | null = null;

  constructor(@Inject(READ_POOL) private readonly pool: pg.Pool) {}

  /** Names of all anchors: those in `configured` first, then others that were ever used. */
  async anchorNames(configured: string[]): Promise<string[]> {
    if (this.#names === null || Date.now() - this.#names.readAtMs > NAMES_TTL_MS) {
      // Rows of anchors that were set up but never used are left out.
      const { rows } = await this.pool.query<{ anchor: string }>(
        'SELECT "name" AS "anchor" FROM "anchor" WHERE "attempts" > 0 ORDER BY "name"',
      );
      this.#names = { names: rows.map(({ anchor }) => anchor), readAtMs: Date.now() };
    }
    return [...new Set([...configured, ...this.#names.names])];
  }

  /** What covers batch `number` at each of `anchors`; an anchor without any covering submission is left out. */
  async coverage(number: number, anchors: string[]): Promise<Coverage[]> {
    const covering = `FROM "submission" s WHERE s."anchor" = a."anchor" AND ${covers('s."checkpoint_size"', '$2')}`;
    const { rows } = await this.pool.query<Row & { rank: number }>({
      name: 'submission-coverage',
      text: `SELECT s.* FROM unnest($1::text[]) AS a("anchor") CROSS JOIN LATERAL (
          (SELECT 0 AS "rank", ${COLUMNS} ${covering} AND s."state" IN ('confirmed', 'final') AND s."attestation" IS NOT NULL ORDER BY s."checkpoint_size" LIMIT 1)
          UNION ALL (SELECT 1, ${COLUMNS} ${covering} AND s."attestation" IS NOT NULL ORDER BY s."checkpoint_size" LIMIT 1)
          UNION ALL (SELECT 2, ${COLUMNS} ${covering} ORDER BY s."checkpoint_size" LIMIT 1)
        ) s ORDER BY array_position($1::text[], s."anchor"), s."rank"`,
      values: [anchors, number],
    });
    return anchors.flatMap((anchor) => {
      const own = rows.filter((row) => row.anchor === anchor);
      const [best, earliest] = [own[0], own.at(-1)];
      if (!best || !earliest) return [];
      const settled = best.state === 'final' && earliest.checkpointSize === best.checkpointSize;
      return [{ anchor, submission: toSubmission(best), settled }];
    });
  }

  /** Size of the newest checkpoint that covers batch `number` and that an anchor has confirmed; null when there is none. */
  async newestConfirmedSize(number: number): Promise<number | null> {
    const { rows } = await this.pool.query<{ size: string }>({
      name: 'submission-newest-confirmed',
      text: `SELECT "checkpoint_size" AS "size" FROM "submission" WHERE "state" IN ('confirmed', 'final') AND "attestation" IS NOT NULL
        AND ${covers('"checkpoint_size"', '$1')} ORDER BY "checkpoint_size" DESC LIMIT 1`,
      values: [number],
    });
    return rows[0] ? Number(rows[0].size) : null;
  }

  /** What anchors have answered about the checkpoint of exactly this size. */
  async attestations(size: number): Promise<{ anchor: string; attestation: Uint8Array }[]> {
    const { rows } = await this.pool.query<{ anchor: string; attestation: Buffer }>({
      name: 'submission-attestations',
      text: 'SELECT "anchor", "attestation" FROM "submission" WHERE "checkpoint_size" = $1 AND "attestation" IS NOT NULL ORDER BY "anchor"',
      values: [size],
    });
    return rows;
  }

  /** The newest submissions of one anchor, newest first. */
  async newest(anchor: string, limit: number): Promise<SubmissionRow[]> {
    const { rows } = await this.pool.query<Row>(
      `SELECT ${COLUMNS} FROM "submission" s WHERE s."anchor" = $1 ORDER BY s."checkpoint_size" DESC LIMIT $2`,
      [anchor, limit],
    );
    return rows.map(toSubmission);
  }

  /** How far each of `anchors` is. */
  async progress(anchors: string[]): Promise<AnchorProgress[]> {
    const { rows } = await this.pool.query<{ anchor: string; confirmedSize: string; unconfirmedSince: Date | null }>({
      name: 'submission-progress',
      text: `SELECT a."anchor", coalesce(s."size", 0) AS "confirmedSize", b."sealed_at" AS "unconfirmedSince"
        FROM unnest($1::text[]) WITH ORDINALITY AS a("anchor", "position")
        LEFT JOIN LATERAL (SELECT "checkpoint_size" AS "size" FROM "submission" WHERE "anchor" = a."anchor" AND "state" IN ('confirmed', 'final')
          ORDER BY "checkpoint_size" DESC LIMIT 1) s ON true
        LEFT JOIN "batch" b ON b."number" = coalesce(s."size", 0) ORDER BY a."position"`,
      values: [anchors],
    });
    return rows.map((row) => ({ ...row, confirmedSize: Number(row.confirmedSize) }));
  }

  /** Why a batch that no submission covers yet has to wait, a sentence for each of `anchors` that is paused or has a submission which it has not
   * taken: it gets no further one before. */
  async waits(anchors: string[]): Promise<Map<string, string>> {
    const { rows } = await this.pool.query<{ anchor: string; pause: string | null; size: string; detail: string }>({
      name: 'submission-waits',
      text: `SELECT a."anchor", k."paused_detail" AS "pause", l."checkpoint_size" AS "size", l."detail" FROM unnest($1::text[]) AS a("anchor")
        LEFT JOIN "anchor" k ON k."name" = a."anchor"
        LEFT JOIN LATERAL (SELECT "checkpoint_size", "state", "attestation", "detail" FROM "submission" WHERE "anchor" = a."anchor"
          ORDER BY "checkpoint_size" DESC LIMIT 1) l ON true
        WHERE k."paused_detail" IS NOT NULL OR (l."state" = 'unsubmitted' AND l."attestation" IS NULL)`,
      values: [anchors],
    });
    return new Map(
      rows.map(({ anchor, pause, size, detail }) => [
        anchor,
        pause ?? `waiting for checkpoint ${size} to get through: ${detail}`,
      ]),
    );
  }
}

type Row = Omit<SubmissionRow, 'checkpointSize'> & { checkpointSize: string };

function toSubmission(row: Row): SubmissionRow {
  const { anchor, state, attestation, detail, attempts, spent, nextAttemptAt, createdAt, submittedAt, confirmedAt } =
    row;
  const checkpointSize = Number(row.checkpointSize);
  return {
    anchor,
    checkpointSize,
    state,
    attestation,
    detail,
    attempts,
    spent,
    nextAttemptAt,
    createdAt,
    submittedAt,
    confirmedAt,
  };
}
