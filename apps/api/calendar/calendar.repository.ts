import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { covers } from '#database/covering.js';
import { READ_POOL } from '#database/pool.js';
import type { PlacedRecord } from '#database/record-reader.repository.js';
import type { SubmissionState } from '#database/submission-reader.repository.js';

/** Newest submissions among which one without a block is looked for: a wallet's coins allow no more of them at a time. */
const TIP_LOOKS = 100;

/** The checkpoint that leads a batch to Bitcoin for good. */
export interface FinalCheckpoint {
  size: number;
  /** 32 bytes. */
  root: Uint8Array;
  /** Signed note. */
  note: string;
  /** Timestamp of its root, as stored. */
  attestation: Uint8Array;
}

/** A checkpoint on its way to Bitcoin. */
export interface OpenSubmission {
  state: Exclude<SubmissionState, 'final'>;
  /** The adapter's memory; null before its first answer. */
  progress: unknown;
}

/** Reads what a calendar is asked for. Only the anchor `bitcoin` counts: a calendar answers with its own transactions. */
@Injectable()
export class CalendarRepository {
  constructor(@Inject(READ_POOL) private readonly pool: pg.Pool) {}

  /** The oldest record of the agency with this primary digest, or null. */
  async findByDigest(agencyId: number, digest: Uint8Array): Promise<PlacedRecord | null> {
    // The digest index first, whatever the planner thinks of the ids.
    const { rows } = await this.pool.query<{ id: string; statement: string; batch: string | null; index: number }>({
      name: 'calendar-record',
      text: `WITH hit AS MATERIALIZED (
          SELECT "id", "chunk_id", "position", "statement" FROM "record"
          WHERE substring("digest", 1, 8) = substring($2::bytea, 1, 8) AND "digest" = $2::bytea AND "agency_id" = $1
        ) SELECT r."id", r."statement", c."batch_number" AS "batch", c."batch_offset" + r."position" AS "index"
        FROM hit r JOIN "chunk" c ON c."id" = r."chunk_id" ORDER BY r."id" LIMIT 1`,
      values: [agencyId, digest],
    });
    const row = rows[0];
    if (!row) return null;
    const { id, statement, batch, index } = row;
    return { id, agencyId, statement, place: batch === null ? null : { batch: Number(batch), index } };
  }

  /** The smallest checkpoint that covers batch `number` and is final in Bitcoin, or null. */
  async finalCheckpoint(number: number): Promise<FinalCheckpoint | null> {
    const { rows } = await this.pool.query<Omit<FinalCheckpoint, 'size'> & { size: string }>({
      name: 'calendar-final',
      text: `SELECT s."checkpoint_size" AS "size", c."root", c."note", s."attestation" FROM "submission" s
        JOIN "checkpoint" c ON c."size" = s."checkpoint_size"
        WHERE s."anchor" = 'bitcoin' AND ${covers('s."checkpoint_size"', '$1')}
          AND s."state" = 'final' AND s."attestation" IS NOT NULL
        ORDER BY s."checkpoint_size" LIMIT 1`,
      values: [number],
    });
    return rows[0] ? { ...rows[0], size: Number(rows[0].size) } : null;
  }

  /** The submission that has come furthest of those that cover batch `number` and are not final, or null. */
  async openSubmission(number: number): Promise<OpenSubmission | null> {
    const { rows } = await this.pool.query<OpenSubmission>({
      name: 'calendar-open',
      text: `SELECT "state", "progress" FROM "submission" WHERE "anchor" = 'bitcoin' AND ${covers('"checkpoint_size"', '$1')}
          AND "state" <> 'final'
        ORDER BY "state" = 'confirmed' DESC, "state" = 'pending' DESC, "checkpoint_size" LIMIT 1`,
      values: [number],
    });
    return rows[0] ?? null;
  }

  /** Root (32 bytes) that the newest transaction without a block carries, or null when every one is in a block. */
  async tip(): Promise<Uint8Array | null> {
    const { rows } = await this.pool.query<{ root: Uint8Array }>({
      name: 'calendar-tip',
      text: `SELECT c."root" FROM (SELECT "checkpoint_size", "state" FROM "submission" WHERE "anchor" = 'bitcoin'
          ORDER BY "checkpoint_size" DESC LIMIT ${TIP_LOOKS}) s JOIN "checkpoint" c ON c."size" = s."checkpoint_size"
        WHERE s."state" = 'pending' ORDER BY s."checkpoint_size" DESC LIMIT 1`,
    });
    return rows[0]?.root ?? null;
  }
}
