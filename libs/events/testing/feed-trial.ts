import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll } from 'vitest';
import type pg from 'pg';
import { type FeedEvent, FeedEventRepository } from '#database/feed-event.repository.js';
import { partitionBound } from '#database/partitions.js';
import { RecordRepository } from '#database/record.repository.js';
import { RelianceRepository } from '#database/reliance.repository.js';
import { createTestDatabase, type TestDatabase } from '#database/testing.js';
import { sealNextBatch } from '#sealing/seal.js';
import { sealDeps, testKey } from '#sealing/testing/sealed-database.js';
import { announceNews } from '../announce.js';

/** A database in which agencies lodge, a sealer seals, and what happens is announced. */
export interface FeedTrial {
  readonly pool: pg.Pool;
  readonly feed: FeedEventRepository;
  /** Lodges one record for each of these agencies, in one chunk, the first with a reference if given; resolves to the ids. */
  lodge(agencyIds: number[], profile?: string, reference?: string): Promise<string[]>;
  rely(agencyId: number, recordId: string): Promise<void>;
  /** Seals everything that waits as one batch; resolves to its number. */
  seal(): Promise<number>;
  /** Notes that an anchor has come to a state with the checkpoint of this size. */
  anchored(anchor: string, size: number, state: 'confirmed' | 'final'): Promise<void>;
  /** Announces until there is nothing more. */
  announce(): Promise<void>;
  /** Everything that an agency was told, or what came after `from` such events. */
  told(agencyId: number, from?: number): Promise<{ type: string; data: Record<string, unknown> }[]>;
}

const key = testKey();

/** One such database for the tests of a file. */
export function useFeedTrial(): FeedTrial {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  const trial: FeedTrial = {
    get pool() {
      return database.pool;
    },
    get feed() {
      return new FeedEventRepository(database.pool, database.pool);
    },
    async lodge(agencyIds, profile = 'generic@1', reference) {
      const records = agencyIds.map((agencyId, i) => ({
        id: `${partitionBound(Date.now()).slice(0, 14)}7000-8000-${randomBytes(6).toString('hex')}`,
        agencyId,
        digestHex: randomBytes(32).toString('hex'),
        otherDigestsHex: null,
        statement: JSON.stringify({ profile }),
        leafHex: randomBytes(32).toString('hex'),
        reference: i === 0 ? (reference ?? null) : null,
        gateUntil: null,
      }));
      await new RecordRepository(database.pool).insert(records, 1000);
      return records.map(({ id }) => id);
    },
    async rely(agencyId, recordId) {
      const leafHex = randomBytes(32).toString('hex');
      await new RelianceRepository(database.pool).lodge({
        agencyId,
        recordId,
        purpose: 'test',
        statement: '{}',
        leafHex,
      });
    },
    async seal() {
      const batch = await sealNextBatch(
        sealDeps(database.pool, key, { batchMaxRecords: 200_000, now: () => new Date() }),
      );
      return batch!.number;
    },
    async anchored(anchor, size, state) {
      await database.pool.query(
        `INSERT INTO "submission" ("anchor", "checkpoint_size", "state", "confirmed_at") VALUES ($1, $2, $3, now())
         ON CONFLICT ("anchor", "checkpoint_size") DO UPDATE SET "state" = $3`,
        [anchor, size, state],
      );
    },
    async announce() {
      while ((await announceNews(database.pool))?.more !== false);
    },
    async told(agencyId, from = 0) {
      const events: FeedEvent[] = await trial.feed.after(agencyId, null, 100_000);
      return events.slice(from).map(({ type, data }) => ({ type, data: JSON.parse(data) as Record<string, unknown> }));
    },
  };
  return trial;
}
