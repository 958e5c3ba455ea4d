import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CANDIDATE_PAGE, CandidateRepository } from '#database/candidate.repository.js';
import { createPool, READ_LIMITS, READ_SESSION } from '#database/pool.js';
import { createTestDatabase, type TestDatabase } from '#database/testing.js';
import type { ProofService } from '../proofs/proof.service.js';
import type { RecordsService } from '../records/records.service.js';
import { CandidatesService, LEAST_CANDIDATES, LEAST_PROOFS, PAGE_CANDIDATES } from './candidates.service.js';
import { estimateDigests } from './digest-count.js';
import { prefixBits, rangeOf } from './prefix.js';

/** Records, every tenth with a second digest. */
const RECORDS = 40_000;
const DIGESTS = RECORDS * 1.1;

describe('private lookups', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  let candidates: CandidateRepository;
  let service: CandidatesService;
  beforeAll(async () => {
    database = await createTestDatabase();
    for (const byte of ['00', '02']) {
      const [from, to] = [byte, `0${Number(byte) + 1}`].map((first) => `${first}000000-0000-0000-0000-000000000000`);
      await database.pool.query(
        `CREATE TABLE "record_${byte}" PARTITION OF "record" FOR VALUES FROM ('${from}') TO ('${to}')`,
      );
    }
    await database.pool.query(
      `INSERT INTO "record" SELECT ((CASE WHEN i % 2 = 0 THEN '00' ELSE '02' END) || '000000-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid, 1, 1, 0,
         sha256(i::text::bytea), CASE WHEN i % 10 = 0 THEN ARRAY[sha256(('x' || i)::bytea)] END, '{}' FROM generate_series(1, $1::int) i`,
      [RECORDS],
    );
    await database.pool.query('ANALYZE "record"');
    pool = createPool(database.url, 4, () => undefined, { limits: READ_LIMITS, session: READ_SESSION });
    candidates = new CandidateRepository(pool);
    service = new CandidatesService(candidates, {} as RecordsService, {} as ProofService);
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  it('are told among how many they are, without anybody counting', async () => {
    const estimate = await estimateDigests(candidates);
    expect(estimate).toBeGreaterThan(DIGESTS * 0.8);
    expect(estimate).toBeLessThan(DIGESTS * 1.25);
  });

  it('are answered with at least a thousand digests, each of which is in exactly one answer of the same size', async () => {
    const { candidates: bits, proofs } = await service.lengths();
    expect(bits).toBe(5);
    expect(proofs).toBeGreaterThan(bits);
    const seen = new Set<string>();
    for (let number = 0; number < 2 ** bits; number++) {
      const prefix = number.toString(2).padStart(bits, '0');
      const page = await service.page(prefix, null);
      expect(page).toHaveLength(5 + 24 * PAGE_CANDIDATES);
      const count = page.readUInt32BE();
      expect(count).toBeGreaterThanOrEqual(LEAST_CANDIDATES);
      expect(page[4]).toBe(0);
      for (let at = 5; at < 5 + 24 * count; at += 24) {
        const place = page.subarray(at, at + 24).toString('hex');
        expect(
          BigInt(`0x1${place.slice(0, 16)}`)
            .toString(2)
            .slice(1, 1 + bits),
        ).toBe(prefix);
        seen.add(place);
      }
    }
    expect(seen.size).toBe(DIGESTS);
  });

  it('say no more of a digest than they are asked for', async () => {
    const { candidates: bits, proofs } = await service.lengths();
    await expect(service.page('0'.repeat(bits + 1), null)).rejects.toMatchObject({ code: 'prefix-too-long' });
    await expect(service.proofLines('0'.repeat(proofs + 1), null)).rejects.toMatchObject({ code: 'prefix-too-long' });
  });

  it('of a shorter prefix are answered page by page, and a place before the prefix begins with the prefix', async () => {
    const first = await service.page('01', null);
    expect(first.readUInt32BE()).toBe(PAGE_CANDIDATES);
    expect(first[4]).toBe(1);
    const last = first.subarray(-24);
    const second = await service.page('01', Buffer.from(last));
    expect(Buffer.compare(second.subarray(5, 29), last)).toBe(1);
    const before = await service.page('01', Buffer.alloc(24));
    expect(before.subarray(5, 29)).toEqual(first.subarray(5, 29));
  });

  it('cost as much as a page of an index, however many records there are', async () => {
    const { rows } = await pool.query<{ plan: string }>({
      text: `EXPLAIN (ANALYZE, FORMAT JSON) ${CANDIDATE_PAGE}`,
      values: [rangeOf('1').first, '0'.repeat(32), rangeOf('1').last, 50],
      rowMode: 'array',
    } as never);
    const scans = [...JSON.stringify(rows).matchAll(/"Node Type":"([A-Za-z ]*Scan)"[^{}]*?"Actual Rows":([\d.]+)/g)];
    expect(scans.map(([, node]) => node)).toContain('Index Scan');
    for (const [, node, actual] of scans) {
      expect(['Index Scan', 'Index Only Scan', 'Subquery Scan']).toContain(node);
      expect(Number(actual), node).toBeLessThanOrEqual(51);
    }
  });

  it('wait for one another, and are turned away where too many do', async () => {
    const busy = new CandidatesService(candidates, {} as RecordsService, {} as ProofService);
    const { candidates: bits } = await busy.lengths();
    const answers = await Promise.allSettled(
      Array.from({ length: 200 }, (_, i) =>
        busy.page(i.toString(2).padStart(8, '0').slice(-bits), Buffer.alloc(24, i)),
      ),
    );
    const refused = answers.filter(({ status }) => status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    for (const answer of refused) expect(answer).toMatchObject({ reason: { code: 'busy' } });
    await expect(busy.page('0'.repeat(bits), null)).resolves.toHaveLength(5 + 24 * PAGE_CANDIDATES);
  });

  it.each([
    [0, 0],
    [2399, 0],
    [2400, 1],
    [4799, 1],
    [4800, 2],
    [1e9, 19],
  ])('among %d digests send %d bits', (total, bits) => {
    expect(prefixBits(total, 1200)).toBe(bits);
    if (bits > 0) expect(total / 2 ** bits).toBeGreaterThan(LEAST_CANDIDATES);
    expect(total / 2 ** prefixBits(total, LEAST_PROOFS)).toBeLessThan(2 * LEAST_PROOFS);
  });
});
