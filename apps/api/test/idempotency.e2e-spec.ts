import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { AgencyRepository } from '#database/agency.repository.js';
import { IdempotencyRepository } from '#database/idempotency.repository.js';
import { sha256Hex } from './public-proof.js';
import { startService, type TestService } from './service.js';

let service: TestService;
let second: TestService;
beforeAll(async () => {
  service = await startService();
  second = await startService({ SIGNING_KEY: service.config.signingKey! }, { database: service.database });
});
afterAll(async () => {
  await second.app.close();
  await service.stop();
});

const record = (document: string, more: object = {}) => ({
  digests: { sha256: sha256Hex(document) },
  profile: 'generic@1',
  ...more,
});
const post = (key: string, payload: unknown, { app = service.app, apiKey = service.key, url = '/v1/records' } = {}) =>
  app.inject({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey}`, 'idempotency-key': key },
    payload: JSON.stringify(payload),
  });
const stored = async (document: string): Promise<number> => {
  const text = 'SELECT count(*)::int AS "count" FROM "record" WHERE "digest" = $1';
  const { rows } = await service.database.pool.query<{ count: number }>(text, [
    Buffer.from(sha256Hex(document), 'hex'),
  ]);
  return rows[0]!.count;
};

describe('a request with an Idempotency-Key', () => {
  it('is done once, and answered again with the same bytes, by every process, quoted or bare', async () => {
    const key = randomUUID();
    const first = await post(key, record('once'));
    expect(first.statusCode).toBe(201);
    expect(first.headers['idempotent-replayed']).toBeUndefined();
    for (const again of [
      await post(`"${key}"`, record('once')),
      await post(key, record('once'), { app: second.app }),
    ]) {
      expect(again.statusCode).toBe(201);
      expect(again.headers).toMatchObject({ 'idempotent-replayed': 'true', location: first.headers['location'] });
      expect(again.body).toBe(first.body);
    }
    expect(await stored('once')).toBe(1);
    const many = [record('many 1'), {}, record('many 2')];
    const answers = [await post(`${key}-many`, many), await post(`${key}-many`, many)];
    expect(answers[1]!.body).toBe(answers[0]!.body);
    expect(await stored('many 1')).toBe(1);
  });

  it('is refused for another body or address, and another route and agency have keys of their own', async () => {
    const key = randomUUID();
    await post(key, record('mine'));
    const other = await post(key, record('another'));
    expect(other.json()).toMatchObject({ status: 422, code: 'idempotency-key-reused' });
    expect(await stored('another')).toBe(0);
    const agencies = service.app.get(AgencyRepository, { strict: false });
    const agency = (await agencies.create('other.example.gov', 'Other'))!;
    const { key: apiKey } = await agencies.createKey(agency.id, 'test');
    expect((await post(key, record('mine'), { apiKey })).statusCode).toBe(201);
    expect(await stored('mine')).toBe(2);
    expect((await post(key, {}, { url: '/v1/status' })).json()).toMatchObject({ code: 'invalid-body' });
  });

  it('is not kept when it is refused: corrected, it is done under the same key', async () => {
    const key = randomUUID();
    expect((await post(key, { profile: 'generic@1' })).statusCode).toBe(422);
    expect((await post(key, record('corrected'))).statusCode).toBe(201);
    expect((await post('', record('x'))).json()).toMatchObject({ status: 400, code: 'bad-request' });
    expect((await post('k'.repeat(256), record('x'))).statusCode).toBe(400);
  });

  it('is done once when many send it at the same time to both processes: others learn that it is being worked on', async () => {
    const key = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, i) => post(key, record('raced'), { app: i % 2 === 0 ? service.app : second.app })),
    );
    for (const { statusCode, headers, body } of answers) {
      if (statusCode === 201) continue;
      expect(JSON.parse(body)).toMatchObject({ status: 409, code: 'idempotency-in-progress' });
      expect(headers['retry-after']).toBe('1');
    }
    const done = answers.filter(({ statusCode }) => statusCode === 201);
    expect(done.length).toBeGreaterThan(0);
    expect(new Set(done.map(({ body }) => body)).size).toBe(1);
    expect(await stored('raced')).toBe(1);
  });

  it('stores nothing twice when its process is killed after the commit and before the answer', async () => {
    const requests = service.app.get(IdempotencyRepository, { strict: false });
    for (const body of [record('killed'), [record('killed 1'), record('killed 2', { reference: 'killed' }), {}]]) {
      const key = randomUUID();
      // What a killed process leaves: what was committed, and a key without an answer.
      const kept = vi.spyOn(requests, 'keep').mockResolvedValue();
      const lost = await post(key, body);
      kept.mockRestore();
      expect((await post(key, body, { app: second.app })).json()).toMatchObject({ code: 'idempotency-in-progress' });
      await service.database.pool.query('UPDATE "idempotency_key" SET "busy_until" = now() WHERE "key" = $1', [key]);
      const again = await post(key, body, { app: second.app });
      // But for the receipt, which is another one over the same.
      const told = (answer: typeof lost) => ({ ...answer.json<object>(), receipt: null, includeBy: null });
      expect(told(again)).toEqual(told(lost));
      expect((await post(key, body)).body).toBe(again.body);
    }
    for (const document of ['killed', 'killed 1', 'killed 2']) expect(await stored(document)).toBe(1);
  });

  it('consumes once when its process is killed after the commit and before the answer', async () => {
    const requests = service.app.get(IdempotencyRepository, { strict: false });
    const invoice = await post(randomUUID(), record('invoice', { profile: 'invoice@1', blinded: true }));
    const url = `/v1/records/${invoice.json<{ id: string }>().id}/status`;
    await service.seal();
    const key = randomUUID();
    const kept = vi.spyOn(requests, 'keep').mockResolvedValue();
    const lost = await post(key, { to: 'consumed' }, { url });
    kept.mockRestore();
    expect(lost.statusCode, lost.body).toBe(201);
    await service.database.pool.query('UPDATE "idempotency_key" SET "busy_until" = now() WHERE "key" = $1', [key]);
    const again = await post(key, { to: 'consumed' }, { url, app: second.app });
    const { statement } = lost.json<{ statement: object }>();
    expect(again.json()).toMatchObject({ statement, repeated: true });
    expect((await post(randomUUID(), { to: 'consumed' }, { url })).statusCode).toBe(409);
  });

  it('is forgotten after a day, and purged', async () => {
    const key = randomUUID();
    await post(key, record('old'));
    await service.database.pool.query(
      `UPDATE "idempotency_key" SET "created_at" = now() - interval '25 hours' WHERE "key" = $1`,
      [key],
    );
    expect((await post(key, record('new'))).statusCode).toBe(201);
    await service.database.pool.query(
      `UPDATE "idempotency_key" SET "created_at" = now() - interval '25 hours' WHERE "key" = $1`,
      [key],
    );
    expect(await service.app.get(IdempotencyRepository, { strict: false }).purge()).toBe(false);
    const { rows } = await service.database.pool.query('SELECT FROM "idempotency_key" WHERE "key" = $1', [key]);
    expect(rows).toHaveLength(0);
  });
});
