import { EvmSourceError } from './evm-source.js';

/** Time for one request to a source when the caller names none, in milliseconds. */
export const DEFAULT_TIMEOUT_MS = 5000;

/** How a source reaches its server. */
export interface EvmHttpAccess {
  /** Address of the RPC, `http:` or `https:`. */
  readonly url: string;
  /** The standard `fetch`, or what stands for it; this library opens no connection by itself. */
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Time for one request, headers and body, in milliseconds; 5000 unless given. */
  readonly timeoutMs?: number | undefined;
  /** Makes the signal that ends a request after so many milliseconds: the platform's `AbortSignal.timeout` unless given. */
  readonly timeoutSignal?: ((timeoutMs: number) => AbortSignal) | undefined;
}

/**
 * Sends one request and reads the answer, at most `maxBytes` of it; `value` is undefined when it is no JSON. Rejects with an
 * EvmSourceError: `unreachable` when there is no answer in time, `bad-answer` for a redirect (never followed: a source is
 * asked at the address it was given) and for a longer answer.
 */
export async function requestJson(
  source: string,
  access: EvmHttpAccess,
  url: string,
  init: RequestInit,
  maxBytes: number,
): Promise<{ status: number; value: unknown }> {
  const timeoutMs = access.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const signal = (access.timeoutSignal ?? ((ms: number) => AbortSignal.timeout(ms)))(timeoutMs);
  const chunks: string[] = [];
  const decoder = new TextDecoder();
  let status: number;
  try {
    const response = await access.fetch(url, { ...init, redirect: 'manual', signal });
    status = response.status;
    const redirected = response.type === 'opaqueredirect' || (status >= 300 && status < 400);
    const reader = response.body?.getReader();
    let length = 0;
    while (reader !== undefined && !redirected) {
      const chunk = (await reader.read()) as { done: boolean; value?: Uint8Array };
      if (chunk.value === undefined) break;
      length += chunk.value.length;
      if (length > maxBytes) break;
      chunks.push(decoder.decode(chunk.value, { stream: true }));
    }
    if (redirected || length > maxBytes) {
      // The end of a body that nobody wants. Its own failure changes nothing: the answer is refused already.
      await reader?.cancel().catch(() => undefined);
      const got = redirected ? 'an answer, got a redirect' : `at most ${maxBytes} bytes, got more`;
      throw new EvmSourceError('bad-answer', `${source}: expected ${got}`);
    }
  } catch (cause) {
    if (cause instanceof EvmSourceError) throw cause;
    const within = signal.aborted ? `an answer within ${timeoutMs} ms` : 'an answer';
    throw new EvmSourceError('unreachable', `${source}: expected ${within}, got none`, { cause });
  }
  return { status, value: parseJson(chunks.join('') + decoder.decode()) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON, as the HTML page of a proxy: the caller goes by the HTTP status. The parser's error would quote the text.
    return undefined;
  }
}
