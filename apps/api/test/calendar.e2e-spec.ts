import { createHash, randomBytes } from 'node:crypto';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import autocannon from 'autocannon';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigError } from '#setting/config-error.js';
import { AgencyRepository } from '#database/agency.repository.js';
import { createTestDatabase, type TestDatabase } from '#database/testing.js';
import { parseTimestamp } from '#ots/codec.js';
import { listAttestations } from '#ots/visit.js';
import { createApi } from '../create-api.js';
import { startService, testConfig, type TestService } from './service.js';

const PUBLIC_URL = 'https://notary.example:8443';
const AGENCY = 'calendar.test.example';
/** No node listens there: what a calendar does with its transactions is tested with a real one in the sandbox's tests. */
const CALENDAR = {
  OTS_CALENDAR: 'on',
  ANCHORS: 'bitcoin',
  BITCOIN_RPC_URL: 'http://user:password@127.0.0.1:1',
  PUBLIC_URL: `${PUBLIC_URL}/`,
  OTS_CALENDAR_RATE: '100000',
  OTS_CALENDAR_RATE_TOTAL: '1000000',
};
const start = (env: Record<string, string> = {}, database?: TestDatabase) =>
  startService({ ...CALENDAR, ...env }, { portalFolder: '/nowhere', ...(database ? { database } : {}) });
const post = (
  service: TestService,
  body: Buffer | string,
  headers: Record<string, string> = {},
  address = '10.0.0.1',
) => service.app.inject({ method: 'POST', url: '/digest', payload: body, headers, remoteAddress: address });

/** The message and address that an answer to a posted digest promises the rest for. */
function promised(answer: Uint8Array, digest: Uint8Array): { message: string; uri: string } {
  const found = listAttestations(parseTimestamp(answer, digest, { canonical: true }));
  expect(found).toHaveLength(1);
  const { attestation, message, path } = found[0]!;
  if (attestation.type !== 'pending') throw new Error(`expected a pending attestation, got ${attestation.type}`);
  expect(path).toMatchObject([{ type: 'append' }, { type: 'sha256' }]);
  expect((path[0] as { operand: Uint8Array }).operand.length).toBeGreaterThanOrEqual(16);
  return { message: Buffer.from(message).toString('hex'), uri: attestation.uri };
}

