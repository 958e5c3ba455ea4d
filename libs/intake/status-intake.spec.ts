import { hash } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RecordRepository } from '#database/record.repository.js';
import { StatusEventRepository } from '#database/status-event.repository.js';
import { StatusRepository } from '#database/status.repository.js';
import { createTestDatabase, type TestDatabase } from '#database/testing.js';
import { STATUS_MAX_EVENTS } from '#status/event.js';
import { sealNextBatch } from '#sealing/seal.js';
import { assertLog, sealDeps, testKey } from '#sealing/testing/sealed-database.js';
import { buildRecordStatement } from '#statement/statement.js';
import { parseStatusStatement } from '#statement/status-statement.js';
import { formatTime } from '#statement/time.js';
import { nextNonce } from './nonce.js';
import { Receipts } from './receipts.js';
import { recordLeaf } from './record-leaf.js';
import { StatusIntakeService } from './status-intake.js';
import { parseStatusRequest } from './status-request.js';

const OWNER = { id: 1, domain: 'owner.example' };
const OTHER = { id: 2, domain: 'other.example' };
const key = testKey();
const receipts = new Receipts({ logOrigin: 'log.example/test' }, key);
let db: TestDatabase;
let statuses: StatusRepository;
let service: StatusIntakeService;
beforeAll(async () => {
  db = await createTestDatabase();
  statuses = new StatusRepository(db.pool);
  service = new StatusIntakeService(statuses, receipts);
});
afterAll(() => db.drop());

/** Lodges records of a profile, unsealed; returns their ids. */
async function lodge(profile: string, count: number, agency = OWNER): Promise<string[]> {
  const receivedAtMs = Date.now();
  const records = Array.from({ length: count }, () => {
    const digests = { sha256: hash('sha256', nextNonce(), 'hex') };
    const statement = buildRecordStatement({
      agency: agency.domain,
      profile,
      digests,
      blinded: true,
      receivedAt: formatTime(receivedAtMs),
      nonce: nextNonce(),
    });
    return {
      ...recordLeaf(receivedAtMs, digests, statement),
      agencyId: agency.id,
      statement,
      reference: null,
      gateUntil: null,
    };
  });
  await new RecordRepository(db.pool).insert(records, 1000);
  return records.map(({ id }) => id);
}

async function seal(): Promise<void> {
  while ((await sealNextBatch(sealDeps(db.pool, key, { batchMaxRecords: 5000 }))) !== null);
}

const sealed = async (profile: string, count = 1) => {
  const ids = await lodge(profile, count);
  await seal();
  return ids;
};
const ordinalOf = async (id: string) => (await statuses.subjects([id])).get(id)!.ordinal!;
const change = async (id: string, to: string, more: Record<string, unknown> = {}, agency = OWNER) => {
  const request = parseStatusRequest({ to, ...more }, Date.now());
  if ('errors' in request) throw new Error(JSON.stringify(request.errors));
  const answer = await service.change(agency, [id], request.ok);
  return { ...answer.results[0]!, receipt: answer.receipt };
};

