import { hash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BatchRepository } from '#database/batch.repository.js';
import { StatusEventRepository } from '#database/status-event.repository.js';
import { createTestDatabase, type TestDatabase } from '#database/testing.js';
import { leafHash } from '#merkle/hash.js';
import { verifyInclusion } from '#merkle/inclusion.js';
import { parseStatusEntry } from '#statement/status-entry.js';
import type { StatusEvent } from '#status/event.js';
import type { StatusState } from '#status/state.js';
import { historyProblem, verifyStatus } from '#status/verify.js';
import { BatchPaths } from './batch-paths.js';
import { LogTree } from './log-tree.js';
import { sealNextBatch } from './seal.js';
import { StatusPaths } from './status-paths.js';
import { type LoggedBatch, StatusReader } from './status-reader.js';
import { addChunk, addEvents, sealDeps, testKey } from './testing/sealed-database.js';

const key = testKey();
const single = (first: number, state: StatusEvent['state'], previous: number | null = null) => ({
  first,
  count: 1,
  state,
  previous,
});

let db: TestDatabase;
const counter = { queries: 0 };
let reader: StatusReader;
const roots: Uint8Array[] = [];

beforeAll(async () => {
  db = await createTestDatabase();
  const seal = async () => {
    const batch = await sealNextBatch(sealDeps(db.pool, key, { batchMaxRecords: 200_000 }));
    roots.push(batch!.logRoot);
  };
  await addChunk(db.pool, 30_000);
  await seal(); // 0: ordinals 0 to 29,999
  await addEvents(db.pool, [single(7, 2), single(20_000, 12)]);
  await seal(); // 1: 30,000 and 30,001
  await addChunk(db.pool, 3);
  await addEvents(db.pool, [single(7, 13, 30_000), { first: 64, count: 200, state: 1, previous: null }]);
  await addChunk(db.pool, 5);
  await seal(); // 2: events at 30,005 and 30,006
  await addEvents(db.pool, [single(7, 1, 30_005)]);
  await seal(); // 3: 30,012
  reader = makeReader();
});
afterAll(() => db.drop());

/** A reader that remembers nothing yet, whose queries are counted. */
function makeReader(): StatusReader {
  const query = ((...args: Parameters<typeof db.pool.query>) => {
    counter.queries++;
    return db.pool.query(...args);
  }) as typeof db.pool.query;
  const pool = Object.assign(Object.create(db.pool) as typeof db.pool, { query });
  const [events, batchPaths] = [new StatusEventRepository(pool), new BatchPaths(pool)];
  return new StatusReader(new BatchRepository(pool), events, batchPaths, new StatusPaths(pool), new LogTree(pool));
}

function expectInLog({ entry, batch, path }: LoggedBatch, logSize: number): void {
  const claim = { leaf: leafHash(entry), index: batch.number, size: logSize, path, root: roots[logSize - 1]! };
  expect(verifyInclusion(claim), `batch ${batch.number} in the log of ${logSize}`).toBe(true);
}

/** What is shown of a record as of a size of the log, checked with what verifiers check: state and ordinals of the events. */
async function shown(ordinal: number, logSize: number, from = reader) {
  const last = await from.batch(logSize - 1, logSize);
  expectInLog(last, logSize);
  const { leaf, path, parsed } = await from.leaf(ordinal, logSize);
  const state = parsed.states[ordinal % 64]!;
  const events = await from.history(ordinal, parsed, logSize);
  const { first, size, statusRoot } = last.batch;
  const answer = verifyStatus({ ordinal, records: first + size, leaf, path, root: statusRoot });
  if (!answer.holds) throw new Error(answer.detail);
  expect(answer.state).toBe(state);
  const history = events.map(({ ordinal: at, entry, statement, index, path: inBatch, batch }): StatusEvent => {
    expectInLog(batch, logSize);
    expect(batch.batch.first + index).toBe(at);
    const claim = { leaf: leafHash(entry), index, size: batch.batch.size, path: inBatch, root: batch.batch.root };
    expect(verifyInclusion(claim), `event ${at}`).toBe(true);
    const { statementHash, effectiveAtMs: _, ...read } = parseStatusEntry(entry);
    expect(Buffer.from(statementHash)).toEqual(hash('sha256', statement, 'buffer'));
    return { ordinal: at, ...read };
  });
  expect(historyProblem(ordinal, { state: state as StatusState, lastEvent: answer.lastEvent }, history)).toBeNull();
  return [state, ...history.map(({ ordinal: at }) => at)];
}

describe('the status of a record as of any size of the log', () => {
  it('is shown by leaf, path, and every event down to the first', async () => {
    expect(await shown(7, 1)).toEqual([0]);
    expect(await shown(7, 2)).toEqual([2, 30_000]);
    expect(await shown(7, 3)).toEqual([13, 30_005, 30_000]);
    expect(await shown(7, 4)).toEqual([1, 30_012, 30_005, 30_000]);
    expect(await shown(20_000, 4)).toEqual([12, 30_001]);
    expect(await shown(263, 2)).toEqual([0]);
    for (const ordinal of [64, 127, 128, 263]) expect(await shown(ordinal, 3)).toEqual([1, 30_006]);
    for (const ordinal of [6, 63, 264, 29_999, 30_000, 30_012]) expect(await shown(ordinal, 4)).toEqual([0]);
  });

  it('is refused for a record that the log did not hold then, and for a log that is not there', async () => {
    await expect(reader.leaf(30_000, 1)).rejects.toMatchObject({ code: 'bad-ordinal' });
    await expect(reader.leaf(0, 5)).rejects.toMatchObject({ code: 'no-such-node' });
  });

  it('is read once for what records have in common, and not at all below what was never touched', async () => {
    const cold = makeReader();
    await shown(29_000, 4, cold);
    counter.queries = 0;
    for (let ordinal = 28_672; ordinal < 29_500; ordinal += 17) await shown(ordinal, 4, cold);
    expect(counter.queries).toBe(0);
    // Another leaf that was touched: its lowest tile, itself, its event, the event's batch.
    await shown(20_000, 4, cold);
    expect(counter.queries).toBeLessThanOrEqual(8);
    counter.queries = 0;
    await shown(20_001, 4, cold);
    expect(counter.queries).toBe(1);
  });
});
