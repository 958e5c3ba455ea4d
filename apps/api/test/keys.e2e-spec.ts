import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { announceNews } from '#events/announce.js';
import { AgencyCache } from '../auth/agency-cache.js';
import { createApi } from '../create-api.js';
import { sha256Hex } from './public-proof.js';
import { ADMIN, startService, type TestService } from './service.js';

const DOMAIN = 'records.example.gov';

/** What a key of each scope opens; nothing else that needs a key. */
const OPENED = {
  submit: ['POST /v1/records', 'POST /v1/records/:id/reliances', 'POST /v1/imports'],
  status: ['POST /v1/status', 'POST /v1/records/:id/status'],
  read: ['GET /v1/records?reference=x', 'GET /v1/events', 'POST /v1/log/checkpoint'],
  admin: ['GET /v1/webhooks', 'POST /v1/webhooks'],
} as const;

interface Made {
  key: string;
  prefix: string;
}

describe('an API key', () => {
  let service: TestService;
  /** Another process on the same database. */
  let other: NestFastifyApplication;
  beforeAll(async () => {
    service = await startService();
    other = await createApi(service.config);
  });
  afterAll(async () => {
    await other.close();
    await service.stop();
  });

  const administer = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path = '', payload?: object) =>
    service.app.inject({
      method,
      url: `/v1/agencies/${DOMAIN}/keys${path}`,
      headers: { authorization: `Bearer ${ADMIN}` },
      ...(payload ? { payload } : {}),
    });
  const make = async (payload?: object) => {
    const answer = await administer('POST', '', payload);
    expect(answer.statusCode, answer.body).toBe(201);
    return answer.json<Made>();
  };
  const use = async (
    key: string,
    route = 'GET /v1/records?reference=x',
    app = service.app,
    remoteAddress = '127.0.0.1',
  ) => {
    const [method, url] = route.split(' ') as ['GET' | 'POST', string];
    const headers = {
      authorization: `Bearer ${key}`,
      ...(method === 'POST' ? { 'content-type': 'application/json' } : {}),
    };
    const path = url.replace(':id', '019cae01-0e7b-7a35-8d21-6f0c1b2a3948');
    const answer = await app.inject({
      method,
      url: path,
      headers,
      remoteAddress,
      ...(method === 'POST' ? { payload: '{}' } : {}),
    });
    return answer.statusCode < 400 ? 'ok' : answer.json<{ code: string }>().code;
  };

  it('that is revoked is refused at once by another process that has used it a moment ago', async () => {
    for (let round = 0; round < 5; round++) {
      const { key, prefix } = await make();
      expect(await use(key, undefined, other)).toBe('ok');
      expect((await administer('DELETE', `/${prefix}`)).statusCode).toBe(204);
      expect(await use(key)).toBe('unauthorized');
      // A notice comes: by this clock nothing that is remembered grows old.
      const clock = vi.spyOn(performance, 'now').mockReturnValue(performance.now());
      await expect.poll(() => use(key, undefined, other), { interval: 5 }).toBe('unauthorized');
      clock.mockRestore();
    }
  });

  it('opens what its scopes are for, and nothing else', async () => {
    for (const scope of ['submit', 'status', 'read', 'admin'] as const) {
      const { key } = await make({ scopes: [scope] });
      for (const [opened, routes] of Object.entries(OPENED))
        for (const route of routes) {
          const code = await use(key, route);
          if (opened === scope) expect(code, `${scope}: ${route}`).not.toBe('insufficient-scope');
          else expect(code, `${scope}: ${route}`).toBe('insufficient-scope');
        }
    }
  });

  it('that may not read sees of its own record what everybody sees', async () => {
    const [writer, reader] = [await make({ scopes: ['submit'] }), await make({ scopes: ['read'] })];
    const lodged = await service.app.inject({
      method: 'POST',
      url: '/v1/records',
      headers: { authorization: `Bearer ${writer.key}` },
      payload: { digests: { sha256: sha256Hex('scoped') }, profile: 'generic@1' },
    });
    const url = `/v1/records/${lodged.json<{ id: string }>().id}`;
    const see = async ({ key }: Made) =>
      (await service.app.inject({ url, headers: { authorization: `Bearer ${key}` } })).json<{ statement?: object }>();
    expect((await see(reader)).statement).toBeDefined();
    expect(await see(writer)).toEqual((await service.app.inject(url)).json());
  });

  it('works from its networks alone, and until its end', async () => {
    const { key, prefix } = await make({ networks: ['10.20.0.0/16', 'fd00::/8'] });
    for (const [address, code] of [
      ['10.20.30.40', 'ok'],
      ['fd00::1', 'ok'],
      ['10.21.0.1', 'address-not-allowed'],
      ['127.0.0.1', 'address-not-allowed'],
    ] as const)
      expect(await use(key, undefined, service.app, address), address).toBe(code);
    const expiresAt = new Date(Date.now() + 5000).toISOString();
    const changed = await administer('PATCH', `/${prefix}`, { networks: [], expiresAt });
    expect(changed.json()).toMatchObject({
      prefix,
      networks: [],
      expiresAt,
      scopes: ['submit', 'status', 'read', 'admin'],
    });
    await expect.poll(() => use(key)).toBe('ok');
    await expect.poll(() => use(key), { interval: 100 }).toBe('unauthorized');
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(expiresAt));
  });

  it('tells when it was used, and says no of itself what it may not', async () => {
    const { key, prefix } = await make({ label: 'used' });
    const listed = async () =>
      (await administer('GET'))
        .json<{ keys: { prefix: string; lastUsedAt: string | null }[] }>()
        .keys.find((one) => one.prefix === prefix)!;
    expect((await listed()).lastUsedAt).toBeNull();
    const before = Date.now();
    await use(key);
    await service.app.get(AgencyCache, { strict: false }).noteUse();
    expect(Date.parse((await listed()).lastUsedAt!)).toBeGreaterThanOrEqual(before);
    for (const terms of [
      { scopes: [] },
      { scopes: ['write'] },
      { networks: ['10.0.0.0/33'] },
      { expiresAt: '2020-01-01T00:00:00Z' },
      { expiresAt: 'soon' },
    ])
      for (const [method, path] of [
        ['POST', ''],
        ['PATCH', `/${prefix}`],
      ] as const)
        expect((await administer(method, path, terms)).json(), JSON.stringify(terms)).toMatchObject({
          code: 'invalid-body',
        });
    expect((await administer('PATCH', '/sr_nosuchke', { label: 'x' })).json()).toMatchObject({ code: 'key-not-found' });
    await administer('DELETE', `/${prefix}`);
    expect((await administer('PATCH', `/${prefix}`, { expiresAt: null })).json()).toMatchObject({
      code: 'key-not-found',
    });
  });

  it('that ends within two weeks is told of once, and again when its end is moved', async () => {
    const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
    const soon = inDays(13);
    const { prefix } = await make({ label: 'soon', expiresAt: soon });
    await make({ label: 'later', expiresAt: inDays(15) });
    const gone = await make({ label: 'revoked', expiresAt: soon });
    await administer('DELETE', `/${gone.prefix}`);
    const told = async () => {
      await announceNews(service.database.pool);
      const answer = await service.app.inject({
        url: '/v1/events',
        headers: { authorization: `Bearer ${service.key}` },
      });
      return answer
        .json<{ events: { type: string; data: object }[] }>()
        .events.filter(({ type }) => type === 'key.expiring')
        .map(({ data }) => data);
    };
    const event = { key: prefix, label: 'soon', expiresAt: soon };
    for (let look = 0; look < 2; look++) expect(await told()).toEqual([event]);
    const moved = inDays(10);
    await administer('PATCH', `/${prefix}`, { expiresAt: moved });
    expect(await told()).toEqual([event, { ...event, expiresAt: moved }]);
  });
});
