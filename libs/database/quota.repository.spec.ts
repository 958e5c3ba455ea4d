import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { quotaColumns, QuotaRepository } from './quota.repository.js';
import { createTestDatabase, type TestDatabase } from './testing.js';

let db: TestDatabase;
let quotas: QuotaRepository;
beforeAll(async () => {
  db = await createTestDatabase();
  quotas = new QuotaRepository(db.pool);
  await db.pool.query(
    `INSERT INTO "agency" ("domain", "name") SELECT 'a' || i || '.gov', 'A' FROM generate_series(1, 5) i`,
  );
});
afterAll(() => db.drop());

const DAY = { windowSeconds: 86_400, requests: 1000, records: 5000 };

describe('what is taken of a quota', () => {
  it('never comes to more than the quota, however many take at once', async () => {
    const asked = Array.from({ length: 60 }, () => quotas.take(1, DAY, { requests: 30, records: 99 }));
    const grants = await Promise.all(asked);
    const sum = (what: 'requests' | 'records') => grants.reduce((all, { granted }) => all + granted[what], 0);
    expect([sum('requests'), sum('records')]).toEqual([1000, 5000]);
    expect(await quotas.used(1, DAY)).toEqual({ requests: 1000, records: 5000 });
    expect(await quotas.used(2, DAY)).toEqual({ requests: 0, records: 0 });
    const [{ window, endsInMs }] = [grants[0]!];
    expect(endsInMs).toBeGreaterThan(0);
    expect(endsInMs).toBeLessThanOrEqual(86_400_000);
    await quotas.giveBack(1, window, { requests: 10, records: 1 });
    expect((await quotas.take(1, DAY, { requests: 30, records: 30 })).granted).toEqual({ requests: 10, records: 1 });
    // Of another window nothing is given back.
    await quotas.giveBack(1, String(BigInt(window) - 1n), { requests: 10, records: 10 });
    expect((await quotas.take(1, DAY, { requests: 1, records: 1 })).granted).toEqual({ requests: 0, records: 0 });
    // A smaller quota has no room, a larger one has.
    const smaller = { ...DAY, requests: 10, records: null };
    expect((await quotas.take(1, smaller, { requests: 1, records: 0 })).granted).toEqual({ requests: 0, records: 0 });
    const larger = { ...DAY, requests: 1010 };
    expect((await quotas.take(1, larger, { requests: 60, records: 0 })).granted).toEqual({ requests: 10, records: 0 });
  });

  it('begins anew with each window', async () => {
    const second = { windowSeconds: 1, requests: 3, records: null };
    const windows = new Map<string, number>();
    for (const endMs = performance.now() + 2200; performance.now() < endMs;) {
      const { granted, window } = await quotas.take(3, second, { requests: 1, records: 0 });
      windows.set(window, (windows.get(window) ?? 0) + granted.requests);
    }
    expect(windows.size).toBeGreaterThanOrEqual(3);
    expect([...windows.values()].slice(0, -1)).toEqual(Array.from({ length: windows.size - 1 }, () => 3));
  });

  it('is said for an agency, for none, and by the settings', async () => {
    expect(await quotas.find(4)).toBeNull();
    const set = 'UPDATE "agency" SET "quota_seconds" = $1, "quota_requests" = $2, "quota_records" = $3 WHERE "id" = 4';
    for (const quota of [DAY, { ...DAY, records: null }, 'none', null] as const) {
      const { quotaSeconds, quotaRequests, quotaRecords } = quotaColumns(quota);
      await db.pool.query(set, [quotaSeconds, quotaRequests, quotaRecords]);
      expect(await quotas.find(4)).toEqual(quota);
    }
    await expect(db.pool.query(set, [null, 5, null])).rejects.toThrow('agency_check');
    await expect(db.pool.query(set, [60, null, 5])).rejects.toThrow('agency_check');
  });
});
