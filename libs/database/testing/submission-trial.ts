import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import type pg from 'pg';
import { type AnchorStatus, AnchorReaderRepository } from '../anchor-reader.repository.js';
import {
  type HeldSubmission,
  type Started,
  type StartTerms,
  type SubmissionAnswer,
  SubmissionRepository,
} from '../submission.repository.js';
import { createTestDatabase, type TestDatabase } from '../testing.js';

/** What an anchor may spend in 24 hours, and the most that one checkpoint may cost. */
export const budget = (amount: bigint, most = 1000n) => ({ amount, most, unit: 'sats' });

/** What an anchor answers, at a cost in satoshis if told. */
export const answer = (state: SubmissionAnswer['state'], amount?: string): SubmissionAnswer => ({
  state,
  attestation: new Uint8Array([1]),
  progress: {},
  detail: state,
  spent: amount === undefined ? undefined : { amount, unit: 'sats' },
});

/** Terms of the anchor `bitcoin`, which starts one at every call. */
export const terms = (change: Partial<StartTerms> = {}): StartTerms => ({
  anchor: 'bitcoin',
  intervalSeconds: 0,
  oneAtATime: false,
  budget: null,
  ...change,
});

/** A database in which checkpoints are sealed, as far as its tables are concerned, and submitted. */
export interface SubmissionTrial {
  readonly pool: pg.Pool;
  readonly submissions: SubmissionRepository;
  /** What was told of each start of the test. */
  readonly told: Started[];
  /** Seals batches of these sizes, one after the other. */
  seal(...sizes: number[]): Promise<void>;
  start(change?: Partial<StartTerms>): Promise<Started>;
  /** A new checkpoint's submission, taken to `state` at a cost. */
  submitted(state: SubmissionAnswer['state'], amount?: string, anchor?: string): Promise<HeldSubmission>;
  /** Holds a submission again, as one that is due. */
  again(held: HeldSubmission): Promise<HeldSubmission | null>;
  /** Moves what was spent into the past. */
  age(held: HeldSubmission, hours: number): Promise<void>;
  status(anchor?: string): Promise<AnchorStatus>;
}

/** One database for the tests of a file, empty before each. */
export function useSubmissionTrial(): SubmissionTrial {
  let database: TestDatabase;
  let submissions: SubmissionRepository;
  let sealing: Promise<unknown> = Promise.resolve();
  const told: Started[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    submissions = new SubmissionRepository(database.pool);
  });
  beforeEach(async () => {
    told.length = 0;
    await database.pool.query('TRUNCATE "submission", "anchor", "checkpoint", "batch" RESTART IDENTITY');
  });
  afterAll(() => database.drop());

  async function sealNow(sizes: number[]): Promise<void> {
    for (const size of sizes) {
      await database.pool.query(
        `WITH b AS (INSERT INTO "batch" SELECT coalesce(max("number"), -1) + 1, $1, '\\x', clock_timestamp(), '\\x', '\\x', '' FROM "batch" RETURNING *)
         INSERT INTO "checkpoint" ("size", "root", "note", "records")
         SELECT b."number" + 1, '\\x', '', $1 + coalesce((SELECT max("records") FROM "checkpoint"), 0) FROM b`,
        [size],
      );
    }
  }

  const trial: SubmissionTrial = {
    get pool() {
      return database.pool;
    },
    get submissions() {
      return submissions;
    },
    told,
    seal(...sizes) {
      const turn = sealing.then(() => sealNow(sizes));
      sealing = turn.catch(() => undefined);
      return turn;
    },
    start: (change = {}) => submissions.start(terms(change), 60, (started) => void told.push(started)),
    async submitted(state, amount, anchor = 'bitcoin') {
      await trial.seal(1);
      const { held } = await trial.start({ anchor });
      expect(await submissions.store(held!, answer(state, amount), 3600)).toBe(true);
      return held!;
    },
    async again({ id }) {
      await database.pool.query(`UPDATE "submission" SET "next_attempt_at" = clock_timestamp() WHERE "id" = $1`, [id]);
      return submissions.hold(id, 60);
    },
    async age({ id }, hours) {
      await database.pool.query(
        `UPDATE "submission" SET "spent_at" = "spent_at" - make_interval(mins => $2) WHERE "id" = $1`,
        [id, Math.round(hours * 60)],
      );
    },
    status: async (anchor = 'bitcoin') => (await new AnchorReaderRepository(database.pool).status([anchor]))[0]!,
  };
  return trial;
}
