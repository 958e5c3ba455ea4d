import { createHash, randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigError } from '#setting/config-error.js';
import { AgencyRepository } from '#database/agency.repository.js';
import { createTestDatabase } from '#database/testing.js';
import { createApi } from '../create-api.js';
import { AGENCY, CALENDAR, post, promised, PUBLIC_URL, startCalendar } from './calendar.js';
import { lintOpenApi } from './openapi-tools.js';
import { startService, testConfig, type TestService } from './service.js';

describe('the calendar', () => {
  const HEAD = 'POST /digest HTTP/1.1\r\nHost: localhost\r\n';
  const CHUNK = `40\r\n${'x'.repeat(64)}\r\n`;
  let service: TestService;
  let port: number;
  /** What a client hears that sends one byte of its digest and then nothing: it takes ten seconds, in which other tests run. */
  let slow: Promise<string>;
  beforeAll(async () => {
    service = await startCalendar();
    await service.app.listen(0, '127.0.0.1');
    port = Number(new URL(await service.app.getUrl()).port);
    slow = converse(port, [`${HEAD}Content-Length: 32\r\n\r\n`, 'x']);
  });
  afterAll(() => service.stop());

  it.each([
    ['a form, as the reference client says', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['bytes', { 'content-type': 'application/octet-stream' }],
    ['JSON', { 'content-type': 'application/json' }],
    ['text', { 'content-type': 'text/plain; charset=utf-8' }],
    ['no media type at all', { 'content-type': ';;=' }],
    ['nothing', {}],
  ])('takes a digest that is called %s', async (_name, headers) => {
    const digest = randomBytes(32);
    const answer = await post(service, digest, headers);
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'application/vnd.opentimestamps.v1']);
    expect(answer.headers).toMatchObject({ 'access-control-allow-origin': '*', 'cache-control': 'no-cache' });
    const { message, uri } = promised(answer.rawPayload, digest);
    expect(uri).toBe(PUBLIC_URL);
    const found = (await service.app.inject(`/v1/lookup/sha256/${message}`)).json<{ records: { agency: string }[] }>();
    expect(found.records).toMatchObject([{ agency: AGENCY, stage: 'accepted', profile: 'generic@1' }]);
  });

  it.each([1, 20, 64])('takes %d bytes', async (length) => {
    const digest = Buffer.alloc(length, 0x7b);
    const answers = await Promise.all([post(service, digest), post(service, digest)]);
    // The nonce makes two commitments of one digest.
    const messages = answers.map(({ rawPayload }) => promised(rawPayload, digest).message);
    expect(new Set(messages).size).toBe(2);
  });

  it.each([0, 65, 100_000])('refuses %d bytes', async (length) => {
    const answer = await post(service, Buffer.alloc(length, 1), { 'content-type': 'application/octet-stream' });
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([400, 'text/plain; charset=utf-8']);
    expect(answer.body).toMatch(length === 0 ? /1 to 64 bytes/ : /digest too long/);
  });

  it('answers 404 in the words of the reference while there is nothing final', async () => {
    const digest = randomBytes(32);
    const { message } = promised((await post(service, digest)).rawPayload, digest);
    const ask = (hex: string) => service.app.inject(`/timestamp/${hex}`);
    const pending = { statusCode: 404, body: 'Pending confirmation in Bitcoin blockchain' };
    expect(await ask(message)).toMatchObject(pending);
    expect(await ask(message.toUpperCase())).toMatchObject(pending);
    await service.seal();
    const answer = await ask(message);
    expect(answer).toMatchObject(pending);
    expect(answer.headers).toMatchObject({ 'cache-control': 'no-cache', 'access-control-allow-origin': '*' });
    expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8');
    for (const hex of [digest.toString('hex'), '00', '', 'ab'.repeat(64)])
      expect(await ask(hex)).toMatchObject({ statusCode: 404, body: 'Not found' });
    for (const text of ['0', 'xyz', `${message}0`, '%00', 'ab%0a'])
      expect(await ask(text)).toMatchObject({ statusCode: 400, body: 'commitment must be hex-encoded bytes' });
    expect((await ask('ab'.repeat(200))).statusCode).toBe(414);
  });

  it("answers nothing for an agency's own records", async () => {
    const sha256 = createHash('sha256').update('of an agency').digest('hex');
    const accepted = await service.app.inject({
      method: 'POST',
      url: '/v1/records',
      headers: { authorization: `Bearer ${service.key}` },
      payload: { digests: { sha256 }, profile: 'generic@1' },
    });
    expect(accepted.statusCode).toBe(201);
    expect(await service.app.inject(`/timestamp/${sha256}`)).toMatchObject({ statusCode: 404, body: 'Not found' });
  });

  it('has no tip while no transaction waits', async () => {
    const answer = await service.app.inject('/tip');
    expect([answer.statusCode, answer.body]).toEqual([204, '']);
  });

  it('answers HEAD, OPTIONS and wrong methods', async () => {
    const ask = (method: 'HEAD' | 'OPTIONS' | 'GET' | 'PUT' | 'POST', url: string) =>
      service.app.inject({ method, url });
    expect((await ask('HEAD', '/tip')).statusCode).toBe(204);
    expect(await ask('HEAD', `/timestamp/${'00'.repeat(32)}`)).toMatchObject({ statusCode: 404, body: '' });
    const preflight = await ask('OPTIONS', '/digest');
    expect(preflight.statusCode).toBe(204);
    expect(preflight.headers).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'POST',
    });
    expect((await ask('OPTIONS', '/tip')).headers['access-control-allow-methods']).toMatch(/GET/);
    for (const [method, url] of [
      ['GET', '/digest'],
      ['PUT', '/digest'],
      ['POST', '/tip'],
    ] as const)
      expect((await ask(method, url)).statusCode, `${method} ${url}`).toBe(405);
  });

  it('says how it is to who asks, and serves the page to browsers', async () => {
    const ask = (accept?: string) => service.app.inject({ url: '/', headers: accept ? { accept } : {} });
    for (const accept of [undefined, '*/*', 'text/html,application/xhtml+xml,*/*;q=0.8', 'text/html, text/plain']) {
      const page = await ask(accept);
      expect([page.statusCode, page.headers['vary']]).toEqual([200, 'accept']);
      expect(page.body).toMatch(/The page is not built/);
    }
    const json = await ask('application/json');
    expect(json.headers).toMatchObject({ 'content-type': 'application/json; charset=utf-8', vary: 'accept' });
    expect(json.json()).toEqual({
      calendar: PUBLIC_URL,
      accepting: true,
      lagSeconds: expect.any(Number) as number,
      tip: null,
      anchor: 'nothing was submitted yet',
    });
    for (const accept of ['text/plain', 'application/vnd.opentimestamps.v1'])
      expect((await ask(accept)).body).toMatch(
        /^OpenTimestamps calendar at https:\/\/notary\.example:8443\ntakes digests\n/,
      );
  });

  it('leaves the media types of every other route as they are', async () => {
    const answer = await service.app.inject({
      method: 'POST',
      url: '/v1/records',
      headers: { authorization: `Bearer ${service.key}`, 'content-type': 'application/octet-stream' },
      payload: randomBytes(32),
    });
    expect(answer.statusCode).toBe(415);
  });

  it('documents its routes', async () => {
    const document = (await service.app.inject('/openapi.json')).json<{ paths: Record<string, object> }>();
    expect(lintOpenApi(document)).toEqual([]);
    expect(document.paths).toMatchObject({
      '/digest': { post: { responses: { 200: {}, 400: {}, 429: {}, 503: {} } } },
      '/timestamp/{commitment}': { get: { responses: { 200: {}, 400: {}, 404: {}, 429: {} } } },
      '/tip': { get: { responses: { 200: {}, 204: {} } } },
    });
  });

  it('reads no more of a body than a digest', async () => {
    const tooLong = await converse(port, [`${HEAD}Content-Length: 1000000\r\n\r\nx`]);
    expect(tooLong).toMatch(/^HTTP\/1\.1 400 .*connection: close.*digest too long/s);
    const endless = await converse(port, [`${HEAD}Transfer-Encoding: chunked\r\n\r\n`, CHUNK, CHUNK]);
    expect(endless).toMatch(/^HTTP\/1\.1 400 .*connection: close.*digest too long/s);
    const right = await converse(port, [
      `${HEAD}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n`,
      `${CHUNK}0\r\n\r\n`,
    ]);
    expect(right).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('commits hundreds of digests at once, each for itself', async () => {
    const url = await service.app.getUrl();
    const before = await recorded();
    const answers: { digest: Buffer; answer: Uint8Array }[] = [];
    await Promise.all(
      Array.from({ length: 64 }, async () => {
        for (let i = 0; i < 12; i++) {
          const digest = randomBytes(32);
          const response = await fetch(`${url}/digest`, { method: 'POST', body: digest });
          expect(response.status).toBe(200);
          answers.push({ digest, answer: new Uint8Array(await response.arrayBuffer()) });
        }
      }),
    );
    expect((await recorded()) - before).toBe(answers.length);
    const messages = answers.map(({ digest, answer }) => promised(answer, digest).message);
    expect(new Set(messages).size).toBe(answers.length);
    const { rows } = await service.database.pool.query<{ count: string }>(
      `SELECT count(*) FROM "record" WHERE "digest" = ANY (SELECT decode(m, 'hex') FROM unnest($1::text[]) m)`,
      [messages],
    );
    expect(Number(rows[0]!.count)).toBe(answers.length);
  });

  it('does not wait for a body that does not come', async () => {
    expect(await slow).toMatch(/^HTTP\/1\.1 408 .*connection: close.*did not arrive in time/s);
  });

  const recorded = async () =>
    Number((await service.database.pool.query<{ count: string }>('SELECT count(*) FROM "record"')).rows[0]!.count);
});

