import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type pg from 'pg';
import { AgencyRepository } from '#database/agency.repository.js';
import { READ_POOL } from '#database/pool.js';
import { LOOKUP_PAGE } from '#database/record-lookup.repository.js';
import { startService, type TestService } from './service.js';
import { sha256Hex } from './public-proof.js';

/** Wrong keys at once: more than are answered in one go, and a few seconds' worth beyond. */
const GUESSES = 250;

describe('without a key nobody can hold up the service', () => {
  let service: TestService;
  let port: number;
  beforeAll(async () => {
    service = await startService();
    await service.app.listen(0, '127.0.0.1');
    ({ port } = service.app.getHttpServer().address() as { port: number });
  });
  afterAll(() => service.stop());

  /** Sends `head` (without the empty line) and then what `body` gives until the server closes or the exchange is over. */
  async function exchange(head: string[], body: Iterable<string> = []): Promise<{ answer: string; sent: number }> {
    const socket = connect(port, '127.0.0.1').setEncoding('latin1');
    let answer = '';
    let sent = 0;
    socket.on('data', (text: string) => (answer += text));
    socket.on('error', () => undefined);
    const closed = new Promise((done) => socket.once('close', done));
    socket.write(`${[...head, 'host: a'].join('\r\n')}\r\n\r\n`);
    for (const part of body) {
      if (socket.destroyed || !socket.writable) break;
      if (!socket.write(part)) await Promise.race([new Promise((done) => socket.once('drain', done)), closed]);
      sent += part.length;
    }
    if (/^connection: close/im.test(answer) || head.some((line) => line === 'connection: close')) await closed;
    else await ended(socket, () => answer);
    return { answer, sent };
  }

  async function ended(socket: Socket, text: () => string): Promise<void> {
    await expect.poll(() => socket.destroyed || /\r\n\r\n/.test(text())).toBe(true);
    socket.destroy();
  }

  const key = () => `authorization: Bearer ${service.key}`;
  const record = (name: string) => JSON.stringify({ digests: { sha256: sha256Hex(name) }, profile: 'generic@1' });
  const post = (headers: string[]) => ['POST /v1/records HTTP/1.1', 'content-type: application/json', ...headers];

  function* endless(): Generator<string> {
    for (;;) yield `10000\r\n${'['.repeat(65_536)}\r\n`;
  }

  it('is answered before its body is read, and the connection is closed soon whatever it sends', async () => {
    const { answer, sent } = await exchange(post(['transfer-encoding: chunked']), endless());
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
    expect(answer).toMatch(/connection: close/i);
    expect(answer).toContain('"code":"unauthorized"');
    // What the kernel and the server hold in between, and not all that could be sent.
    expect(sent).toBeLessThan(64_000_000);
  });

  it('gets its answer also when it sends the whole body first', async () => {
    const body = '['.repeat(1_000_000);
    const { answer } = await exchange(post([`content-length: ${body.length}`]), [body]);
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
  });

  it('cannot send a body where none is taken', async () => {
    for (const [line, status] of [
      ['POST /v1/nothing HTTP/1.1', 404],
      ['POST /v1/batches HTTP/1.1', 405],
      ['OPTIONS /v1/batches HTTP/1.1', 400],
      ['GET /v1/batches HTTP/1.1', 200],
    ] as const) {
      const head = [line, 'content-type: application/json', 'transfer-encoding: chunked'];
      const { answer } = await exchange(head, endless());
      expect(answer, line).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
      expect(answer, line).toMatch(/connection: close/i);
    }
  });

  it('is told so before it sends a body that it asked about', async () => {
    const expecting = (more: string[]) =>
      post(['expect: 100-continue', `content-length: ${record('asked').length}`, ...more]);
    expect((await exchange(expecting([]))).answer).toMatch(/^HTTP\/1\.1 401 /);
    const { answer } = await exchange(expecting([key(), 'connection: close']), [record('asked')]);
    expect(answer).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 201 /);
  });

  it.each([
    ['an expectation that nobody knows', () => ['GET /livez HTTP/1.1', 'expect: tea'], 417, 'expectation-failed'],
    ['CONNECT', () => ['CONNECT elsewhere.example:443 HTTP/1.1'], 405, 'method-not-allowed'],
    [
      'a compressed body',
      () => post([key(), 'content-encoding: gzip', 'content-length: 20']),
      415,
      'unsupported-media-type',
    ],
    [
      'another media type',
      () => ['POST /v1/records HTTP/1.1', key(), 'content-type: text/xml', 'transfer-encoding: chunked'],
      415,
      'unsupported-media-type',
    ],
    [
      'no media type',
      () => ['POST /v1/records HTTP/1.1', key(), 'content-length: 2000000'],
      415,
      'unsupported-media-type',
    ],
  ])('answers %s as a problem', async (_name, head, status, code) => {
    const { answer } = await exchange(head());
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).toContain('content-type: application/problem+json');
    expect(answer).toContain(`"code":"${code}"`);
  });

  it.each([
    ['names a member twice', '{"profile":"generic@1","profile":"generic@1","digests":{}}', 400, 'repeated-member'],
    [
      'names a digest twice',
      `{"profile":"generic@1","digests":{"sha256":"${'0'.repeat(64)}","sha256":"${'1'.repeat(64)}"}}`,
      400,
      'repeated-member',
    ],
    ['is nested without end', '['.repeat(4_000_000), 400, 'body-too-complex'],
    ['is nested in objects', '{"a":'.repeat(800_000), 400, 'body-too-complex'],
    ['is wide without end', `[${'{},'.repeat(1_000_000)}{}]`, 400, 'body-too-complex'],
    [
      'has a million members',
      `{${Array.from({ length: 300_000 }, (_, i) => `"${i}":1`).join()}}`,
      400,
      'body-too-complex',
    ],
  ])('refuses a body with a key that %s', async (_name, body, status, code) => {
    const answer = await fetch(`http://127.0.0.1:${port}/v1/records`, {
      method: 'POST',
      headers: { authorization: `Bearer ${service.key}`, 'content-type': 'application/json' },
      body,
    });
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ code });
  });

  it('refuses a large body with a key by its start, and reads no more of it', async () => {
    const { answer, sent } = await exchange(post([key(), 'transfer-encoding: chunked']), endless());
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('"code":"body-too-complex"');
    expect(answer).toMatch(/connection: close/i);
    expect(sent).toBeLessThan(64_000_000);
  });

  it('goes away while its key is looked up, and nothing happens', async () => {
    for (let i = 0; i < 40; i += 1) {
      const socket = connect(port, '127.0.0.1');
      await once(socket, 'connect');
      const wrong = `authorization: Bearer sr_${String(i).padStart(8, 'a')}_${'A'.repeat(43)}`;
      socket.write(`GET /v1/records?reference=a HTTP/1.1\r\nhost: a\r\n${wrong}\r\n\r\n`);
      // Before, while and after the answer is made.
      setTimeout(() => socket.resetAndDestroy(), i % 8);
    }
    expect((await fetch(`http://127.0.0.1:${port}/livez`)).status).toBe(200);
    expect(
      (await exchange(post([`authorization: Bearer x`, 'content-length: 2', 'connection: close']), ['{}'])).answer,
    ).toMatch(/^HTTP\/1\.1 401 /);
  });

  it('gets one answer after another, and no more of them than it reads', async () => {
    const responses: ServerResponse[] = [];
    const note = (_request: unknown, response: ServerResponse) => responses.push(response);
    service.app.getHttpServer().on('request', note);
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.pause();
    socket.write('GET /openapi.json HTTP/1.1\r\nhost: a\r\n\r\n'.repeat(400));
    await expect.poll(() => responses.length).toBe(400);
    const begun = () => responses.filter(({ headersSent }) => headersSent).length;
    await expect.poll(begun).toBeGreaterThan(0);
    // While others are served, no further answer is made: the rest would be 60 MB in memory.
    for (let i = 0; i < 20; i += 1) await fetch(`http://127.0.0.1:${port}/livez`);
    expect(begun()).toBeLessThan(200);
    socket.destroy();
    service.app.getHttpServer().off('request', note);

    const { answer } = await exchange([
      'GET /livez HTTP/1.1',
      'host: a',
      '',
      'GET /nothing HTTP/1.1',
      'host: a',
      '',
      'GET /v1/log/key HTTP/1.1',
      'connection: close',
    ]);
    expect([...answer.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual(['200', '404', '200']);
  });

  it('guesses keys slowly, while who has one is not held up', async () => {
    const guess = (i: number) =>
      fetch(`http://127.0.0.1:${port}/v1/records?reference=a`, {
        headers: { authorization: `Bearer sr_${String(i).padStart(8, '0')}_${'A'.repeat(43)}` },
      }).then(async (answer) => ({ status: answer.status, text: await answer.text() }));
    let guessed = 0;
    const guesses = Promise.allSettled(
      Array.from({ length: GUESSES }, async (_, i) => {
        const { status } = await guess(i);
        expect(status).toBe(401);
        guessed += 1;
      }),
    );
    await expect.poll(() => guessed, { interval: 5 }).toBeGreaterThan(50);
    const posted = await fetch(`http://127.0.0.1:${port}/v1/records`, {
      method: 'POST',
      headers: { authorization: `Bearer ${service.key}`, 'content-type': 'application/json' },
      body: record('beside'),
    });
    expect(posted.status).toBe(201);
    // It came after all of them, and is not the last to be answered.
    expect(guessed).toBeLessThan(GUESSES);
    expect((await guesses).every(({ status }) => status === 'fulfilled')).toBe(true);
  });

  it('finds one digest in many records page by page, each once, oldest first', async () => {
    const digest = sha256Hex('the empty file');
    const records = (digests: object) => Array.from({ length: 120 }, () => ({ digests, profile: 'generic@1' }));
    const lodge = async (items: object[]) => {
      const answer = await service.app.inject({
        method: 'POST',
        url: '/v1/records',
        headers: { authorization: `Bearer ${service.key}` },
        payload: items,
      });
      return answer.json<{ records: { id: string }[] }>().records.map(({ id }) => id);
    };
    const lodged = [
      ...(await lodge(records({ sha256: digest }))),
      ...(await lodge(records({ sha256: sha256Hex('b'), sm3: sha256Hex('c') }))),
      ...(await lodge(records({ sha256: digest, sm3: sha256Hex('c') }))),
    ];
    const walk = async (algorithm: string, hex: string) => {
      const found: string[] = [];
      let next: string | undefined;
      do {
        const url = `/v1/lookup/${algorithm}/${hex}?limit=50${next ? `&after=${next}` : ''}`;
        const page = (await service.app.inject(url)).json<{ records: { id: string }[]; next?: string }>();
        expect(page.records.length).toBeLessThanOrEqual(50);
        found.push(...page.records.map(({ id }) => id));
        next = page.next;
      } while (next);
      return found;
    };
    expect(await walk('sha256', digest)).toEqual([...lodged.slice(0, 120), ...lodged.slice(240)].sort());
    expect(await walk('sm3', sha256Hex('c').toUpperCase())).toEqual(lodged.slice(120).sort());
    expect(await walk('sha256', sha256Hex('c'))).toEqual([]);
  });

  it('reads a page from a short range of an index in every branch, however many records have the digest', async () => {
    const pool = service.app.get<pg.Pool>(READ_POOL, { strict: false });
    const { rows } = await pool.query<{ plan: string }>({
      text: `EXPLAIN (ANALYZE, FORMAT JSON) ${LOOKUP_PAGE}`,
      values: [Buffer.from(sha256Hex('the empty file'), 'hex'), '00000000-0000-0000-0000-000000000000', 5],
      rowMode: 'array',
    } as never);
    const text = JSON.stringify(rows);
    // 240 records have it; no scan of an index reads more than the page.
    const scans = [...text.matchAll(/"Node Type":"([A-Za-z ]*Scan)"[^{}]*?"Actual Rows":([\d.]+)/g)];
    expect(scans.map(([, node]) => node)).toContain('Index Scan');
    for (const [, node, actual] of scans) expect(Number(actual), node).toBeLessThanOrEqual(5);
  });

  it('waits for its turn beside an agency that posts the largest bodies, and so does no other agency', async () => {
    const agencies = service.app.get(AgencyRepository, { strict: false });
    const other = (await agencies.create('other.example.gov', 'Other'))!;
    const { key: otherKey } = await agencies.createKey(other.id, 'test');
    const send = (authorization: string, body: string) =>
      fetch(`http://127.0.0.1:${port}/v1/records`, {
        method: 'POST',
        headers: { authorization: `Bearer ${authorization}`, 'content-type': 'application/json' },
        body,
      });
    const claims = { text: 'x'.repeat(1900) };
    const items = Array.from({ length: 1000 }, (_, i) => ({
      digests: { sha256: sha256Hex(`l${i}`) },
      profile: 'generic@1',
      claims,
    }));
    const large = JSON.stringify(items);
    let small = 0;
    let smallBefore = 0;
    const floods = Array.from({ length: 12 }, async () => {
      const answer = await send(service.key, large);
      await answer.arrayBuffer();
      smallBefore = small;
      return answer.status;
    });
    for (; small < 20; small += 1) expect((await send(otherKey, record(`small ${small}`))).status).toBe(201);
    const statuses = await Promise.all(floods);
    expect(statuses.filter((status) => status !== 200 && status !== 429)).toEqual([]);
    expect(statuses).toContain(200);
    // One after another they came in between, before the last of the large was done.
    expect(smallBefore).toBeGreaterThan(2);
  });
});

