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
    const { service, asked } = answering(200, { records: [] });
    expect(await service.lookup('sha256', 'ab')).toEqual({ records: [], hasMore: false });
    expect(asked).toEqual(['https://register.example/check/v1/lookup/sha256/ab']);
  });

  it('reads the pages of a lookup, also those that hold nothing, as many as somebody would choose from', async () => {
    const record = (id: string) => ({ id, agency: 'a', profile: 'p', receivedAt: 'r', stage: 's' });
    const pages: Record<string, unknown> = {
      '': { records: [], next: '1' },
      '?after=1': { records: [record('2')], next: '2' },
      '?after=2': { records: [record('3')] },
    };
    const paged = new ServiceClient(BASE, (input) => Promise.resolve(Response.json(pages[(input as URL).search])));
    expect(await paged.lookup('sha256', 'ab')).toEqual({ records: [record('2'), record('3')], hasMore: false });

    const { asked, service } = answering(200, { records: [record('1')], next: '1' });
    const { hasMore, records } = await service.lookup('sha256', 'ab');
    expect({ hasMore, count: records.length }).toEqual({ hasMore: true, count: 5 });
    expect(asked).toHaveLength(5);
  });

  it('never lets a record id leave its place in the path', async () => {
    const { service, asked } = answering(404, { code: 'record-not-found' });
    expect(await service.proof('../log/key?')).toEqual({ state: 'no-such-record' });
    expect(asked).toEqual(['https://register.example/check/v1/records/..%2Flog%2Fkey%3F/proof']);
  });

  it('tells a proof that is not ready from a record that does not exist', async () => {
    expect(await answering(404, { code: 'proof-not-ready' }).service.proof('id')).toEqual({ state: 'not-ready' });
    expect(await answering(404, { code: 'record-not-found' }).service.proof('id')).toEqual({ state: 'no-such-record' });
  });

  it.each([500, 502, 503, 429, 401, 404])('calls status %d of the lookup an outage', async (status) => {
    const { service } = answering(status, { code: 'other' });
    await expect(service.lookup('sha256', 'ab')).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('calls a failed connection an outage and keeps its cause', async () => {
    const cause = new TypeError('Failed to fetch');
    const service = new ServiceClient(BASE, () => Promise.reject(cause));
    await expect(service.logKey()).rejects.toMatchObject({ name: 'ServiceError', code: 'unreachable', cause });
  });

  it('passes on that the caller gave up', async () => {
    const stop = new AbortController();
    const service = new ServiceClient(BASE, () => Promise.reject(new DOMException('aborted', 'AbortError')));
    stop.abort(new Error('gave up'));
    await expect(service.logKey(stop.signal)).rejects.toThrow('gave up');
  });

  it.each([
    ['not JSON', '<html>'],
    ['no list', { records: 'none' }],
    ['a record that is no object', { records: [null] }],
    ['a next page without a name', { records: [], next: 2 }],
    ['a record without its agency', { records: [{ id: 'i', profile: 'p', receivedAt: 'r', stage: 's' }] }],
  ])('refuses a lookup answer with %s', async (_, body) => {
    await expect(answering(200, body).service.lookup('sha256', 'ab')).rejects.toMatchObject({ code: 'bad-answer' });
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
