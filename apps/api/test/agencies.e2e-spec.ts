import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ActReplay } from '#audit/act.js';
import { sha256Hex, verifyFromPublicData } from './public-proof.js';
import { ADMIN, startService, type TestService } from './service.js';

describe('administration', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startService({ OPERATOR_NAME: 'Ministry of Records', PUBLIC_URL: 'https://notary.example.gov' });
  });
  afterAll(() => service.stop());

  const call = (method: 'GET' | 'POST' | 'DELETE', url: string, payload?: object, token = ADMIN) =>
    service.app.inject({ method, url, headers: { authorization: `Bearer ${token}` }, ...(payload ? { payload } : {}) });

  it('adds an agency, makes it a key that works at once, shows the key never again, and revokes it', async () => {
    const made = await call('POST', '/v1/agencies', { domain: 'tax.example.gov', name: 'Tax Office' });
    expect(made.statusCode, made.body).toBe(201);
    expect(made.json()).toMatchObject({ domain: 'tax.example.gov', name: 'Tax Office' });
    expect((await call('POST', '/v1/agencies', { domain: 'tax.example.gov', name: 'Again' })).json()).toMatchObject({
      status: 409,
      code: 'agency-exists',
    });
    const ours = 'registrar.test.example';
    for (const [url, body] of [
      ['/v1/agencies', { domain: ours, name: 'Us' }],
      [`/v1/agencies/${ours}/keys`, {}],
    ] as const)
      expect((await call('POST', url, body)).json()).toMatchObject({ status: 409, code: 'name-reserved' });
    const domains = (await call('GET', '/v1/agencies'))
      .json<{ agencies: { domain: string }[] }>()
      .agencies.map(({ domain }) => domain);
    expect(domains).toEqual(['records.example.gov', 'tax.example.gov']);

    const keyAnswer = await call('POST', '/v1/agencies/tax.example.gov/keys', { label: 'back office' });
    expect(keyAnswer.statusCode, keyAnswer.body).toBe(201);
    expect(keyAnswer.headers['cache-control']).toBe('private, no-store');
    const { key, prefix } = keyAnswer.json<{ key: string; prefix: string }>();
    expect(key.startsWith(`${prefix}_`)).toBe(true);
    expect((await call('POST', '/v1/agencies/tax.example.gov/keys')).statusCode).toBe(201);

    const record = await service.app.inject({
      method: 'POST',
      url: '/v1/records',
      headers: { authorization: `Bearer ${key}` },
      payload: { digests: { sha256: sha256Hex('tax') }, profile: 'generic@1' },
    });
    expect(record.statusCode).toBe(201);

    const list = await call('GET', '/v1/agencies/tax.example.gov/keys');
    expect(list.body).not.toContain(key.slice(12));
    expect(list.json<{ keys: unknown[] }>().keys).toContainEqual(
      expect.objectContaining({ prefix, label: 'back office', revokedAt: null }),
    );
    const gone = await call('DELETE', `/v1/agencies/tax.example.gov/keys/${prefix}`);
    expect([gone.statusCode, gone.body]).toEqual([204, '']);
    expect((await call('DELETE', '/v1/agencies/tax.example.gov/keys/sr_nosuchke')).json()).toMatchObject({
      code: 'key-not-found',
    });
    expect((await call('GET', '/v1/agencies/nobody.example/keys')).json()).toMatchObject({ code: 'agency-not-found' });

    const agencies = () => service.app.inject('/v1/agencies');
    expect((await agencies()).headers['cache-control']).toBe('public, max-age=60');
    const { receivedAt } = record.json<{ receivedAt: string }>();
    const createdAt = expect.stringMatching(/Z$/) as string;
    const poll = expect.poll(async () => (await agencies()).json<unknown>(), { timeout: 5000 });
    await poll.toEqual({
      agencies: [
        { domain: 'records.example.gov', name: 'Records Office', createdAt, profiles: [] },
        {
          domain: 'tax.example.gov',
          name: 'Tax Office',
          createdAt,
          profiles: [{ profile: 'generic@1', since: receivedAt }],
        },
      ],
    });
    await service.seal();
    const { record: verified } = await verifyFromPublicData(service.app, record.json<{ id: string }>().id, 'tax');
    expect(verified?.agency).toBe('tax.example.gov');
  });

  it('tells every act in the log at every level, and no secret', async () => {
    const quiet = await startService({ LOG_LEVEL: 'error' });
    const written: string[] = [];
    const spy = vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
    const send = (method: 'POST' | 'DELETE', url: string, payload?: object) =>
      quiet.app.inject({ method, url, headers: { authorization: `Bearer ${ADMIN}` }, ...(payload ? { payload } : {}) });
    try {
      const agency = { domain: 'audit.example.gov', name: 'Audit' };
      await send('POST', '/v1/agencies', agency);
      await send('POST', '/v1/agencies', agency);
      const { key, prefix } = (await send('POST', '/v1/agencies/audit.example.gov/keys')).json<
        Record<string, string>
      >();
      await send('DELETE', `/v1/agencies/audit.example.gov/keys/${prefix}`);
      await send('DELETE', '/v1/agencies/audit.example.gov/keys/sr_nosuchke');
      const log = written.join('');
      const lines = log.split('\n').filter((line) => line.includes('"context":"audit"'));
      const by = { actor: 'admin-token', from: '127.0.0.1' };
      const acts = lines.map((line) => (JSON.parse(line) as { message: object }).message);
      expect(acts).toEqual([
        expect.objectContaining({ act: 'agency.created', ...by, subject: { agency: agency.domain } }),
        expect.objectContaining({ act: 'key.created', ...by, subject: { agency: agency.domain, key: prefix } }),
        expect.objectContaining({ act: 'key.revoked', ...by, subject: { agency: agency.domain, key: prefix } }),
      ]);
      const read = (url: string) => quiet.app.inject({ url, headers: { authorization: `Bearer ${ADMIN}` } });
      const page = await read('/v1/audit?after=2&limit=3');
      expect(page.json()).toEqual({ acts, cursor: '5' });
      expect(page.headers.link).toBeUndefined();
      for (const secret of [ADMIN, key!.slice(12)]) expect(log + page.body).not.toContain(secret);
    } finally {
      spy.mockRestore();
      await quiet.stop();
    }
  });

  it('keeps every act in a log that its public head commits to, in pages', async () => {
    const webhook = { url: 'https://hooks.example.gov/in' };
    const endpoint = await call('POST', '/v1/webhooks', webhook, service.key);
    expect(endpoint.statusCode, endpoint.body).toBe(201);
    const replay = new ActReplay();
    const told: { act: string; actor: string }[] = [];
    for (let link: string | undefined = '</v1/audit?limit=2>'; link !== undefined;) {
      const page = await call('GET', /<(.*)>/.exec(link)![1]!);
      for (const act of page.json<{ acts: (typeof told)[number][] }>().acts) {
        replay.add(act);
        told.push(act);
      }
      link = page.headers['link'] as string | undefined;
    }
    expect(told[0]).toMatchObject({ act: 'log.begun', actor: 'service', subject: { log: 'test.example/log' } });
    expect(told.at(-1)).toMatchObject({
      act: 'endpoint.created',
      actor: `key:${service.keyPrefix}`,
      from: '127.0.0.1',
      subject: { agency: 'records.example.gov', endpoint: endpoint.json<{ id: string }>().id },
    });
    const head = (await service.app.inject('/v1/audit/head')).json<object>();
    const { size, root } = replay.head();
    expect(head).toMatchObject({ size, root: Buffer.from(root).toString('hex') });
    expect((await call('GET', `/v1/audit?after=${size - 1}`)).json()).toEqual({ acts: [], cursor: String(size - 1) });
    for (const cursor of ['-1', 'x', '01', '99999999999999999'])
      expect((await call('GET', `/v1/audit?after=${cursor}`)).json(), cursor).toMatchObject({ status: 400 });
    expect((await call('GET', '/v1/audit', undefined, service.key)).statusCode).toBe(401);
    expect((await service.app.inject('/v1/audit')).statusCode).toBe(401);
  });

  it('refuses a wrong token, an API key, and domains that no statement could carry', async () => {
    for (const token of [`${ADMIN}x`, 'wrong', service.key]) {
      expect((await call('GET', '/v1/agencies/records.example.gov/keys', undefined, token)).json()).toMatchObject({
        status: 401,
        code: 'unauthorized',
      });
    }
    for (const body of [
      { domain: 'Upper.example', name: 'x' },
      { domain: '-a.example', name: 'x' },
      { domain: 'a', name: '' },
      { domain: 'a.example' },
      { domain: 'a.example', name: 'x', more: 1 },
    ]) {
      expect((await call('POST', '/v1/agencies', body)).json(), JSON.stringify(body)).toMatchObject({
        status: 422,
        code: 'invalid-body',
      });
    }
  });

  it('is switched off without a token', async () => {
    const closed = await startService({ ADMIN_TOKEN: '' });
    try {
      const answer = await closed.app.inject({
        url: '/v1/agencies/a.example/keys',
        headers: { authorization: 'Bearer ' },
      });
      expect(answer.json()).toMatchObject({ status: 403, code: 'admin-disabled' });
    } finally {
      await closed.stop();
    }
  });

  it('is said with the operator, the logs and the anchors where strangers look first', async () => {
    const said = (await service.app.inject('/.well-known/sealroot.json')).json<Record<string, unknown>>();
    const key = (await service.app.inject('/v1/log/key')).body.trim();
    expect(said).toMatchObject({
      format: 'sealroot/service@1',
      url: 'https://notary.example.gov',
      operator: { name: 'Ministry of Records' },
      logs: [{ origin: 'test.example/log', key, firstBatch: 0, until: null }],
      anchors: [],
    });
    expect(said['agencies']).toEqual(
      (await service.app.inject('/v1/agencies')).json<Record<string, unknown>>()['agencies'],
    );
  });
});
