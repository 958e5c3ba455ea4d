import { randomBytes } from 'node:crypto';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createTestDatabase } from '#database/testing.js';
import { post, startCalendar } from './calendar.js';
import type { TestService } from './service.js';

describe('the limits of a calendar', () => {
  it('are one for each address and one for all, and leave other routes alone', async () => {
    const service = await startCalendar({ OTS_CALENDAR_RATE: '5', OTS_CALENDAR_RATE_TOTAL: '12' });
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
    const service = await startCalendar({ OTS_CALENDAR_RATE: '2', TRUSTED_PROXIES: '10.1.0.0/16' });
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
    const service = await startCalendar({ ANCHOR_OVERDUE_SECONDS: '2' });
    expect((await post(service, randomBytes(32))).statusCode).toBe(200);
    await service.seal();
    await service.database.pool.query(`INSERT INTO "submission" ("anchor", "checkpoint_size", "detail")
      SELECT 'bitcoin', max("size"), 'not submitted yet, the wallet has no coins' FROM "checkpoint"`);
    await becomes(service, false);
    const refused = await post(service, randomBytes(32));
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([503, '60']);
    expect(refused.body).toMatch(/^Bitcoin has confirmed nothing of the last \d+ seconds.*the wallet has no coins$/);
    const status = await service.app.inject({ url: '/', headers: { accept: 'application/json' } });
    expect(status.json()).toMatchObject({ accepting: false, reason: refused.body });
    const text = await service.app.inject({ url: '/', headers: { accept: 'text/plain' } });
    expect(text.body).toMatch(/takes no digests: Bitcoin has confirmed nothing/);
    await service.database.pool.query(`UPDATE "submission" SET "state" = 'confirmed'`);
    await becomes(service, true);
    expect((await post(service, randomBytes(32))).statusCode).toBe(200);
    await service.stop();
  });

  it('counts what is not even sealed', async () => {
    const service = await startCalendar({ ANCHOR_OVERDUE_SECONDS: '1' });
    expect((await post(service, randomBytes(32))).statusCode).toBe(200);
    await becomes(service, false);
    expect((await post(service, randomBytes(32))).statusCode).toBe(503);
    await service.stop();
  });

  it('acknowledges nothing while the database is away, and goes on when it is back', async () => {
    const database = await createTestDatabase();
    const relay = await startRelay(database.url);
    const service = await startCalendar({}, { ...database, url: relay.url });
    expect((await post(service, randomBytes(32))).statusCode).toBe(200);
    await relay.cut();
    for (const url of ['/tip', `/timestamp/${'00'.repeat(32)}`]) {
      const answer = await service.app.inject(url);
      expect([answer.statusCode, answer.headers['retry-after']], url).toEqual([503, '1']);
    }
    // At once, while the calendar still takes its way to Bitcoin for good, and when it cannot look at it any more.
    const refused = async () => {
      const answers = await Promise.all(Array.from({ length: 20 }, () => post(service, randomBytes(32))));
      expect(answers.map(({ statusCode }) => statusCode)).toEqual(answers.map(() => 503));
    };
    await refused();
    // When what it knows of its way to Bitcoin has grown old.
    await sleep(2100);
    await refused();
    await relay.mend();
    expect((await post(service, randomBytes(32))).statusCode).toBe(200);
    const { rows } = await database.pool.query<{ count: string }>('SELECT count(*) FROM "record"');
    expect(rows[0]!.count).toBe('2');
    await service.app.close();
    await relay.cut();
    await database.drop();
  });
});

/** Resolves once the calendar says that it takes digests, or takes none. */
const becomes = (service: TestService, accepting: boolean) =>
  expect
    .poll(
      async () => {
        const answer = await service.app.inject({ url: '/', headers: { accept: 'application/json' } });
        return answer.json<{ accepting: boolean }>().accepting;
      },
      { interval: 200 },
    )
    .toBe(accepting);

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
