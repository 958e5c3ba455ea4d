import { base64 } from '@scure/base';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { z } from 'zod';
import { SourceError } from '#source/error.js';
import { requestAnswer } from '#source/http-answer.js';
import { AnchorError } from '../error.js';

/** Longest answer that is read, in bytes: a full block with all its transactions as JSON. */
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

/** How much of a node's own words an error repeats, in characters. */
const MAX_QUOTE = 200;

/** A number as JSON-RPC has it, `0x` hex. */
export const quantity = z
  .string()
  .regex(/^0x[0-9a-fA-F]{1,64}$/)
  .transform((text) => BigInt(text));

/** A number that fits JavaScript's, as heights and counts do. */
export const count = quantity
  .refine((value) => value <= BigInt(Number.MAX_SAFE_INTEGER), 'a number above 2^53')
  .transform(Number);

/** Bytes as JSON-RPC has them, lower case. */
export const bytes = z
  .string()
  // Digits one by one: an expression that repeats pairs runs out of stack on the longest answers.
  .regex(/^0x[0-9a-fA-F]*$/)
  .refine((text) => text.length % 2 === 0, 'an odd number of digits')
  .transform((text) => text.toLowerCase() as `0x${string}`);

/** A block or transaction hash, lower case. */
export const hash = bytes.refine((text) => text.length === 66, 'not 32 bytes');

/** Why a call came to nothing.
 *
 * - `away`: no answer that could be one of a node
 * - `refused`: the node wants other credentials
 * - `error`: the node's own error
 * - `bad-answer`: an answer of another form than an EVM node's
 */
export type RpcErrorCode = 'away' | 'refused' | 'error' | 'bad-answer';

/** A call that failed. Holds neither credentials nor the path of the address, which may be one. */
export class RpcError extends Error {
  override readonly name = 'RpcError';

  constructor(
    readonly code: RpcErrorCode,
    /** For `error` what the node said, at most 200 characters. */
    message: string,
    readonly method: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The JSON-RPC of one EVM node. Calls reject with {@link RpcError}. */
export interface EvmRpc {
  /** Host and port, for people. */
  readonly name: string;
  call<T>(answer: z.ZodType<T>, method: string, ...params: unknown[]): Promise<T>;
}

/** How a node is reached. */
export interface EvmRpcOptions {
  /** `http:` or `https:`; path, query and `user:password@` may hold an access key and are never shown. */
  readonly url: string;
  readonly fetch: typeof fetch;
  /** Time for one call. */
  readonly timeoutMs: number;
}

/** Connects to nothing yet. `position`: which of several nodes at one host, from 1. @throws AnchorError `bad-settings` */
export function createEvmRpc({ url: text, fetch, timeoutMs }: EvmRpcOptions, position = 1): EvmRpc {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new AnchorError('bad-settings', 'EVM anchor: expected http or https addresses of nodes, got another');
  const name = position === 1 ? `RPC ${url.host}` : `RPC ${url.host} (${position})`;
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (url.username !== '' || url.password !== '') {
    const credentials = [url.username, url.password].map(percentDecoded).join(':');
    headers['authorization'] = `Basic ${base64.encode(utf8ToBytes(credentials))}`;
  }
  const address = `${url.origin}${url.pathname}${url.search}`;
  const access = { url: address, fetch, timeoutMs };

  return {
    name,
    async call(answer, method, ...params) {
      const init = { method: 'POST', headers, body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }) };
      const { status, text } = await requestAnswer(name, access, address, init, { maxBytes: MAX_ANSWER_BYTES }).catch(
        (cause: unknown) => {
          if (!(cause instanceof SourceError)) throw cause;
          throw new RpcError('away', 'is not reachable', method, { cause });
        },
      );
      if (status === 401 || status === 403)
        throw new RpcError('refused', `refuses access, HTTP status ${status}`, method);
      // Some nodes send their errors with another HTTP status than 200, so the body is looked at first.
      const body = readBody(text);
      const error = body?.['error'];
      if (typeof error === 'object' && error !== null) throw new RpcError('error', quote(error), method);
      if (status !== 200 || body === null)
        throw new RpcError('away', `gives no JSON-RPC answer, HTTP status ${status}`, method);
      const parsed = answer.safeParse(body['result']);
      if (parsed.success) return parsed.data;
      const [issue] = parsed.error.issues;
      const where = ['result', ...(issue?.path ?? [])].join('.');
      throw new RpcError('bad-answer', `gives no usable answer to ${method}: ${where}: ${issue?.message}`, method);
    },
  };
}

/** One for each address, in their order; a number tells apart those at the same host. @throws AnchorError `bad-settings` */
export function createEvmRpcs(urls: readonly string[], access: Omit<EvmRpcOptions, 'url'>): EvmRpc[] {
  const named = new Map<string, number>();
  return urls.map((url) => {
    const host = URL.canParse(url) ? new URL(url).host : url;
    const position = (named.get(host) ?? 0) + 1;
    named.set(host, position);
    return createEvmRpc({ ...access, url }, position);
  });
}

/** What a node says about an error, without what could break a line. */
function quote(error: object): string {
  const message = (error as { message?: unknown }).message;
  if (typeof message !== 'string') return 'an error without a message';
  return message.replace(/[\p{Cc}\s]+/gu, ' ').slice(0, MAX_QUOTE);
}

function readBody(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    // Not JSON, as the page of a proxy: the caller goes by the HTTP status.
    return null;
  }
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Without the cause: it quotes the credentials.
    throw new AnchorError('bad-settings', 'EVM anchor: expected percent-encoded credentials in an address, got others');
  }
}
