import { AnchorError } from '../error.js';

/** What became of one request: the body of a 200, or in a few words why there is none. */
export type BoundedAnswer = { bytes: Uint8Array } | { failure: string };

/** Limits of one request. */
export interface RequestBounds {
  /** From its start to the last byte of its answer. */
  timeoutMs: number;
  maxBytes: number;
}

/** Requests an address: bounded in time and size, no redirects, never throwing for what the other side does. A user and password in the
 * address become an Authorization header. */
export async function boundedRequest(
  fetcher: typeof fetch,
  address: string,
  init: { method: 'GET' | 'POST'; headers: Record<string, string>; body?: Uint8Array<ArrayBuffer> },
  { timeoutMs, maxBytes }: RequestBounds,
): Promise<BoundedAnswer> {
  const abort = new AbortController();
  const late = new Error(`no answer within ${timeoutMs} ms`);
  const timer = setTimeout(() => abort.abort(late), timeoutMs);
  try {
    const { url, authorization } = withoutCredentials(address);
    const response = await fetcher(url, {
      ...init,
      headers: { 'user-agent': 'sealroot', ...init.headers, ...authorization },
      redirect: 'manual',
      signal: abort.signal,
    });
    if (response.status !== 200) return { failure: `answered HTTP ${response.status}` };
    const tooMuch = { failure: `answered more than ${maxBytes} bytes` };
    if (Number(response.headers.get('content-length') ?? 0) > maxBytes) return tooMuch;
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      length += chunk.length;
      if (length > maxBytes) return tooMuch;
      chunks.push(chunk);
    }
    return { bytes: new Uint8Array(Buffer.concat(chunks)) };
  } catch (error) {
    return { failure: abort.signal.aborted ? late.message : causeOf(error) };
  } finally {
    clearTimeout(timer);
    // Ends the transfer of whatever was not read.
    abort.abort(late);
  }
}

/** An address that a certificate names, as it may be shown and stored: no user, no password, no query. */
export function publicName(address: string): string {
  const { host, pathname } = new URL(address);
  return `${host}${pathname.replace(/\/+$/, '')}`;
}

/** An address without the user and password in it, and these as a header. @throws AnchorError `bad-settings` */
export function withoutCredentials(address: string): { url: string; authorization: Record<string, string> } {
  const url = new URL(address);
  if (url.username === '' && url.password === '') return { url: address, authorization: {} };
  const pair = [url.username, url.password].map(percentDecoded).join(':');
  url.username = '';
  url.password = '';
  return {
    url: url.href,
    authorization: { authorization: `Basic ${Buffer.from(pair, 'utf8').toString('base64')}` },
  };
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Without the cause: it quotes the credentials.
    throw new AnchorError(
      'bad-settings',
      'Setting up rfc3161: expected percent-encoded credentials in an address, got others',
    );
  }
}

/** Node's fetch says only "fetch failed"; its cause has the reason. Codes only: messages may quote the address. */
function causeOf(error: unknown): string {
  const { code } = ((error as Error).cause ?? error) as { code?: unknown };
  return typeof code === 'string' ? `not reachable (${code})` : 'not reachable';
}
