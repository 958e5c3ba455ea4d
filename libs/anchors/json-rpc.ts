import type { z } from 'zod';
import { SourceError } from '#source/error.js';
import { requestAnswer } from '#source/http-answer.js';
import { said } from './said.js';

/** Why a node was of no use.
 *
 * - `away`: no answer that could be one of a node
 * - `refused`, `forbidden`: HTTP status 401, 403
 * - `error`: the node's own error, with its number in `number`
 * - `bad-answer`: an answer of another form than the node's, as a proxy gives when the node behind it is away
 * - `untrue`: an answer that cannot be true, or contradicts another
 */
export type NodeFaultCode = 'away' | 'refused' | 'forbidden' | 'error' | 'bad-answer' | 'untrue';

/** What a node failed in. Holds neither credentials nor the path of its address, which may be one. */
export class NodeFault extends Error {
  override readonly name = 'NodeFault';

  constructor(
    readonly code: NodeFaultCode,
    /** For `error` what the node said, at most 200 characters; for `bad-answer` what is wrong with it; else the end of a sentence about the node. */
    message: string,
    readonly method = '',
    options: ErrorOptions & { readonly number?: number | undefined; readonly status?: number } = {},
  ) {
    super(message, options);
    this.number = options.number;
    this.status = options.status;
  }

  /** The number of the node's error. */
  readonly number: number | undefined;
  /** HTTP status of a `bad-answer`. */
  readonly status: number | undefined;
}

/** What a node said that cannot be true. */
export const untrue = (message: string, cause?: unknown): NodeFault =>
  new NodeFault('untrue', message, '', cause === undefined ? {} : { cause });

/** Whether the node itself said no to a call, with this number if one is given. */
export const isRefusal = (error: unknown, ...numbers: number[]): error is NodeFault =>
  error instanceof NodeFault && error.code === 'error' && (numbers.length === 0 || numbers.includes(error.number!));

/** How a node is reached. */
export interface JsonRpcOptions {
  /** Without credentials; path and query are never shown. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly fetch: typeof fetch;
  /** Time for one call. */
  readonly timeoutMs: number;
  /** Longest answer that is read, in bytes. */
  readonly maxAnswerBytes: number;
  /** What must never be shown, should the node repeat it. */
  readonly secrets?: readonly string[];
}

/** Calls a method and reads its result. Rejects with {@link NodeFault}. */
export type Call = <T>(answer: z.ZodType<T>, method: string, ...params: unknown[]) => Promise<T>;

/** Connects to nothing yet. */
export function createJsonRpc({ url, headers, fetch, timeoutMs, maxAnswerBytes, secrets = [] }: JsonRpcOptions): Call {
  const access = { url, fetch, timeoutMs };
  const limits = { maxBytes: maxAnswerBytes, secrets };
  return async (answer, method, ...params) => {
    const init = {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    };
    const { status, text } = await requestAnswer('node', access, url, init, limits).catch((cause: unknown) => {
      if (!(cause instanceof SourceError)) throw cause;
      if (cause.code !== 'bad-answer') throw new NodeFault('away', 'is not reachable', method, { cause });
      throw new NodeFault('bad-answer', cause.message.replace(/^node: /, ''), method, { cause });
    });
    if (status === 401 || status === 403)
      throw new NodeFault(status === 401 ? 'refused' : 'forbidden', `refuses access, HTTP status ${status}`, method);
    // Some nodes send their errors with another HTTP status than 200, so the body is looked at first.
    const body = readBody(text);
    const error = body?.['error'];
    if (typeof error === 'object' && error !== null) {
      const { code } = error as { code?: unknown };
      throw new NodeFault('error', wordsOf(error), method, { number: typeof code === 'number' ? code : undefined });
    }
    if (status !== 200 || body === null)
      throw new NodeFault('bad-answer', `expected a JSON-RPC answer, got HTTP status ${status}`, method, { status });
    const parsed = answer.safeParse(body['result']);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    const where = ['result', ...(issue?.path ?? [])].join('.');
    throw new NodeFault('bad-answer', `${where}: ${issue?.message}`, method);
  };
}

/** The node's own words on an error. Some put them into `data`, and say only that there was an error. */
function wordsOf(error: object): string {
  const { message, data } = error as { message?: unknown; data?: unknown };
  const more = typeof data === 'object' && data !== null ? ((data as { message?: unknown }).message ?? null) : data;
  const words = [message, more].filter((part) => typeof part === 'string').map(said);
  return said([...new Set(words)].filter((part) => part !== '').join(': ')) || 'an error without a message';
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
