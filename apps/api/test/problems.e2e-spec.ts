import { connect } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN, startService, type TestService } from './service.js';

describe('whatever goes wrong is answered as application/problem+json', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startService({ BODY_LIMIT_BYTES: '4096' });
    await service.app.listen(0, '127.0.0.1');
  });
  afterAll(() => service.stop());

  const json = { 'content-type': 'application/json' };
  const admin = { authorization: `Bearer ${ADMIN}` };
  type Given = { headers?: Record<string, string>; payload?: string | Buffer };
  const cases: [string, string, string, Given, number, string][] = [
    ['malformed JSON', 'POST', '/v1/records', { headers: json, payload: '{"a":' }, 400, 'malformed-json'],
    ['an empty JSON body', 'POST', '/v1/records', { headers: json, payload: '' }, 400, 'malformed-json'],
    [
      'a member that would poison objects',
      'POST',
      '/v1/records',
      { headers: json, payload: '{"__proto__":{}}' },
      400,
      'malformed-json',
    ],
    [
      'text',
      'POST',
      '/v1/records',
      { headers: { 'content-type': 'text/plain' }, payload: '{}' },
      415,
      'unsupported-media-type',
    ],
    [
      'a form',
      'POST',
      '/v1/records',
      { headers: { 'content-type': 'application/x-www-form-urlencoded' }, payload: 'a=1' },
      415,
      'unsupported-media-type',
    ],
    [
      'a body over the limit',
      'POST',
      '/v1/records',
      { headers: json, payload: `"${'x'.repeat(4095)}"` },
      413,
      'body-too-large',
    ],
    ['an unknown address', 'GET', '/v1/nothing', {}, 404, 'not-found'],
    ['an unknown address under /docs', 'GET', '/docs/nothing', {}, 404, 'not-found'],
    ['a wrong method', 'PUT', '/v1/records', { headers: json, payload: '{}' }, 405, 'method-not-allowed'],
    ['a wrong method at a parameter', 'DELETE', '/v1/records/abc', {}, 405, 'method-not-allowed'],
    ['an unknown query parameter', 'GET', '/v1/batches?befor=1', {}, 400, 'bad-request'],
    ['a query value that is no number', 'GET', '/v1/batches?before=x', {}, 400, 'bad-request'],
    ['a repeated query parameter', 'GET', '/v1/batches?limit=1&limit=2', {}, 400, 'bad-request'],
    ['a limit beyond the largest', 'GET', '/v1/batches?limit=201', {}, 400, 'bad-request'],
    ['a missing query parameter', 'GET', '/v1/records', {}, 400, 'bad-request'],
    ['a bad path parameter', 'GET', '/v1/batches/-1', {}, 400, 'bad-request'],
    ['a bad escape in the path', 'GET', '/v1/records/%zz', {}, 400, 'bad-request'],
    ['a path segment beyond all measure', 'GET', `/v1/records/${'a'.repeat(300)}`, {}, 414, 'uri-too-long'],
    ['an unknown algorithm', 'GET', `/v1/lookup/md5/${'0'.repeat(64)}`, {}, 400, 'bad-request'],
    ['a digest of another length', 'GET', `/v1/lookup/sha512/${'0'.repeat(64)}`, {}, 400, 'bad-request'],
    ['an id in another form', 'GET', '/v1/records/019CAE01-0E7B-7A35-8D21-6F0C1B2A3948', {}, 404, 'record-not-found'],
    [
      'bytes that are not UTF-8',
      'POST',
      '/v1/records',
      { headers: json, payload: Buffer.from('7b2261223a22ff227d', 'hex') },
      400,
      'malformed-json',
    ],
    ['a NUL in a reference', 'GET', '/v1/records?reference=%00', {}, 400, 'bad-request'],
    ['a NUL in the name of an agency', 'GET', '/v1/agencies/%00/keys', { headers: admin }, 404, 'agency-not-found'],
    [
      'a NUL in the prefix of a key',
      'DELETE',
      '/v1/agencies/records.example.gov/keys/%00',
      { headers: admin },
      404,
      'key-not-found',
    ],
    [
      'a NUL in a new name',
      'POST',
      '/v1/agencies',
      { headers: { ...admin, ...json }, payload: '{"domain":"a.example","name":"a\\u0000"}' },
      422,
      'invalid-body',
    ],
    [
      'a lone surrogate in a new name',
      'POST',
      '/v1/agencies',
      { headers: { ...admin, ...json }, payload: '{"domain":"a.example","name":"\\ud800"}' },
      422,
      'invalid-body',
    ],
    [
      'a NUL in a label',
      'POST',
      '/v1/agencies/records.example.gov/keys',
      { headers: { ...admin, ...json }, payload: '{"label":"\\u0000"}' },
      422,
      'invalid-body',
    ],
    [
      'an admin route without a token',
      'GET',
      '/v1/agencies/a.example/keys',
      { headers: { authorization: '' } },
      401,
      'unauthorized',
    ],
  ];

  it.each(cases)('%s', async (_name, method, url, { headers = {}, payload }, status, code) => {
    const answer = await service.app.inject({
      method: method as 'GET',
      url,
      headers: { authorization: `Bearer ${service.key}`, ...headers },
      ...(payload === undefined ? {} : { payload }),
    });
    expect(answer.statusCode, answer.body).toBe(status);
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(answer.headers['cache-control']).toBe('no-store');
    const problem = answer.json<Record<string, unknown>>();
    expect(problem).toMatchObject({ type: `urn:sealroot:problem:${code}`, status, code });
    expect(problem['title']).toEqual(expect.any(String));
    expect(problem['detail']).toEqual(expect.any(String));
    if (status === 405) expect(answer.headers['allow']).toMatch(/GET/);
  });

  it('names every fault of a query with a pointer', async () => {
    const answer = await service.app.inject('/v1/batches?before=x&limit=0');
    expect(answer.json<{ errors: { pointer: string }[] }>().errors.map(({ pointer }) => pointer)).toEqual([
      '/before',
      '/limit',
    ]);
  });

  it('lets pages of other origins read, and nothing else', async () => {
    const read = await service.app.inject({ url: '/v1/batches', headers: { origin: 'https://elsewhere.example' } });
    expect(read.headers['access-control-allow-origin']).toBe('*');
    const preflight = await service.app.inject({
      method: 'OPTIONS',
      url: '/v1/records',
      headers: {
        origin: 'https://elsewhere.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization',
      },
    });
    expect(preflight.headers['access-control-allow-methods']).toBe('GET, HEAD');
    expect(preflight.headers['access-control-allow-headers']).not.toContain('authorization');
  });

  it.each([
    ['garbage', 'GARBAGE\r\n\r\n', 400, 'bad-request'],
    ['two lengths', 'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n', 400, 'bad-request'],
    ['endless headers', `GET / HTTP/1.1\r\nhost: a\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`, 431, 'headers-too-large'],
  ])('answers %s on the wire, closes the connection and lives on', async (_name, request, status, code) => {
    const { port } = service.app.getHttpServer().address() as { port: number };
    const socket = connect(port, '127.0.0.1').setEncoding('utf8');
    let answer = '';
    socket.on('data', (text: string) => (answer += text));
    socket.write(request);
    await once(socket, 'close');
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(head).toContain('content-type: application/problem+json');
    expect(JSON.parse(body)).toMatchObject({ status, code });
    expect((await fetch(`http://127.0.0.1:${port}/livez`)).status).toBe(200);
  });
});
