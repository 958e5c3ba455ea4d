import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { READ_POOL } from './pool.js';

/** How long something took of late, in milliseconds, and how often it was measured. */
export interface MeasuredDelay {
  samples: number;
  halfMs: number;
  mostMs: number;
}

/** Cases that a measure looks back on. */
export const DELAY_SAMPLES = 100;

/** Newest submissions looked through for those that were confirmed: an anchor that confirms nothing costs no more. */
const LOOKED_THROUGH = 400;

const QUANTILES = `count(*)::int AS "samples", percentile_cont(0.5) WITHIN GROUP (ORDER BY "ms") AS "halfMs",
  percentile_cont(0.9) WITHIN GROUP (ORDER BY "ms") AS "mostMs"`;

/** Measures from the tables how long the newest cases took. What a measure costs does not grow with the tables. */
@Injectable()
export class DelayRepository {
  constructor(@Inject(READ_POOL) private readonly pool: pg.Pool) {}

  /** From the commit of records to the closing of their batch; undefined where there is no case. */
  async sealing(): Promise<MeasuredDelay | undefined> {
    const { rows } = await this.pool.query<MeasuredDelay>({
      name: 'delay-sealing',
      text: `SELECT ${QUANTILES} FROM (
        SELECT greatest(0, extract(epoch FROM b."sealed_at" - c."created_at") * 1000)::float8 AS "ms"
        FROM (SELECT "batch_number", "created_at" FROM "chunk" WHERE "batch_number" IS NOT NULL ORDER BY "batch_number" DESC, "batch_offset" DESC LIMIT $1) c
        JOIN "batch" b ON b."number" = c."batch_number") d`,
      values: [DELAY_SAMPLES],
    });
    return measured(rows[0]);
  }

  /** From the closing of the first batch that a submission covers anew to its confirmation there, for each of `anchors` that has a case: what a
   * batch waits at most. */
  async anchoring(anchors: readonly string[]): Promise<Map<string, MeasuredDelay>> {
    const { rows } = await this.pool.query<MeasuredDelay & { anchor: string }>({
      name: 'delay-anchoring',
      text: `SELECT a."anchor", d.* FROM unnest($1::text[]) AS a("anchor") CROSS JOIN LATERAL (
          SELECT ${QUANTILES} FROM (
            SELECT greatest(0, extract(epoch FROM s."confirmed_at" - b."sealed_at") * 1000)::float8 AS "ms" FROM (
              SELECT "state", "confirmed_at", coalesce(lead("checkpoint_size") OVER (ORDER BY "checkpoint_size" DESC), CASE WHEN count(*) OVER () < $2 THEN 0 END) AS "first" FROM (
                SELECT "state", "confirmed_at", "checkpoint_size" FROM "submission" WHERE "anchor" = a."anchor"
                ORDER BY "checkpoint_size" DESC LIMIT $2) n) s
            JOIN "batch" b ON b."number" = s."first"
            WHERE s."state" IN ('confirmed', 'final') AND s."confirmed_at" IS NOT NULL ORDER BY s."first" DESC LIMIT $3) m) d`,
      values: [anchors, LOOKED_THROUGH, DELAY_SAMPLES],
    });
    return new Map(
      rows.flatMap(({ anchor, ...row }) => {
        const delay = measured(row);
        return delay === undefined ? [] : [[anchor, delay] as const];
      }),
    );
  }
}

function measured(row: MeasuredDelay | undefined): MeasuredDelay | undefined {
  return row === undefined || row.samples === 0 ? undefined : row;
}
