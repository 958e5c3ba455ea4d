import { readFile } from 'node:fs/promises';

/** A `fetch` that sends the content of Bitcoin Core's cookie file (`user:password`) as Basic authorization. The file is read for every
 * request: the node writes a new one at each start. Without a readable file the request fails as if nobody answered. */
export function cookieFetch(send: typeof fetch, cookieFile: string): typeof fetch {
  return async (input, init) => {
    const cookie = (await readFile(cookieFile, 'utf8')).trim();
    const headers = new Headers(init?.headers);
    headers.set('authorization', `Basic ${Buffer.from(cookie).toString('base64')}`);
    return send(input, { ...init, headers });
  };
}