describe('a change of status', () => {
  it('is in the log with the next batch, and says what came before it', async () => {
    const [id] = (await sealed('licence@1')) as [string];
    const suspended = await change(id, 'suspended', { reason: 'unpaid-fee' });
    expect(suspended).toMatchObject({ outcome: 'accepted', repeated: false });
    expect(suspended.receipt).toBeDefined();
    await seal();
    expect(await change(id, 'active')).toMatchObject({ outcome: 'accepted' });
    await seal();
    const { ordinal, latest } = (await statuses.subjects([id])).get(id)!;
    const history = await new StatusEventRepository(db.pool).history(latest!.ordinal!);
    expect(history.map(({ state }) => state)).toEqual([13, 2]);
    expect(history.map(({ first }) => first)).toEqual([ordinal, ordinal]);
    expect(history[0]!.previous).toBe(history[1]!.ordinal);
    expect(parseStatusStatement(JSON.parse(history[1]!.statement))).toMatchObject({ record: id, to: 'suspended' });
    expect(await assertLog(db.pool, key)).toBeGreaterThan(0);
  });

  it('waits until the record, and then the last event about it, is in the log', async () => {
    const [id] = (await lodge('licence@1', 1)) as [string];
    expect(await change(id, 'suspended')).toMatchObject({ refusal: { code: 'not-sealed' } });
    await seal();
    expect(await change(id, 'suspended')).toMatchObject({ outcome: 'accepted' });
    expect(await change(id, 'revoked')).toMatchObject({
      refusal: { code: 'not-sealed', standing: { status: 'suspended' } },
    });
    await seal();
    expect(await change(id, 'revoked')).toMatchObject({ outcome: 'accepted' });
  });

  it('is refused with the state that stands in its way, since when, and by whom', async () => {
    const [id] = (await sealed('licence@1')) as [string];
    expect(await change(id, 'active')).toMatchObject({ refusal: { code: 'status-conflict' } });
    await change(id, 'revoked', { effectiveAt: '2026-03-01T08:00:00+08:00' });
    await seal();
    const standing = { status: 'revoked', effectiveAt: '2026-03-01T00:00:00.000Z', by: 'lodger' };
    expect(await change(id, 'suspended')).toMatchObject({ refusal: { code: 'status-conflict', standing } });
  });

  it('may be said twice, before and after it is sealed, and is one event', async () => {
    const [id] = (await sealed('licence@1')) as [string];
    const first = await change(id, 'revoked', { reason: 'misuse' });
    expect(await change(id, 'revoked', { reason: 'misuse' })).toMatchObject({ outcome: 'accepted', repeated: true });
    await seal();
    const again = await change(id, 'revoked', { reason: 'misuse' });
    expect(again).toMatchObject({ outcome: 'accepted', repeated: true });
    expect(again).toMatchObject({ leafHex: (first as { leafHex: string }).leafHex });
    expect(await change(id, 'revoked', { reason: 'other' })).toMatchObject({ refusal: { code: 'status-conflict' } });
  });

  it('is for the agency that lodged the record, and for what its profile allows', async () => {
    const [licence] = (await sealed('licence@1')) as [string];
    const [invoice] = (await sealed('invoice@1')) as [string];
    expect(await change(licence, 'revoked', {}, OTHER)).toMatchObject({ refusal: { code: 'not-yours' } });
    expect(await change(licence, 'consumed', {}, OTHER)).toMatchObject({ refusal: { code: 'not-yours' } });
    expect(await change(invoice, 'revoked', {}, OTHER)).toMatchObject({ refusal: { code: 'not-yours' } });
    expect(await change(licence, 'consumed')).toMatchObject({ refusal: { code: 'status-not-allowed' } });
    expect(await change('019ca869-507b-7812-82da-057373556ba2', 'revoked')).toMatchObject({
      refusal: { code: 'record-not-found' },
    });
    expect(await change(invoice, 'consumed', { requestId: 'a-1' }, OTHER)).toMatchObject({ outcome: 'accepted' });
    await seal();
    expect(await change(invoice, 'consumed', { requestId: 'a-1' }, OTHER)).toMatchObject({ repeated: true });
    const standing = { status: 'consumed', by: 'other-agency' };
    expect(await change(invoice, 'consumed', { requestId: 'a-2' }, OTHER)).toMatchObject({
      refusal: { code: 'status-conflict', standing },
    });
    expect(await change(invoice, 'consumed', {}, OTHER)).toMatchObject({
      refusal: { code: 'status-conflict', standing },
    });
  });

  it('keeps the history of a record as short as a proof can hold: then only an end may follow', async () => {
    const [id] = (await sealed('licence@1')) as [string];
    await change(id, 'suspended');
    await seal();
    const events = async () => (await statuses.subjects([id])).get(id)!.latest!.events;
    expect(await events()).toBe(1);
    await change(id, 'active');
    await seal();
    expect(await events()).toBe(2);
    await db.pool.query('UPDATE "record_status" SET "events" = $1 WHERE "ordinal" = $2', [
      STATUS_MAX_EVENTS - 1,
      await ordinalOf(id),
    ]);
    expect(await change(id, 'suspended')).toMatchObject({ refusal: { code: 'status-conflict' } });
    expect(await change(id, 'revoked')).toMatchObject({ outcome: 'accepted' });
  });

  it('names a successor of the same agency when it supersedes', async () => {
    const [old, next] = (await sealed('title@1', 2)) as [string, string];
    const [foreign] = (await lodge('title@1', 1, OTHER)) as [string];
    for (const by of [foreign, old]) {
      expect(await change(old, 'superseded', { by })).toMatchObject({ refusal: { code: 'successor-not-found' } });
    }
    expect(await change(old, 'superseded', { by: next })).toMatchObject({ outcome: 'accepted' });
    expect(await change(old, 'superseded', { by: next })).toMatchObject({ repeated: true });
  });

  it(
    'has one winner of a thousand that consume at once over several pools, and is one event in the log',
    { timeout: 60_000 },
    async () => {
      const [id] = (await sealed('invoice@1')) as [string];
      const pools = Array.from({ length: 4 }, () => new pg.Pool({ connectionString: db.url, max: 5 }));
      try {
        const services = pools.map((pool) => new StatusIntakeService(new StatusRepository(pool), receipts));
        const answers = await Promise.all(
          Array.from({ length: 1000 }, (_, i) =>
            services[i % 4]!.change(i % 2 === 0 ? OWNER : OTHER, [id], { to: 'consumed', requestId: `${i}` }),
          ),
        );
        const winners = answers.filter(({ results }) => results[0]!.outcome === 'accepted');
        expect(winners).toHaveLength(1);
        for (const { results } of answers) {
          if (results[0]!.outcome === 'refused')
            expect(results[0]!.refusal.standing).toMatchObject({ status: 'consumed' });
        }
        await seal();
        const { latest } = (await statuses.subjects([id])).get(id)!;
        expect(await new StatusEventRepository(db.pool).history(latest!.ordinal!)).toHaveLength(1);
        expect(await assertLog(db.pool, key)).toBeGreaterThan(0);
      } finally {
        await Promise.all(pools.map((pool) => pool.end()));
      }
    },
  );
});