describe('the calendar', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await start();
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
    const { paths } = (await service.app.inject('/openapi.json')).json<{ paths: Record<string, object> }>();
    expect(paths).toMatchObject({
      '/digest': { post: { responses: { 200: {}, 400: {}, 429: {}, 503: {} } } },
      '/timestamp/{commitment}': { get: { responses: { 200: {}, 400: {}, 404: {}, 429: {} } } },
      '/tip': { get: { responses: { 200: {}, 204: {} } } },
    });
  });

  it('reads no more of a body than a digest, and waits for none', async () => {
    await service.app.listen(0, '127.0.0.1');
    const { port } = new URL(await service.app.getUrl());
    const head = 'POST /digest HTTP/1.1\r\nHost: localhost\r\n';
    const chunk = `40\r\n${'x'.repeat(64)}\r\n`;
    const tooLong = await converse(Number(port), [`${head}Content-Length: 1000000\r\n\r\nx`]);
    expect(tooLong).toMatch(/^HTTP\/1\.1 400 .*connection: close.*digest too long/s);
    const endless = await converse(Number(port), [`${head}Transfer-Encoding: chunked\r\n\r\n`, chunk, chunk]);
    expect(endless).toMatch(/^HTTP\/1\.1 400 .*connection: close.*digest too long/s);
    const right = await converse(Number(port), [
      `${head}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n`,
      `${chunk}0\r\n\r\n`,
    ]);
    expect(right).toMatch(/^HTTP\/1\.1 200 /);
    const slow = await converse(Number(port), [`${head}Content-Length: 32\r\n\r\n`, 'x']);
    expect(slow).toMatch(/^HTTP\/1\.1 408 .*connection: close.*did not arrive in time/s);
  });

  it('commits thousands of digests at once, each for itself', async () => {
    const url = await service.app.getUrl();
    const before = await recorded();
    const answers: { digest: Buffer; answer: Uint8Array }[] = [];
    const COUNT = 4000;
    await Promise.all(
      Array.from({ length: 64 }, async () => {
        for (let i = 0; i < COUNT / 64; i++) {
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
    const load = await autocannon({
      url: `${url}/digest`,
      method: 'POST',
      body: digestText(),
      connections: 64,
      duration: 3,
    });
    expect([load.non2xx + load.errors, load['2xx'] > 100]).toEqual([0, true]);
  });

  const recorded = async () =>
    Number((await service.database.pool.query<{ count: string }>('SELECT count(*) FROM "record"')).rows[0]!.count);
});

describe('the limits of a calendar', () => {
  it('are one for each address and one for all, and leave other routes alone', async () => {
    const service = await start({ OTS_CALENDAR_RATE: '5', OTS_CALENDAR_RATE_TOTAL: '12' });
    const status = async (address: string) => (await post(service, randomBytes(32), {}, address)).statusCode;
    for (let i = 0; i < 5; i++) expect(await status('10.0.0.1')).toBe(200);
    const refused = await post(service, randomBytes(32), {}, '10.0.0.1');
    expect(refused.statusCode).toBe(429);
    expect(refused.body).toMatch(/at most 5 a minute from one address/);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60);
    const ask = (remoteAddress: string) => service.app.inject({ url: '/tip', remoteAddress });
    expect((await ask('10.0.0.1')).statusCode).toBe(429);
    // A forwarded address is whatever the client likes to write.
    const forged = await post(service, randomBytes(32), { 'x-forwarded-for': '10.9.9.9' }, '10.0.0.1');
    expect(forged.statusCode).toBe(429);
    for (let i = 0; i < 10; i++) expect((await service.app.inject('/livez')).statusCode).toBe(200);
    // One household of IPv6 is one address.
    for (let i = 0; i < 5; i++) expect(await status(`2001:db8:1:2::${i + 1}`)).toBe(200);
    expect(await status('2001:db8:1:2:ffff::1')).toBe(429);
    for (const address of ['10.0.0.3', '10.0.0.4']) expect(await status(address)).toBe(200);
    const full = await post(service, randomBytes(32), {}, '10.0.0.5');
    expect([full.statusCode, full.body]).toEqual([429, expect.stringMatching(/at most 12 a minute in all/) as string]);
    expect((await ask('10.0.0.5')).statusCode).toBe(204);
    await service.stop();
  });

  it('count by the address that a trusted proxy reports, and by no other report', async () => {
    const service = await start({ OTS_CALENDAR_RATE: '2', TRUSTED_PROXIES: '10.1.0.0/16' });
    const via = async (proxy: string, client: string) =>
      (await post(service, randomBytes(32), { 'x-forwarded-for': client }, proxy)).statusCode;
    for (const client of ['192.0.2.1', '192.0.2.1', '192.0.2.2']) expect(await via('10.1.0.7', client)).toBe(200);
    expect(await via('10.1.0.8', '192.0.2.1')).toBe(429);
    // The proxy appends what it saw; what the client wrote before that counts for nothing.
    expect(await via('10.1.0.7', '198.51.100.1, 192.0.2.1')).toBe(429);
    for (const client of ['192.0.2.8', '192.0.2.9']) expect(await via('10.2.0.1', client)).toBe(200);
    expect(await via('10.2.0.1', '192.0.2.10')).toBe(429);
    await service.stop();
  });
});

describe('a calendar that cannot commit', () => {
  it('refuses with the reason once Bitcoin is overdue', async () => {
    const service = await start({ ANCHOR_OVERDUE_SECONDS: '2' });
    expect((await post(service, randomBytes(32))).statusCode).toBe(200);
    await service.seal();
    await service.database.pool.query(`INSERT INTO "submission" ("anchor", "checkpoint_size", "detail")
      SELECT 'bitcoin', max("size"), 'not submitted yet, the wallet has no coins' FROM "checkpoint"`);
    await sleep(4500);
    const refused = await post(service, randomBytes(32));
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([503, '60']);
    expect(refused.body).toMatch(/^Bitcoin has confirmed nothing of the last \d+ seconds.*the wallet has no coins$/);
    const status = await service.app.inject({ url: '/', headers: { accept: 'application/json' } });
    expect(status.json()).toMatchObject({ accepting: false, reason: refused.body });
    const text = await service.app.inject({ url: '/', headers: { accept: 'text/plain' } });
    expect(text.body).toMatch(/takes no digests: Bitcoin has confirmed nothing/);
    await service.database.pool.query(`UPDATE "submission" SET "state" = 'confirmed'`);
    await sleep(2200);
    expect((await post(service, randomBytes(32))).statusCode).toBe(200);
    await service.stop();
  });

  it('counts what is not even sealed', async () => {
    const service = await start({ ANCHOR_OVERDUE_SECONDS: '1' });
    expect((await post(service, randomBytes(32))).statusCode).toBe(200);
    await sleep(3300);
    expect((await post(service, randomBytes(32))).statusCode).toBe(503);
    await service.stop();
  });

  it('acknowledges nothing while the database is away, and goes on when it is back', async () => {
    const database = await createTestDatabase();
    const relay = await startRelay(database.url);
    const service = await start({}, { ...database, url: relay.url });
    expect((await post(service, randomBytes(32))).statusCode).toBe(200);
    await relay.cut();
    for (const url of ['/tip', `/timestamp/${'00'.repeat(32)}`]) {
      const answer = await service.app.inject(url);
      expect([answer.statusCode, answer.headers['retry-after']], url).toEqual([503, '1']);
    }
    // At once, while the calendar still takes its way to Bitcoin for good, and when it cannot look at it any more.
    for (const waitMs of [0, 2500]) {
      await sleep(waitMs);
      const answers = await Promise.all(Array.from({ length: 20 }, () => post(service, randomBytes(32))));
      expect(answers.map(({ statusCode }) => statusCode)).toEqual(answers.map(() => 503));
    }
    await relay.mend();
    expect((await post(service, randomBytes(32))).statusCode).toBe(200);
    const { rows } = await database.pool.query<{ count: string }>('SELECT count(*) FROM "record"');
    expect(rows[0]!.count).toBe('2');
    await service.app.close();
    await relay.cut();
    await database.drop();
  });
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

const digestText = () => randomBytes(16).toString('hex');

/** A way to the database that can be cut off, and a URL that leads along it. */
async function startRelay(databaseUrl: string) {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(target.port || 5432), target.hostname);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy()).on('close', () => sockets.delete(socket));
      socket.pipe(other);
    }
  });
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String(port);
  return {
    url: url.href,
    mend: () => listen(port),
    cut: () =>
      new Promise<void>((resolve) => {
        if (!server.listening) return resolve();
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

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
