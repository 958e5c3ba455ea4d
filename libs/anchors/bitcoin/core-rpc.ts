import type { z } from 'zod';
import { SourceError } from '#source/error.js';
import { type HttpAccess, parseHttpAddress, requestAnswer } from '#source/http-answer.js';
import { CookieFileError } from './cookie-fetch.js';

/** Longest answer that is read, in bytes: `getblock` with transaction ids, of which no block holds more than 67,000. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/** How much of a node's own words an error repeats, in characters. */
const MAX_QUOTE = 200;

/** Error numbers of Bitcoin Core (`src/rpc/protocol.h`) that mean something to this adapter. */
export const CORE_ERROR = {
  misc: -1,
  wallet: -4,
  unknownTransaction: -5,
  insufficientFunds: -6,
  walletLocked: -13,
  walletNotFound: -18,
  walletNotNamed: -19,
  alreadyInChain: -27,
  warmingUp: -28,
  internal: -32603,
  noSuchMethod: -32601,
} as const;

/** Why a call came to nothing.
 *
 * - `away`: no answer
 * - `no-cookie`: the cookie file, which holds user and password, cannot be read
 * - `refused`: the node does not accept the user and password
 * - `forbidden`: the node takes no calls from this address, or not this one from this user
 * - `error`: the node's own error, with its number in `number`
 * - `bad-answer`: an answer of another form than Bitcoin Core's, as a proxy gives when the node behind it is away
 */
export type NodeErrorCode = 'away' | 'no-cookie' | 'refused' | 'forbidden' | 'error' | 'bad-answer';

/** A call to the node that failed. Holds no credentials. */
export class NodeError extends Error {
  override readonly name = 'NodeError';

  constructor(
    readonly code: NodeErrorCode,
    /** For `error` what the node said, at most 200 characters. */
    message: string,
    readonly method: string,
    readonly number?: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Bitcoin Core's JSON-RPC. Calls reject with {@link NodeError}. */
export interface CoreRpc {
  /** Host and port, for people. */
  readonly name: string;
  /** Asks the node. */
  node<T>(answer: z.ZodType<T>, method: string, ...params: unknown[]): Promise<T>;
  /** Asks the wallet. */
  wallet<T>(answer: z.ZodType<T>, method: string, ...params: unknown[]): Promise<T>;
}

/** How the node is reached; `url` may hold `user:password@`, which is sent as Basic authorization and never shown. */
export interface CoreRpcOptions extends HttpAccess {
  /** Wallet for wallet calls; without it the only one that the node has loaded. */
  readonly wallet?: string | undefined;
}

/** Connects to nothing yet. @throws AddressError */
export function createCoreRpc(options: CoreRpcOptions): CoreRpc {
  const address = parseHttpAddress(options.url);
  const name = `Bitcoin node at ${address.host}`;
  const nodeUrl = `${address.base}/`;
  const walletUrl =
    options.wallet === undefined ? nodeUrl : `${address.base}/wallet/${encodeURIComponent(options.wallet)}`;

  const limits = { maxBytes: MAX_ANSWER_BYTES, secrets: address.secrets };

  async function call<T>(url: string, answer: z.ZodType<T>, method: string, params: unknown[]): Promise<T> {
    const init = {
      method: 'POST',
      headers: { ...address.headers, 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '1.0', id: 'sealroot', method, params }),
    };
    const { status, text } = await requestAnswer(name, options, url, init, limits).catch((cause: unknown) => {
      if (!(cause instanceof SourceError)) throw cause;
      if (cause.cause instanceof CookieFileError)
        throw new NodeError('no-cookie', cause.cause.message, method, undefined, { cause });
      throw new NodeError(cause.code === 'bad-answer' ? 'bad-answer' : 'away', cause.message, method, undefined, {
        cause,
      });
    });
    if (status === 401) throw new NodeError('refused', `${name}: HTTP status 401`, method);
    if (status === 403) throw new NodeError('forbidden', `${name}: HTTP status 403`, method);
    // Bitcoin Core sends its errors with HTTP status 404 or 500, so the body is looked at first.
    const body = readBody(text);
    const error = body?.['error'];
    if (typeof error === 'object' && error !== null) {
      const { code, message } = error as { code?: unknown; message?: unknown };
      const said = typeof message === 'string' ? message.slice(0, MAX_QUOTE) : 'an error without a message';
      throw new NodeError('error', said, method, typeof code === 'number' ? code : undefined);
    }
    if (status === 404 && body === null && url !== nodeUrl)
      throw new NodeError('error', 'no wallet is served there', method, CORE_ERROR.noSuchMethod);
    if (status !== 200 || body === null)
      throw new NodeError('bad-answer', `${name}: expected a JSON-RPC answer, got HTTP status ${status}`, method);
    const parsed = answer.safeParse(body['result']);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    const where = ['result', ...(issue?.path ?? [])].join('.');
    throw new NodeError('bad-answer', `${name}: ${method}: ${where}: ${issue?.message ?? 'not readable'}`, method);
  }

  return {
    name,
    node: (answer, method, ...params) => call(nodeUrl, answer, method, params),
    wallet: (answer, method, ...params) => call(walletUrl, answer, method, params),
  };
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
