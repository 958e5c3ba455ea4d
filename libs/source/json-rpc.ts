import { SourceError } from './error.js';
import { type HttpAccess, parseHttpAddress, parseJson, requestAnswer } from './http-answer.js';
import { said } from './said.js';

/** What a call gave: a result, or the node's own error. */
export type RpcAnswer =
  | { result: unknown; error?: undefined }
  | {
      error: {
        /** Undefined where the node gave none. */
        code: number | undefined;
        /** The node's own words, fit for a line; a sentence of ours where it had none. */
        words: string;
        /** Number and words, for people. */
        said: string;
        /** HTTP status that it came with. */
        status: number;
      };
    };

/** Calls of a node by JSON-RPC over HTTP. Both reject with a SourceError when there is no answer to a call; an error of the node is one. */
export interface JsonRpc {
  /** Host and port of the node, after what it is. */
  readonly name: string;
  call(method: string, params: readonly unknown[]): Promise<RpcAnswer>;
  /** Many calls of one method in one request; their answers in the same order. `unreachable` may also mean that the server takes no such requests. */
  callMany(method: string, paramsOfEach: readonly (readonly unknown[])[]): Promise<RpcAnswer[]>;
}

/** How a kind of node speaks. */
export interface JsonRpcOptions extends HttpAccess {
  /** What the node is, before its host in {@link JsonRpc.name}. */
  readonly kind: string;
  /** What to call it instead. */
  readonly name?: string | undefined;
  readonly version: '1.0' | '2.0';
  /** Longest answer to one call that is read, in bytes. */
  readonly maxBytes: number;
  /** Longest answer to one of many calls, in bytes. */
  readonly maxItemBytes?: number;
}

/** Connects to nothing yet. Credentials in the address are sent as Basic authorization and never shown. Throws AddressError. */
export function createJsonRpc(options: JsonRpcOptions): JsonRpc {
  const { href, host, headers, secrets } = parseHttpAddress(options.url);
  const { version: jsonrpc, maxBytes, maxItemBytes = maxBytes } = options;
  const name = options.name ?? `${options.kind} at ${host}`;

  const post = async (body: unknown, limit: number) => {
    const init = {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(body),
    };
    return requestAnswer(name, options, href, init, { maxBytes: limit, secrets });
  };
  const read = (value: unknown, method: string, { status, said: got }: { status: number; said: string }): RpcAnswer => {
    const answer = isObject(value) ? value : undefined;
    const error = answer?.['error'];
    // Nodes send their errors with HTTP status 404 or 500 too, so the body is looked at first.
    if (error !== undefined && error !== null) {
      const code = isObject(error) && typeof error['code'] === 'number' ? error['code'] : undefined;
      const words = wordsOf(error, secrets);
      const told = words === '' ? '' : `: “${words}”`;
      return {
        error: {
          code,
          words: words || 'an error without a message',
          said: `RPC error ${code ?? 'without number'}${told}`,
          status,
        },
      };
    }
    if (status !== 200)
      throw new SourceError('unreachable', `${name}: expected HTTP status 200, got ${status}, which says ${got}`, {
        status,
      });
    if (answer === undefined || !Object.hasOwn(answer, 'result'))
      throw new SourceError('bad-answer', `${name}: expected a JSON-RPC answer to ${method}, got ${got}`, { status });
    return { result: answer['result'] };
  };

  return {
    name,
    async call(method, params) {
      const answer = await post({ jsonrpc, id: 1, method, params }, maxBytes);
      return read(parseJson(answer.text), method, answer);
    },
    async callMany(method, paramsOfEach) {
      const calls = paramsOfEach.map((params, id) => ({ jsonrpc, id, method, params }));
      const answer = await post(calls, maxBytes + calls.length * maxItemBytes);
      const items = parseJson(answer.text);
      if (!Array.isArray(items))
        throw new SourceError('unreachable', `${name}: expected answers to a batch of calls, got ${answer.said}`);
      const byId = new Map(items.flatMap((item) => (isObject(item) ? [[item['id'], item] as const] : [])));
      return calls.map(({ id }) => read(byId.get(id), method, { ...answer, said: 'none' }));
    },
  };
}

/** A node's own words on an error. Some put them into `data`, and say only that there was an error. */
function wordsOf(error: unknown, secrets: readonly string[]): string {
  const { message, data } = isObject(error) ? error : {};
  const more = isObject(data) ? data['message'] : data;
  const words = [message, more].flatMap((part) => (typeof part === 'string' ? [said(part, secrets)] : []));
  return said([...new Set(words)].filter((part) => part !== '').join(': '));
}

/** A call's result. Throws SourceError `unreachable` for an error of the node. */
export function resultOf(name: string, method: string, answer: RpcAnswer): unknown {
  if (answer.error === undefined) return answer.result;
  throw new SourceError('unreachable', `${name}: expected an answer to ${method}, got ${answer.error.said}`);
}

/** Whether a JSON value is an object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
