import { type ClientOptions, Sealroot } from '../client.js';

/** A client of a service whose answers come one after the other, on a platform whose time passes only by waiting; an Error is thrown as if by fetch. */
export function scripted(answers: (Response | Error)[], options: Partial<ClientOptions> = {}) {
  const asked: { url: string; init: RequestInit & { headers: Record<string, string> } }[] = [];
  const sleeps: number[] = [];
  let nowMs = Date.parse('2026-03-02T09:30:00.000Z');
  const client = new Sealroot({
    url: 'http://service.example/',
    apiKey: 'sr_secret',
    fetch: (url, init) => {
      asked.push({ url: url as string, init: init as (typeof asked)[number]['init'] });
      const answer = answers.shift();
      if (answer === undefined) throw new Error(`expected no other request, got ${url as string}`);
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
    sleep: (milliseconds) => {
      sleeps.push(milliseconds);
      nowMs += milliseconds;
      return Promise.resolve();
    },
    now: () => new Date(nowMs),
    // The whole of each back-off.
    randomBytes: (length) => new Uint8Array(length).fill(0xff),
    ...options,
  });
  return { client, transport: client.transport, asked, sleeps };
}

/** A problem answer. */
export function problem(status: number, code: string, headers: Record<string, string> = {}): Response {
  const body = { type: `urn:sealroot:problem:${code}`, title: code, status, detail: `about ${code}`, code };
  return Response.json(body, { status, headers: { 'content-type': 'application/problem+json', ...headers } });
}

/** What fetch throws where nobody listens. */
export function refusedConnection(): Error {
  return new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') });
}