describe('a change of a range', () => {
  it('is one event for each stretch of untouched records, and one for each other that may follow', async () => {
    const ids = await sealed('permit@1', 2500);
    const first = await ordinalOf(ids[0]!);
    expect(await ordinalOf(ids[2499]!)).toBe(first + 2499);
    await change(ids[100]!, 'suspended');
    await change(ids[200]!, 'revoked');
    await seal();
    const answer = await service.changeRange(OWNER, { first, count: 2500 }, { to: 'revoked', reason: 'lot-recalled' });
    if ('refusal' in answer) throw new Error(answer.refusal.detail);
    expect(answer.results).toHaveLength(4);
    expect(answer.unchanged).toMatchObject([{ ordinal: first + 200, status: 'revoked' }]);
    const ranges = answer.results.map((result) =>
      result.outcome === 'accepted' ? parseStatusStatement(JSON.parse(result.statement)).range : null,
    );
    expect(ranges).toEqual([
      { first, count: 100 },
      { first: first + 101, count: 99 },
      { first: first + 201, count: 2299 },
      { first: first + 100, count: 1 },
    ]);
    await seal();
    for (const i of [0, 99, 100, 101, 2499]) {
      expect((await statuses.subjects([ids[i]!])).get(ids[i]!)!.latest).toMatchObject({ state: 1 });
    }
    expect(await assertLog(db.pool, key)).toBeGreaterThan(0);
  });

  it('is refused as a whole over records of others, of another profile, or that are not there', async () => {
    const ids = await sealed('permit@1', 5);
    await lodge('permit@1', 1, OTHER);
    await sealed('invoice@1', 1);
    const first = await ordinalOf(ids[0]!);
    const range = (from: number, count: number, to: 'revoked' | 'consumed' | 'active' = 'revoked') =>
      service.changeRange(OWNER, { first: from, count }, { to });
    expect(await range(first, 6)).toMatchObject({ refusal: { code: 'not-yours' } });
    expect(await range(first + 6, 2)).toMatchObject({ refusal: { code: 'record-not-found' } });
    expect(await range(first, 5, 'consumed')).toMatchObject({ refusal: { code: 'status-not-allowed' } });
    expect(await range(first, 5, 'active')).toMatchObject({ refusal: { code: 'status-conflict' } });
    expect(await range(first, 5)).toMatchObject({ unchanged: [] });
  });
});

describe('a request for a status', () => {
  it('is refused with a pointer to each fault', () => {
    const faults = (body: Record<string, unknown>) => {
      const answer = parseStatusRequest(body, Date.parse('2026-03-01T00:00:00Z'));
      return 'errors' in answer ? answer.errors.map(({ pointer }) => pointer) : [];
    };
    expect(faults({ to: 'revoked', reason: 'a-b', effectiveAt: '2026-02-01T00:00:00Z', requestId: 'x' })).toEqual([]);
    expect(faults({})).toEqual(['/to']);
    expect(faults({ to: 1, extra: 2 })).toEqual(['/extra', '/to']);
    expect(faults({ to: 'superseded' })).toEqual(['/by']);
    expect(faults({ to: 'revoked', by: '019ca869-507b-7812-82da-057373556ba2' })).toEqual(['/by']);
    expect(faults({ to: 'revoked', reason: 'In words' })).toEqual(['/reason']);
    expect(faults({ to: 'revoked', effectiveAt: '2026-03-01T00:00:00.001Z' })).toEqual(['/effectiveAt']);
    expect(faults({ to: 'revoked', requestId: '' })).toEqual(['/requestId']);
  });
});
