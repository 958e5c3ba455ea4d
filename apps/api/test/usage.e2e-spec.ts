import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AgencyRepository } from '#database/agency.repository.js';
import { announceNews } from '#events/announce.js';
import { UsageCounter } from '../usage/usage-counter.js';
import { sha256Hex } from './public-proof.js';
import { ADMIN, startService, type TestService } from './service.js';

interface Page {
  countedBatches: number;
  quota?: object | null;
  months: { month: string; records: number; costs: Record<string, unknown>[] }[];
  usage: ({ agency: string; month: string; costs: Record<string, unknown>[] } & Record<string, unknown>)[];
}

describe('/v1/usage', () => {
  let service: TestService;
  let bank: string;
  beforeAll(async () => {
    service = await startService({ ANCHORS: 'none' });
    const agencies = service.app.get(AgencyRepository, { strict: false });
    bank = (await agencies.createKey((await agencies.create('bank.example', 'Bank'))!.id, '')).key;
  });
  afterAll(() => service.stop());

  const post = (url: string, payload: unknown, key = service.key) =>
    service.app.inject({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      payload: JSON.stringify(payload),
    });
  const get = (url: string, key?: string) =>
    service.app.inject({ url, headers: key === undefined ? {} : { authorization: `Bearer ${key}` } });
  const usage = async (query = '', key = service.key) => {
    const answer = await get(`/v1/usage${query}`, key);
    expect(answer.statusCode, answer.body).toBe(200);
    return { ...answer.json<Page>(), link: answer.headers['link'] as string | undefined };
  };
  const item = (document: string, more: object = {}) => ({
    digests: { sha256: sha256Hex(document) },
    profile: 'generic@1',
    ...more,
  });
  const settle = async () => {
    await service.seal();
    while ((await announceNews(service.database.pool))?.more !== false);
  };
  const month = new Date().toISOString().slice(0, 7);

  it('counts what is in the log exactly, by kind, once however often it is announced', async () => {
    const lodged = await post(
      '/v1/records',
      Array.from({ length: 30 }, (_, i) => item(`mine ${i}`)),
    );
    const [first, second] = lodged.json<{ records: { id: string }[] }>().records;
    await post('/v1/records', item('theirs'), bank);
    await settle();
    for (const purpose of ['one', 'two', 'one'])
      expect((await post(`/v1/records/${first!.id}/reliances`, { purpose }, bank)).statusCode).toBeLessThan(300);
    await post(`/v1/records/${first!.id}/reliances`, { purpose: 'own' });
    await post(`/v1/records/${second!.id}/status`, { to: 'revoked' });
    await post('/v1/records', item('next', { supersedes: first!.id }));
    await settle();
    for (const other of [announceNews(service.database.pool), announceNews(service.database.pool)]) await other;
    const { months, usage: rows, countedBatches, quota } = await usage();
    expect(countedBatches).toBe(2);
    expect(quota).toBeNull();
    expect(months).toEqual([{ month, records: 32, costs: [] }]);
    expect(rows).toMatchObject([
      {
        agency: 'records.example.gov',
        month,
        records: 31,
        statusChanges: 2,
        reliances: 1,
        relyingAgencies: 1,
        verifications: { proofs: 0, lookUps: 0 },
        costs: [],
      },
    ]);
    expect((await usage('', bank)).usage).toMatchObject([
      { agency: 'bank.example', records: 1, statusChanges: 0, reliances: 2, relyingAgencies: 0 },
    ]);
    const { rows: stored } = await service.database.pool.query<{ n: number }>(
      'SELECT count(*)::int AS "n" FROM "record"',
    );
    expect(stored[0]!.n).toBe(32);
  });

  it('counts what others ask about records, and not what an agency asks of its own', async () => {
    const { id } = (await post('/v1/records', item('asked'))).json<{ id: string }>();
    await settle();
    for (const key of [undefined, bank, service.key])
      expect((await get(`/v1/records/${id}/proof`, key)).statusCode).toBe(200);
    await post('/v1/proofs', { records: [id] }, bank);
    for (const document of ['asked', 'asked', 'nobody has it']) await get(`/v1/lookup/sha256/${sha256Hex(document)}`);
    await service.app.get(UsageCounter, { strict: false }).note();
    const { verifications } = (await usage()).usage[0]!;
    expect(verifications).toEqual({ proofs: 3, lookUps: 2 });
  });

  it('shares what anchors have cost by records, to the month', async () => {
    const { pool } = service.database;
    const { rows } = await pool.query<{ size: string }>('SELECT max("size") AS "size" FROM "checkpoint"');
    await pool.query(`INSERT INTO "anchor" ("name") VALUES ('bitcoin') ON CONFLICT DO NOTHING`);
    const spend = (size: number, spent: number, at: string) =>
      pool.query(
        `INSERT INTO "submission" ("anchor", "checkpoint_size", "state", "spent", "spent_unit", "spent_at", "attestation", "confirmed_at")
         VALUES ('bitcoin', $1, 'confirmed', $2, 'sats', $3, '\\x00', now())`,
        [size, spent, at],
      );
    await spend(Number(rows[0]!.size), 3301, new Date().toISOString());
    await spend(1, 999, '2020-01-31T23:59:59.999Z');
    await pool.query(
      `INSERT INTO "usage_month" ("agency_id", "month", "records") VALUES ($1, '2020-01-01', 3), ($1, '2020-02-01', 4)`,
      [service.agencyId],
    );
    const fresh = await usage('?month=2020-01');
    expect(fresh.months).toEqual([
      {
        month: '2020-01',
        records: 3,
        costs: [{ anchor: 'bitcoin', unit: 'sats', spent: '999', perRecord: 333, budgetPerDay: null }],
      },
    ]);
    expect(fresh.usage[0]!.costs).toEqual([{ anchor: 'bitcoin', unit: 'sats', share: '999' }]);
    expect((await usage('?month=2020-02')).months[0]!.costs).toEqual([]);
  });

  it('is the agency’s own with its key, of all with the admin token in pages, and of nobody without', async () => {
    const whole = await usage('', ADMIN);
    expect(whole.quota).toBeUndefined();
    expect(whole.usage.map((row) => [row.month, row.agency])).toEqual([
      [month, 'records.example.gov'],
      [month, 'bank.example'],
      ['2020-02', 'records.example.gov'],
      ['2020-01', 'records.example.gov'],
    ]);
    const seen: unknown[] = [];
    for (let query: string | undefined = '?limit=1'; query !== undefined;) {
      const page: Awaited<ReturnType<typeof usage>> = await usage(query, ADMIN);
      seen.push(...page.usage);
      query = page.link === undefined ? undefined : /<\/v1\/usage(.*)>; rel="next"/.exec(page.link)![1]!;
    }
    expect(seen).toEqual(whole.usage);
    expect((await get('/v1/usage')).json()).toMatchObject({ code: 'unauthorized' });
    expect((await get('/v1/usage', 'wrong')).json()).toMatchObject({ code: 'unauthorized' });
    for (const query of ['?month=2026-13', '?month=26-01', '?after=x', '?limit=0', '?limit=1001', '?agency=1'])
      expect((await get(`/v1/usage${query}`, service.key)).json(), query).toMatchObject({ code: 'bad-request' });
  });
});