describe('a service that stops', () => {
  it('says on every answer that the connection ends', async () => {
    const service = await startService();
    let admitted = 0;
    service.app.getHttpServer().on('request', () => (admitted += 1));
    await service.app.listen(0, '127.0.0.1');
    const { port } = service.app.getHttpServer().address() as { port: number };
    const body = JSON.stringify({ digests: { sha256: sha256Hex('last') }, profile: 'generic@1' });
    const socket = connect(port, '127.0.0.1').setEncoding('latin1');
    let answer = '';
    socket.on('data', (text: string) => (answer += text));
    const head = [
      'POST /v1/records HTTP/1.1',
      'host: a',
      `authorization: Bearer ${service.key}`,
      'content-type: application/json',
    ];
    socket.write(`${head.join('\r\n')}\r\ncontent-length: ${body.length}\r\n\r\n${body.slice(0, 10)}`);
    // Until the request has been let in and waits for its body.
    await expect.poll(() => admitted).toBe(1);
    const closing = service.stop();
    socket.write(body.slice(10));
    await once(socket, 'close');
    await closing;
    expect(answer).toMatch(/^HTTP\/1\.1 201 /);
    expect(answer).toMatch(/connection: close/i);
    expect(answer).not.toMatch(/keep-alive/i);
  });
});
