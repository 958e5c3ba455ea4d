import { readFile } from 'node:fs/promises';

/** Bitcoin Core's cookie file cannot be read. Names neither its path nor its content. */
export class CookieFileError extends Error {
  override readonly name = 'CookieFileError';
}

/** A `fetch` that sends the content of Bitcoin Core's cookie file (`user:password`) as Basic authorization. The file is read for every
 * request: the node writes a new one at each start, and takes it away when it stops. Rejects with {@link CookieFileError} without a readable file. */
export function cookieFetch(send: typeof fetch, cookieFile: string): typeof fetch {
  return async (input, init) => {
    const cookie = await readFile(cookieFile, 'utf8').catch((cause: NodeJS.ErrnoException) => {
      throw new CookieFileError(`reading the node's cookie file: ${cause.code ?? 'failed'}`, { cause });
    });
    const headers = new Headers(init?.headers);
    headers.set('authorization', `Basic ${Buffer.from(cookie.trim()).toString('base64')}`);
    return send(input, { ...init, headers });
  };
}
