import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Quota } from '#database/quota.repository.js';
import { createApi } from '../create-api.js';
import { ImportClient } from './import-client.js';
import { sha256Hex, verifyFromPublicData } from './public-proof.js';
import { ADMIN, startService, type TestService } from './service.js';

const URL_OF = '/v1/agencies/records.example.gov/quota';
const EXCEEDED = 'https://iana.org/assignments/http-problem-types#quota-exceeded';

describe("an agency's quota", () => {
  let service: TestService;
  /** Another process on the same database. */
  let other: NestFastifyApplication;
  beforeAll(async () => {
    service = await startService();
    other = await createApi(service.config);
    await service.app.listen(0, '127.0.0.1');
  });
  afterAll(async () => {
    await other.close();
    await service.stop();
  });

  const administer = async (method: 'GET' | 'PUT' | 'DELETE', quota?: object | null) => {
    const payload = quota === undefined ? {} : { payload: { quota } };
    const headers = { authorization: `Bearer ${ADMIN}` };
    return service.app.inject({ method, url: URL_OF, headers, ...payload });
  };
  const item = (document: string) => ({ digests: { sha256: sha256Hex(document) }, profile: 'generic@1' });
  const post = (app: NestFastifyApplication, payload: object) =>
    app.inject({ method: 'POST', url: '/v1/records', headers: { authorization: `Bearer ${service.key}` }, payload });
  /** Until every process knows. */
  const set = async (quota: Quota | null) => {
    expect((await administer('PUT', quota)).statusCode).toBe(200);
    const told = async (app: NestFastifyApplication) => (await post(app, {})).headers['ratelimit-policy'];
    const { windowSeconds, requests } = quota ?? {};
    const policy = quota === null ? /^undefined$/ : new RegExp(`^"submit";q=${requests};w=${windowSeconds}`);
    for (const app of [service.app, other]) await expect.poll(async () => String(await told(app))).toMatch(policy);
  };

  it('is told with each answer and holds for all processes together, to the last request', async () => {
    expect((await post(service.app, item('free'))).headers).not.toHaveProperty('ratelimit');
    await set({ windowSeconds: 86_400, requests: 40, records: null });
    const { used } = (await administer('GET')).json<{ used: { requests: number } }>();
    expect(used.requests).toBeGreaterThan(0);
    const codes: number[] = [];
    const answers: Awaited<ReturnType<typeof post>>[] = [];
    for (let i = 0; i < 50; i += 1) {
      const answer = await post(i % 2 === 0 ? service.app : other, item(`counted ${i}`));
      codes.push(answer.statusCode);
      answers.push(answer);
    }
    const first = answers[0]!;
    expect(first.headers['ratelimit-policy']).toBe('"submit";q=40;w=86400');
    expect(first.headers['ratelimit']).toMatch(/^"submit";r=3\d;t=\d+$/);
    const taken = codes.filter((code) => code === 201).length;
    // Those that found out whether the quota holds were counted, too.
    expect(taken).toBeGreaterThanOrEqual(30);
    expect(taken).toBeLessThanOrEqual(38);
    const last = answers.at(-1)!;
    expect(last.json()).toMatchObject({
      status: 429,
      code: 'rate-limited',
      type: EXCEEDED,
      'violated-policies': ['submit'],
    });
    const [, left, seconds] = /^"submit";r=(\d+);t=(\d+)$/.exec(String(last.headers['ratelimit']))!;
    expect(left).toBe('0');
    expect(Number(last.headers['retry-after'])).toBeGreaterThanOrEqual(Number(seconds));
    expect((await administer('GET')).json()).toMatchObject({ own: true, used: { requests: 40 } });
    // What only reads is not counted.
    const headers = { authorization: `Bearer ${service.key}` };
    expect((await service.app.inject({ url: '/v1/records?reference=x', headers })).statusCode).toBe(200);
    await set(null);
    const { id } = (await post(other, item('counted on'))).json<{ id: string }>();
    await service.seal();
    expect((await verifyFromPublicData(service.app, id, 'counted on')).verdict).toBe('pending');
    expect((await administer('DELETE')).json()).toEqual({ quota: null, own: false, used: null });
  });

  it('counts records, refuses an array as a whole, and ends an import with its last line', async () => {
    await set({ windowSeconds: 86_400, requests: 100, records: 3000 });
    const array = Array.from({ length: 900 }, (_, i) => item(`array ${i}`));
    const stored = await post(service.app, array);
    expect(stored.headers['ratelimit-policy']).toBe('"submit";q=100;w=86400;sealroot-records=3000');
    const [, remaining] = /;sealroot-records=(\d+)$/.exec(String(stored.headers['ratelimit']))!;
    // What the other process has taken is not left for this one.
    expect(Number(remaining)).toBeGreaterThan(1200);
    expect(Number(remaining)).toBeLessThanOrEqual(2100);
    const client = new ImportClient((await service.app.getUrl()).replace('localhost', '127.0.0.1'), service.key);
    const path = await client.open();
    const lines = Array.from({ length: 3000 }, (_, i) => JSON.stringify(item(`line ${i}`)));
    const answers = await client.send(path, 0, lines);
    const last = answers.at(-1)!;
    expect(last).toMatchObject({
      outcome: 'stopped',
      line: answers.length - 1,
      problem: { type: EXCEEDED, code: 'rate-limited', status: 429, retryAfterSeconds: expect.any(Number) as number },
    });
    expect(answers.slice(0, -1).map(({ outcome }) => outcome)).not.toContain('rejected');
    expect(answers.length).toBeGreaterThan(1000);
    expect(await client.status(path)).toMatchObject({ committed: answers.length - 1 });
    const refused = await post(service.app, array);
    expect(refused.statusCode).toBe(429);
    expect(refused.json<{ detail: string }>().detail).toMatch(/^Expected at most 3000 records of this agency/);
    // Where the next window begins soon, an import waits for it.
    await set({ windowSeconds: 3, requests: 100, records: 1000 });
    const began = performance.now();
    const rest = lines.slice(answers.length - 1);
    expect((await client.send(path, answers.length - 1, rest)).map(({ outcome }) => outcome)).not.toContain('stopped');
    expect(performance.now() - began).toBeGreaterThan(rest.length > 1000 ? 500 : 0);
    expect(await client.status(path)).toMatchObject({ committed: 3000, failed: 0 });
  });

  it('is refused where it could never be kept to', async () => {
    const good = { windowSeconds: 60, requests: 10, records: null };
    for (const bad of [
      { ...good, requests: 0 },
      { ...good, windowSeconds: 0 },
      { ...good, records: 999 },
      { requests: 1 },
      7,
    ])
      expect((await administer('PUT', bad as object)).json(), JSON.stringify(bad)).toMatchObject({
        code: 'invalid-body',
      });
    const headers = { authorization: `Bearer ${ADMIN}` };
    for (const method of ['GET', 'DELETE'] as const) {
      const answer = await service.app.inject({ method, url: '/v1/agencies/none.example/quota', headers });
      expect(answer.json()).toMatchObject({ code: 'agency-not-found' });
    }
    expect((await service.app.inject(URL_OF)).statusCode).toBe(401);
  });
});
