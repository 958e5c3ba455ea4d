import { describe, expect, it } from 'vitest';
import { ServiceClient } from './service-client.js';
import { fakeContext } from './testing/fake-context.js';

/** A client whose answers come one after the other; an Error is thrown. */
function clientOf(...answers: (Response | Error)[]) {
  const asked: RequestInit[] = [];
  const context = fakeContext((_, init) => {
    asked.push(init!);
    const answer = answers.shift()!;
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  });
  const { fetch, sleep, now } = context;
  // The whole of each back-off.
  const randomBytes = (length: number) => new Uint8Array(length).fill(0xff);
  return {
    asked,
    context,
    client: new ServiceClient({ url: 'http://service.example/', fetch, sleep, now, randomBytes }),
  };
}

const problem = (status: number, code: string, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify({ code, detail: `about ${code}` }), {
    status,
    headers: { 'content-type': 'application/problem+json', ...headers },
  });
const refusedConnection = () => new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') });

describe('the service client', () => {
  it('repeats a GET after no answer and after "not now", waiting longer each time and at least as long as it is asked to', async () => {
    const { client, context } = clientOf(
      refusedConnection(),
      new Response('', { status: 503 }),
      new Response('', { status: 429, headers: { 'retry-after': '7' } }),
      Response.json({ fine: true }),
    );
    expect(await client.json('/x')).toEqual({ fine: true });
    expect(context.sleeps).toEqual([500, 1000, 9000]);
  });

  it('gives up after its retries with "unavailable" and the innermost reason', async () => {
    const { client } = clientOf(...Array.from({ length: 4 }, refusedConnection));
    await expect(client.json('/x')).rejects.toMatchObject({
      code: 'unavailable',
      message: 'GET http://service.example/x: no answer: connect ECONNREFUSED',
    });
  });

  it('sends a POST once unless it is called repeatable', async () => {
    const once = clientOf(refusedConnection(), Response.json({}));
    await expect(once.client.json('/x', { method: 'POST', json: {} })).rejects.toMatchObject({ code: 'unavailable' });
    const again = clientOf(refusedConnection(), Response.json({}));
    await again.client.json('/x', { method: 'POST', json: {}, repeatable: true });
    expect(again.asked).toHaveLength(2);
  });

  it.each([
    { answer: () => problem(401, 'unauthorized'), code: 'no-permission' },
    { answer: () => problem(403, 'admin-disabled'), code: 'no-permission' },
    { answer: () => problem(404, 'record-not-found'), code: 'not-found' },
    { answer: () => problem(422, 'invalid-record'), code: 'refused' },
    { answer: () => problem(501, 'internal'), code: 'unavailable' },
    { answer: () => new Response('<html>', { status: 404 }), code: 'protocol' },
    { answer: () => new Response('<html>', { status: 200 }), code: 'protocol' },
    {
      answer: () => new Response(null, { status: 302, headers: { location: 'http://evil.example' } }),
      code: 'protocol',
    },
  ])('tells refusals apart: $code', async ({ answer, code }) => {
    await expect(clientOf(answer()).client.json('/x')).rejects.toMatchObject({ code });
  });

  it('follows no redirect, since it could carry the key to another host', async () => {
    const { asked, client } = clientOf(Response.json({}));
    await client.json('/x', { token: 'secret' });
    expect(asked[0]).toMatchObject({ redirect: 'manual', headers: { authorization: 'Bearer secret' } });
  });

  it('does not wait for years', async () => {
    const { client, context } = clientOf(new Response('', { status: 503, headers: { 'retry-after': '99999999' } }));
    await expect(client.json('/x')).rejects.toMatchObject({ code: 'unavailable' });
    expect(context.sleeps).toEqual([]);
  });
});