describe('a service that is no calendar', () => {
  it('has none of its routes', async () => {
    const service = await startService({}, { portalFolder: '/nowhere' });
    for (const [method, url] of [
      ['POST', '/digest'],
      ['GET', '/tip'],
      ['GET', `/timestamp/${'00'.repeat(32)}`],
    ] as const)
      expect((await service.app.inject({ method, url })).statusCode, url).toBe(404);
    const home = await service.app.inject({ url: '/', headers: { accept: 'application/json' } });
    expect([home.body, home.headers['vary']]).toEqual([expect.stringMatching(/not built/) as string, undefined]);
    const { paths } = (await service.app.inject('/openapi.json')).json<{ paths: Record<string, object> }>();
    expect(Object.keys(paths)).not.toContain('/digest');
    await service.stop();
  });

  it.each([
    [{ PUBLIC_URL: 'https://notary.example/sealroot' }, /PUBLIC_URL.*clients cut off a path/],
    [{ PUBLIC_URL: 'https://notary.example/?a=b' }, /PUBLIC_URL/],
    [{ PUBLIC_URL: 'http://[::1]:3000' }, /PUBLIC_URL.*which a proof may hold/],
    [{ LOG_ORIGIN: 'a..b/log' }, /LOG_ORIGIN.*host name/],
  ])('does not become one with %j', async (env, message) => {
    const database = await createTestDatabase();
    const config = testConfig(database.url, { ...CALENDAR, ...env });
    await expect(createApi(config, { portalFolder: '/nowhere' })).rejects.toThrow(message);
    await database.drop();
  });

  it("does not become one in somebody else's name", async () => {
    const service = await startService();
    const agencies = service.app.get(AgencyRepository, { strict: false });
    const { id } = (await agencies.create(AGENCY, 'Somebody'))!;
    const { prefix } = await agencies.createKey(id, 'theirs');
    const config = testConfig(service.database.url, { ...CALENDAR, SIGNING_KEY: service.config.signingKey! });
    await expect(createApi(config, { portalFolder: '/nowhere' })).rejects.toThrow(ConfigError);
    await agencies.revokeKey(id, prefix);
    await (await createApi(config, { portalFolder: '/nowhere' })).close();
    await service.stop();
  });
});

/** Sends the pieces one after the other and resolves to all that came back until the server closed. */
function converse(port: number, pieces: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => {
      void (async () => {
        for (const piece of pieces) {
          socket.write(piece);
          await sleep(20);
        }
      })();
    });
    socket.on('data', (data) => (answer += data.toString('latin1')));
    socket.on('close', () => resolve(answer));
    socket.on('error', (error) => (answer === '' ? reject(error) : resolve(answer)));
  });
}
