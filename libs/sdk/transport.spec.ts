import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Transport } from './transport.js';
import { problem, refusedConnection, scripted } from './testing/scripted-service.js';

describe('retries', () => {
  it('come after no answer and after "not now", each within twice the time, and never before the time that was asked', async () => {
    const { transport, sleeps } = scripted([
      refusedConnection(),
      new Response('', { status: 503 }),
      problem(429, 'rate-limited', { 'retry-after': '7' }),
      Response.json({ fine: true }),
    ]);
    expect(await transport.json('/x')).toEqual({ fine: true });
    expect(sleeps).toEqual([500, 1000, 9000]);
  });

  it('wait a random part of that time', async () => {
    const bytes = [0x00, 0x80];
    const { transport, sleeps } = scripted([refusedConnection(), refusedConnection(), Response.json({})], {
      randomBytes: (length) => new Uint8Array(length).fill(bytes.shift()!),
    });
    await transport.json('/x');
    expect(sleeps).toEqual([0, 502]);
  });

  it('are three, after which the innermost reason is told', async () => {
    const { transport, asked } = scripted(Array.from({ length: 4 }, refusedConnection));
    await expect(transport.json('/x')).rejects.toMatchObject({
      name: 'SdkError',
      code: 'no-answer',
      message: 'GET http://service.example/x: no answer: connect ECONNREFUSED',
    });
    expect(asked).toHaveLength(4);
  });

  it('heed a date in Retry-After, and do not come where more than five minutes are asked', async () => {
    const dated = scripted([
      problem(503, 'busy', { 'retry-after': 'Mon, 02 Mar 2026 09:30:20 GMT' }),
      Response.json({}),
    ]);
    await dated.transport.json('/x');
    expect(dated.sleeps).toEqual([20_500]);
    const long = scripted([problem(503, 'busy', { 'retry-after': '301' })]);
    await expect(long.transport.json('/x')).rejects.toMatchObject({ problem: { code: 'busy' }, retryAfterMs: 301_000 });
    expect(long.sleeps).toEqual([]);
  });

  it.each([400, 401, 403, 404, 408, 410, 413, 416, 422, 501])('never come after %d', async (status) => {
    const { transport, sleeps } = scripted([problem(status, 'invalid-body')]);
    await expect(transport.json('/x')).rejects.toMatchObject({ code: 'problem', problem: { status } });
    expect(sleeps).toEqual([]);
  });

  it.each([425, 429, 500, 502, 503, 504])('come after %d', async (status) => {
    const { transport, sleeps } = scripted([problem(status, 'busy'), Response.json({})]);
    await transport.json('/x');
    expect(sleeps).toHaveLength(1);
  });

  it('come after conflicts that pass, and not after those that stay', async () => {
    for (const passing of [
      problem(409, 'idempotency-in-progress'),
      problem(409, 'import-busy'),
      problem(409, 'not-sealed'),
      problem(409, 'of-a-later-service', { 'retry-after': '0' }),
    ]) {
      const { transport } = scripted([passing, Response.json({ later: true })]);
      expect(await transport.json('/x')).toEqual({ later: true });
    }
    for (const code of ['reference-conflict', 'status-conflict', 'agency-exists'] as const) {
      const { transport } = scripted([problem(409, code)]);
      await expect(transport.json('/x')).rejects.toMatchObject({ problem: { code } });
    }
  });

  it('repeat no POST but one with an idempotency key, or that is called repeatable', async () => {
    const once = scripted([refusedConnection()]);
    await expect(once.transport.json('/x', { method: 'POST', json: {} })).rejects.toMatchObject({ code: 'no-answer' });
    const named = scripted([refusedConnection(), Response.json({})]);
    await named.transport.json('/x', { method: 'POST', json: {}, idempotencyKey: 'abc' });
    expect(named.asked.map(({ init }) => init.headers['idempotency-key'])).toEqual(['"abc"', '"abc"']);
    const called = scripted([refusedConnection(), Response.json({})]);
    await called.transport.json('/x', { method: 'POST', json: {}, repeatable: true });
    expect(called.asked).toHaveLength(2);
  });

  it('end when the caller gives up', async () => {
    const giving = new AbortController();
    const { transport } = scripted([refusedConnection(), Response.json({})], {
      sleep: () => Promise.resolve(giving.abort(new Error('gave up'))),
    });
    await expect(transport.json('/x', { signal: giving.signal })).rejects.toThrow('gave up');
  });
});

describe('a request', () => {
  it('follows no redirect, since it could carry the key to another host', async () => {
    const { transport, asked } = scripted([
      new Response(null, { status: 302, headers: { location: 'http://evil.example' } }),
    ]);
    await expect(transport.json('/x')).rejects.toMatchObject({ code: 'bad-answer' });
    expect(asked[0]).toMatchObject({
      url: 'http://service.example/x',
      init: { redirect: 'manual', credentials: 'omit', headers: { authorization: 'Bearer sr_secret' } },
    });
  });

  it('says by what it was sent, where the platform does not', async () => {
    const node = scripted([Response.json({})]);
    await node.transport.json('/x');
    expect(node.asked[0]!.init.headers['user-agent']).toMatch(/^sealroot-sdk\/\d/);
  });

  it('tells a problem that it does not know as unknown, with all that was said', async () => {
    const type = 'https://iana.org/assignments/http-problem-types#of-a-later-day';
    const body = { type, title: 'Later', status: 418, 'violated-policies': ['submit'] };
    const answer = Response.json(body, { status: 418, headers: { 'content-type': 'application/problem+json' } });
    const { transport } = scripted([answer]);
    await expect(transport.json('/x')).rejects.toMatchObject({
      name: 'ProblemError',
      problem: { code: 'unknown', type, status: 418, members: { 'violated-policies': ['submit'] } },
    });
  });

  it.each([
    ['a page of a proxy', () => new Response('<html>', { status: 404 })],
    ['no JSON', () => new Response('<html>', { status: 200 })],
  ])('takes %s for no answer of a service', async (_, answer) => {
    await expect(scripted([answer()]).transport.json('/x')).rejects.toMatchObject({ code: 'bad-answer' });
  });
});

describe('time-outs', () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  async function serving(handler: Parameters<typeof createServer>[1]): Promise<Transport> {
    server = createServer(handler);
    await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return new Transport({ url: `http://127.0.0.1:${port}`, timeoutMs: 100, retries: 0 });
  }

  it('are for an answer that does not come, and for the rest of one', async () => {
    const silent = await serving(() => undefined);
    await expect(silent.json('/x')).rejects.toMatchObject({ code: 'timed-out' });
    server!.closeAllConnections();
    server!.close();
    const half = await serving((_, answer) => answer.writeHead(200).write('{'));
    await expect(half.json('/x')).rejects.toMatchObject({ code: 'timed-out' });
  });

  it('of what is read as it comes are for each part, and not for what its reader does meanwhile', async () => {
    let running = 0;
    const { transport } = scripted([new Response(new Blob(['part']))], {
      startTimer: () => {
        running += 1;
        return () => void (running = 0);
      },
    });
    const body = await transport.stream('/x');
    expect(running).toBe(1);
    for await (const part of body) {
      expect(part).toHaveLength(4);
      expect(running).toBe(0);
    }
    expect(running).toBe(0);
  });

  it('end a body from which nothing comes any more', async () => {
    const transport = await serving((_, answer) => answer.writeHead(200).write('part'));
    const reading = async () => {
      for await (const part of await transport.stream('/x')) expect(part).toHaveLength(4);
    };
    await expect(reading()).rejects.toMatchObject({ code: 'timed-out' });
  });
});
