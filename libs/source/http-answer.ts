import { base64 } from '@scure/base';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { AddressError, SourceError } from './error.js';
import { said } from './said.js';

/** Time for one request when the caller names none, in milliseconds. */
export const DEFAULT_TIMEOUT_MS = 5000;

/** The part of the standard `fetch` that is used; the caller supplies it, so that this library opens no connection by itself. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** How a server is reached. */
export interface HttpAccess {
  /** Address, `http:` or `https:`, possibly with `user:password@`; without fragment. */
  readonly url: string;
  readonly fetch: Fetch;
  /** Time for one request, headers and body, in milliseconds; 5000 unless given. */
  readonly timeoutMs?: number | undefined;
  /** Makes the signal that ends a request after so many milliseconds: the platform's `AbortSignal.timeout` unless given. */
  readonly timeoutSignal?: ((timeoutMs: number) => AbortSignal) | undefined;
}

/** An address, taken apart so that its credentials travel only in their header. */
export interface HttpAddress {
  /** Without credentials, query and a slash at its end. */
  readonly base: string;
  /** Without credentials. */
  readonly href: string;
  /** Host and port: all that is ever shown, since path and query may hold an access key. */
  readonly host: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What no quote may hold. */
  readonly secrets: readonly string[];
}

/** Takes an address apart. Throws AddressError, without quoting the address. */
export function parseHttpAddress(text: string): HttpAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.hash !== '')
    throw new AddressError('Address of a source: expected an http or https address without fragment, got another');
  const { username, password, host, pathname, search } = url;
  const headers: Record<string, string> = {};
  const secrets = pathname.length + search.length > 1 ? [`${pathname}${search}`] : [];
  if (username !== '' || password !== '') {
    const [user, word] = [percentDecoded(username), percentDecoded(password)];
    const credentials = base64.encode(utf8ToBytes(`${user}:${word}`));
    headers['authorization'] = `Basic ${credentials}`;
    secrets.push(credentials, word, password);
    url.username = '';
    url.password = '';
  }
  return {
    base: `${url.origin}${pathname}`.replace(/\/+$/, ''),
    href: url.href,
    host,
    headers,
    secrets: secrets.filter((secret) => secret !== ''),
  };
}

/** The bytes of an HTTP answer, read whole. */
export interface HttpBytes {
  readonly status: number;
  /** Its `content-type`, empty without one. */
  readonly mediaType: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Sends one request and reads the answer, at most `maxBytes` of it. Rejects with a SourceError: `unreachable` when there is no
 * answer in time, `bad-answer` for a redirect (never followed: a source is asked at the address it was given) and for a longer answer.
 */
export async function requestBytes(
  source: string,
  access: Omit<HttpAccess, 'url'>,
  url: string,
  init: RequestInit,
  maxBytes: number,
): Promise<HttpBytes> {
  const timeoutMs = access.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const signal = (access.timeoutSignal ?? ((ms: number) => AbortSignal.timeout(ms)))(timeoutMs);
  const chunks: Uint8Array[] = [];
  try {
    const response = await access.fetch(url, { ...init, redirect: 'manual', signal });
    const { status } = response;
    const redirected = response.type === 'opaqueredirect' || (status >= 300 && status < 400);
    const reader = response.body?.getReader();
    let length = 0;
    while (reader !== undefined && !redirected) {
      const chunk = (await reader.read()) as { done: boolean; value?: Uint8Array };
      if (chunk.value === undefined) break;
      length += chunk.value.length;
      if (length > maxBytes) break;
      chunks.push(chunk.value);
    }
    if (redirected || length > maxBytes) {
      // The end of a body that nobody wants. Its own failure changes nothing: the answer is refused already.
      await reader?.cancel().catch(() => undefined);
      const got = redirected ? 'an answer, got a redirect' : `at most ${maxBytes} bytes, got more`;
      throw new SourceError('bad-answer', `${source}: expected ${got}`);
    }
    return { status, mediaType: response.headers.get('content-type') ?? '', bytes: concatBytes(...chunks) };
  } catch (cause) {
    if (cause instanceof SourceError) throw cause;
    const within = signal.aborted ? `an answer within ${timeoutMs} ms` : 'an answer';
    throw new SourceError('unreachable', `${source}: expected ${within}, got none`, { cause });
  }
}

/** An HTTP answer that was read whole. */
export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
  /** What was said, for people: the text in printable characters, cut short, in quotation marks; or what it is instead of a text. */
  readonly said: string;
}

/** As {@link requestBytes}, for an answer that is a text. */
export async function requestAnswer(
  source: string,
  access: HttpAccess,
  url: string,
  init: RequestInit,
  { maxBytes, secrets = [] }: { maxBytes: number; secrets?: readonly string[] },
): Promise<HttpAnswer> {
  const { bytes, mediaType, status } = await requestBytes(source, access, url, init, maxBytes);
  const text = decoderOf(mediaType).decode(bytes);
  return { status, text, said: quoted(text, mediaType, secrets) };
}

/** A text of the other side as it may stand in a message: printable, cut short, in quotation marks, without the secrets of whoever asked. */
export function quoted(text: string, mediaType = '', secrets: readonly string[] = []): string {
  const isPage = /html/i.test(mediaType) || /^\s*<(?:!doctype html|html)\b/i.test(text);
  const plain = said(isPage ? (/<title[^>]*>([^<]*)/i.exec(text)?.[1] ?? '') : text, secrets);
  if (isPage) return plain === '' ? 'an HTML page' : `an HTML page, “${plain}”`;
  return plain === '' ? 'nothing' : `“${plain}”`;
}

/** A JSON text's value; undefined when it is none, as the HTML page of a proxy. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The caller goes by the HTTP status, and says what the text is. The parser's error would quote it.
    return undefined;
  }
}

/** Whatever encoding the answer names, so that what is said in Chinese is read as such; UTF-8 otherwise. */
function decoderOf(mediaType: string): InstanceType<typeof TextDecoder> {
  const charset = /charset="?([\w.:-]{1,40})/i.exec(mediaType)?.[1];
  try {
    return new TextDecoder(charset);
  } catch {
    // A name that nobody knows: the text is at worst unreadable.
    return new TextDecoder();
  }
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Without the cause: it quotes the credentials.
    throw new AddressError('Address of a source: expected percent-encoded credentials, got others');
  }
}
