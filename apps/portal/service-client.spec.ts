import { describe, expect, it } from 'vitest';
import { createHeaderSource } from './header-source.js';
import { ServiceClient } from './service-client.js';

const BASE = new URL('https://register.example/check/');

function answering(status: number, body: unknown): { service: ServiceClient; asked: string[] } {
  const asked: string[] = [];
  const service = new ServiceClient(BASE, (input) => {
    asked.push(input instanceof Request ? input.url : input.toString());
    return Promise.resolve(new Response(typeof body === 'string' ? body : JSON.stringify(body), { status }));
  });
  return { service, asked };
}

describe('ServiceClient', () => {
  it('asks below the address of the page', async () => {
    const { service, asked } = answering(200, { bits: 3, proofBits: 9 });
    expect(await service.prefixLengths()).toEqual({ bits: 3, proofBits: 9 });
    expect(asked).toEqual(['https://register.example/check/v1/candidates']);
  });

  it.each([
    { bits: 33, proofBits: 33 },
    { bits: 3, proofBits: 39 },
    { bits: -1, proofBits: 0 },
    { bits: 1.5, proofBits: 2 },
    { bits: '3', proofBits: 3 },
    { bits: 3 },
    '<html>',
    null,
  ])('sends no more of a digest than so many bits, whatever it is asked for: %j', async (body) => {
    await expect(answering(200, body).service.prefixLengths()).rejects.toMatchObject({ code: 'bad-answer' });
  });

  it('refuses a page that is shorter than it says', async () => {
    for (const length of [0, 4, 5, 28]) {
      const page = new Uint8Array(length);
      if (length > 3) page[3] = 1;
      const service = new ServiceClient(BASE, () => Promise.resolve(new Response(page)));
      await expect(service.candidates('', undefined), String(length)).rejects.toMatchObject({ code: 'bad-answer' });
    }
  });

  it.each([500, 502, 503, 429, 401, 404])('calls status %d of the lookup an outage', async (status) => {
    const { service } = answering(status, { code: 'other' });
    await expect(service.prefixLengths()).rejects.toMatchObject({ code: 'unreachable' });
    await expect(service.candidates('', undefined)).rejects.toMatchObject({ code: 'unreachable' });
    await expect(service.proofs('', undefined)).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('calls a failed connection an outage and keeps its cause', async () => {
    const cause = new TypeError('Failed to fetch');
    const service = new ServiceClient(BASE, () => Promise.reject(cause));
    await expect(service.logKey()).rejects.toMatchObject({ name: 'ServiceError', code: 'unreachable', cause });
  });

  it('takes nothing for the key of the log that is none, as the sign-in page of a network', async () => {
    for (const text of ['', '<html>Sign in to this network</html>', 'log.example+12345678+AAAA'])
      await expect(answering(200, text).service.logKey(), text).rejects.toMatchObject({ code: 'bad-answer' });
  });

  it('passes on that the caller gave up', async () => {
    const stop = new AbortController();
    const service = new ServiceClient(BASE, () => Promise.reject(new DOMException('aborted', 'AbortError')));
    stop.abort(new Error('gave up'));
    await expect(service.logKey(stop.signal)).rejects.toThrow('gave up');
  });
});

describe('createHeaderSource', () => {
  it('names the service as the source and gives its 80 bytes', async () => {
    const source = createHeaderSource(answering(200, { header: '00'.repeat(80) }).service);
    expect(source.name).toBe('register.example');
    expect(await source.header(1)).toEqual(new Uint8Array(80));
  });

  it.each([
    ['unreachable', 503, { code: 'header-source-unavailable' }],
    ['contradicted', 502, { code: 'sources-contradict' }],
    ['unreachable', 502, { code: 'header-source-unavailable' }],
    ['bad-answer', 502, '<html>'],
    ['no-such-block', 404, { code: 'no-such-block' }],
    ['bad-answer', 200, { header: '00'.repeat(79) }],
    ['bad-answer', 200, { header: 'ZZ'.repeat(80) }],
  ])('reports %s for status %d', async (code, status, body) => {
    const source = createHeaderSource(answering(status, body).service);
    await expect(source.header(1)).rejects.toMatchObject({ name: 'SourceError', code });
  });

  it('does not ask for heights that no block can have', async () => {
    const { service, asked } = answering(200, {});
    await expect(createHeaderSource(service).header(2 ** 40)).rejects.toMatchObject({ code: 'no-such-block' });
    expect(asked).toEqual([]);
  });
});
