import { hash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RecordRepository } from '#database/record.repository.js';
import { StatusRepository } from '#database/status.repository.js';
import { createTestDatabase, type TestDatabase } from '#database/testing.js';
import { sealNextBatch } from '#sealing/seal.js';
import { assertLog, sealDeps, testKey } from '#sealing/testing/sealed-database.js';
import type { ItemResult } from './accepted.js';
import { makeCandidate } from './candidate.js';
import { decidableLines } from './decidable-lines.js';
import { nextNonce } from './nonce.js';
import { isSuperseding, type SupersedingCandidate, SupersedingIntake } from './superseding.js';

const AGENCY = { id: 1, domain: 'owner.example' };
const key = testKey();
let db: TestDatabase;
let records: RecordRepository;
let superseding: SupersedingIntake;
beforeAll(async () => {
  db = await createTestDatabase();
  records = new RecordRepository(db.pool);
  superseding = new SupersedingIntake(new StatusRepository(db.pool), records);
});
afterAll(() => db.drop());

function candidate(name: string, more: object = {}) {
  const item = { digests: { sha256: hash('sha256', name, 'hex') }, profile: 'generic@1', ...more };
  const made = makeCandidate(AGENCY, item, Date.now(), nextNonce(), null);
  if (!('candidate' in made)) throw new Error('expected a candidate');
  return made.candidate;
}

function next(name: string, supersedes: string, more: object = {}): SupersedingCandidate {
  const made = candidate(name, { ...more, supersedes });
  if (!isSuperseding(made)) throw new Error('expected one that supersedes');
  return made;
}

const seal = async () => {
  while ((await sealNextBatch(sealDeps(db.pool, key, { batchMaxRecords: 5000 }))) !== null);
};
async function sealed(count: number): Promise<string[]> {
  const made = Array.from({ length: count }, () => candidate(nextNonce()));
  await records.insert(made, 1000);
  await seal();
  return made.map(({ id }) => id);
}
const accept = async (candidates: SupersedingCandidate[], chunkLeaves = 1000) => {
  const results = await superseding.accept(AGENCY, candidates, Date.now(), chunkLeaves);
  return candidates.map(({ id }) => results.get(id)!);
};
const told = (result: ItemResult) => (result.outcome === 'accepted' ? result.repeated : result.problem.code);

describe('records that supersede others', () => {
  it('are stored in few chunks, each with its event, and the log holds them', async () => {
    const olds = await sealed(25);
    const results = await accept(
      olds.map((old, i) => next(`next ${i}`, old, i % 2 === 0 ? {} : { reference: `r ${i}` })),
      20,
    );
    expect(results.map(told)).toEqual(olds.map(() => false));
    const { rows } = await db.pool.query<{ events: number; all: number }>(
      'SELECT "event_count" AS "events", "record_count" AS "all" FROM "chunk" WHERE "event_count" > 0 ORDER BY "id"',
    );
    expect(rows.map(({ all, events }) => [all, events])).toEqual([
      [20, 10],
      [20, 10],
      [10, 5],
    ]);
    await seal();
    const subjects = await new StatusRepository(db.pool).subjects(olds);
    for (const [i, result] of results.entries()) {
      const { latest } = subjects.get(olds[i]!)!;
      const [ours] = result.outcome === 'accepted' ? [result] : [];
      expect(latest).toMatchObject({ state: 3, statement: ours!.superseding!.statement });
    }
    expect(await assertLog(db.pool, key)).toBeGreaterThan(0);
  });

  it('are told again with their event, also within a request, and one loses nothing by what others do', async () => {
    const [a, b, c] = (await sealed(3)) as [string, string, string];
    const first = next('one', a, { reference: 'one' });
    const results = await accept([
      first,
      next('one', a, { reference: 'one' }),
      next('other', b, { reference: 'one' }),
      next('two', a),
      next('none', '019cae01-0e7b-7a35-8d21-6f0c1b2a3948', { reference: 'none' }),
      next('three', c, { reference: 'none' }),
    ]);
    expect(results.map(told)).toEqual([false, true, 'reference-conflict', 'not-sealed', 'record-not-found', false]);
    const [stored, again] = results as Extract<ItemResult, { outcome: 'accepted' }>[];
    expect(again).toMatchObject({ id: first.id, superseding: stored!.superseding });
    expect(await superseding.events([first])).toEqual(new Map([[first.id, stored!.superseding]]));
    await seal();
    const [late, other] = await accept([next('one', a, { reference: 'one' }), next('two', a)]);
    expect(late).toMatchObject({ id: first.id, repeated: true, superseding: stored!.superseding });
    expect(told(other!)).toBe('status-conflict');
  });

  it('have one winner for each of those whose place they take, however many ask at once', async () => {
    const olds = await sealed(40);
    const requests = Array.from({ length: 6 }, (_, n) => {
      const mine = n % 2 === 0 ? olds : olds.toReversed();
      return accept(mine.map((old) => next(`${n} ${old}`, old, { reference: `${n} ${old}` })));
    });
    const results = (await Promise.all(requests)).flat();
    expect(results.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(40);
    const { rows } = await db.pool.query<{ n: number }>(
      `SELECT count(*)::int AS "n" FROM "record_reference" WHERE "reference" ~ '^[0-5] '`,
    );
    expect(rows[0]!.n).toBe(40);
    await seal();
    expect(await assertLog(db.pool, key)).toBeGreaterThan(0);
  });
});

describe('lines of an import', () => {
  it('are decided together up to the first that must see what becomes of one before it', () => {
    const line = (made: ReturnType<typeof candidate>) => ({ hash: '', candidate: made });
    const [a, b] = ['019cae01-0e7b-7a35-8d21-6f0c1b2a3948', '019cae01-0e7b-7a35-8d21-6f0c1b2a3949'];
    const count = (...made: ReturnType<typeof candidate>[]) => decidableLines(made.map(line), 6);
    expect(count(candidate('x'), candidate('x', { reference: 'r' }), candidate('x', { reference: 'r' }))).toBe(3);
    expect(count(candidate('x', { reference: 'r' }), next('y', a, { reference: 'r' }))).toBe(1);
    expect(count(next('y', a, { reference: 'r' }), candidate('x', { reference: 'r' }))).toBe(1);
    expect(count(next('y', a), next('z', b), next('z', a))).toBe(2);
    expect(decidableLines([next('y', a), candidate('x'), next('z', b)].map(line), 2)).toBe(2);
    expect(decidableLines([{ hash: '', refused: '{}' }, line(next('y', a))], 1)).toBe(2);
  });
});
