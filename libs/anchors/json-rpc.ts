import type { z } from 'zod';
import { SourceError } from '#source/error.js';
import type { HttpAccess } from '#source/http-answer.js';
import { createJsonRpc } from '#source/json-rpc.js';

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
export interface NodeAccess extends HttpAccess {
  /** Longest answer that is read, in bytes. */
  readonly maxAnswerBytes: number;
}

/** Calls a method and reads its result. Rejects with {@link NodeFault}. */
export type Call = <T>(answer: z.ZodType<T>, method: string, ...params: unknown[]) => Promise<T>;

/** Connects to nothing yet. @throws AddressError */
export function createCall({ maxAnswerBytes: maxBytes, ...access }: NodeAccess): Call {
  const rpc = createJsonRpc({ ...access, name: 'node', kind: 'node', version: '2.0', maxBytes });
  return async (answer, method, ...params) => {
    const answered = await rpc.call(method, params).catch((cause: unknown): never => {
      if (!(cause instanceof SourceError)) throw cause;
      throw faultOf(cause, method);
    });
    if (answered.error !== undefined) {
      const { code, status, words } = answered.error;
      throw isDenial(status) ? denied(status, method) : new NodeFault('error', words, method, { number: code });
    }
    const parsed = answer.safeParse(answered.result);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    const where = ['result', ...(issue?.path ?? [])].join('.');
    throw new NodeFault('bad-answer', `${where}: ${issue?.message}`, method);
  };
}

const isDenial = (status: number | undefined): status is 401 | 403 => status === 401 || status === 403;

const denied = (status: 401 | 403, method: string): NodeFault =>
  new NodeFault(status === 401 ? 'refused' : 'forbidden', `refuses access, HTTP status ${status}`, method);

function faultOf(cause: SourceError, method: string): NodeFault {
  const { code, message, status } = cause;
  if (isDenial(status)) return denied(status, method);
  if (status !== undefined)
    return new NodeFault('bad-answer', `expected a JSON-RPC answer, got HTTP status ${status}`, method, {
      status,
      cause,
    });
  if (code === 'bad-answer') return new NodeFault('bad-answer', message.replace(/^node: /, ''), method, { cause });
  return new NodeFault('away', 'is not reachable', method, { cause });
}
