import { base64 } from '@scure/base';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { BlockSourceError } from './block-source.js';
import { BitcoinError } from './error.js';

/** Time for one request to a block source when the caller names none, in milliseconds. */
export const DEFAULT_TIMEOUT_MS = 5000;

/** The part of the standard `fetch` that block sources use; the caller supplies it, so that this library opens no connection by itself. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** How a block source reaches its server. */
export interface HttpAccess {
  /** Base address, `http:` or `https:`, possibly with `user:password@`; no query and no fragment. */
  readonly url: string;
  readonly fetch: Fetch;
  /** Time for one request, headers and body, in milliseconds; 5000 unless given. */
  readonly timeoutMs?: number | undefined;
  /** Makes the signal that ends a request after so many milliseconds: the platform's `AbortSignal.timeout` unless given. */
  readonly timeoutSignal?: ((timeoutMs: number) => AbortSignal) | undefined;
}

/** A base address, taken apart so that its credentials travel only in their header. */
export interface HttpAddress {
  /** Without credentials and without a slash at its end. */
  readonly base: string;
  /** Host and port: all that is ever shown, since a path may hold an access key. */
  readonly host: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Takes an address apart. Throws `bad-url`, without quoting the address. */
export function parseHttpAddress(text: string): HttpAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '') {
    throw new BitcoinError(
      'bad-url',
      'Block source: expected an http or https address without query and fragment, got another',
    );
  }
  const headers: Record<string, string> = {};
  if (url.username !== '' || url.password !== '') {
    const credentials = `${percentDecoded(url.username)}:${percentDecoded(url.password)}`;
    headers['authorization'] = `Basic ${base64.encode(utf8ToBytes(credentials))}`;
  }
  return { base: `${url.origin}${url.pathname}`.replace(/\/+$/, ''), host: url.host, headers };
}

/** An HTTP answer that was read whole. */
export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
}

/**
 * Sends one request and reads the answer, at most `maxBytes` of it. Rejects with a BlockSourceError: `unreachable` when there is no
 * answer in time, `bad-answer` for a redirect (never followed: a source is asked at the address it was given) and for a longer answer.
 */
export async function requestAnswer(
  source: string,
  access: HttpAccess,
  url: string,
  init: RequestInit,
  maxBytes: number,
): Promise<HttpAnswer> {
  const timeoutMs = access.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const signal = (access.timeoutSignal ?? ((ms: number) => AbortSignal.timeout(ms)))(timeoutMs);
  const unreachable = (cause: unknown): BlockSourceError =>
    new BlockSourceError(
      'unreachable',
      signal.aborted
        ? `${source}: expected an answer within ${timeoutMs} ms, got none`
        : `${source}: expected an answer, got none`,
      { cause },
    );

  let response: Response;
  try {
    response = await access.fetch(url, { ...init, redirect: 'manual', signal });
  } catch (cause) {
    throw unreachable(cause);
  }
  if (response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400)) {
    await abandon(response.body);
    throw new BlockSourceError('bad-answer', `${source}: expected an answer, got a redirect`);
  }

  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  while (reader !== undefined) {
    let chunk: Awaited<ReturnType<typeof reader.read>>;
    try {
      chunk = await reader.read();
    } catch (cause) {
      throw unreachable(cause);
    }
    if (chunk.done) break;
    const bytes = chunk.value as Uint8Array;
    length += bytes.length;
    if (length > maxBytes) {
      reader.releaseLock();
      await abandon(response.body);
      throw new BlockSourceError('bad-answer', `${source}: expected at most ${maxBytes} bytes, got more`);
    }
    chunks.push(bytes);
  }
  const body = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.length;
  }
  return { status: response.status, text: new TextDecoder().decode(body) };
}

/** Ends a body that nobody wants. Its own failure changes nothing: the answer has been refused already. */
async function abandon(body: Response['body']): Promise<void> {
  await body?.cancel().catch(() => undefined);
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Without the cause: it quotes the credentials.
    throw new BitcoinError('bad-url', 'Block source: expected percent-encoded credentials in the address, got others');
  }
}
