import { parseDisplayHash } from './block-hash.js';
import { type BlockSource, BlockSourceError, checkedTip, checkHeight } from './block-source.js';
import { checkedHeader, expectNetwork } from './header-answer.js';
import { type HttpAccess, parseHttpAddress, requestAnswer } from './http-answer.js';
import { NETWORKS, type Network, type NetworkName, networkOfCoreName } from './network.js';

/** Longest answer that is read, in bytes. The largest wanted one, `getblockchaininfo`, has one or two thousand. */
const MAX_ANSWER_BYTES = 65_536;

/** Longest answer to one call of a batch, in bytes: a header has 160 hex digits, and the answer's own members some 40 characters. */
const MAX_BATCH_ITEM_BYTES = 1024;

/** Bitcoin Core's RPC_INVALID_PARAMETER: for `getblockhash` a height beyond the chain. */
const RPC_INVALID_PARAMETER = -8;

/** Settings of a node source; `url` may hold `user:password@`, which is sent as Basic authorization and never shown. */
export interface RpcOptions extends HttpAccess {
  /** Refuse a node on any other network, and headers easier than this one's limit. */
  readonly network?: NetworkName | undefined;
}

/**
 * A source that asks a node through Bitcoin Core's JSON-RPC: `getblockhash`, `getblockheader`,
 * `getblockchaininfo`, `getblockcount`. Throws `bad-url`.
 */
export function createRpcSource(options: RpcOptions): BlockSource {
  const address = parseHttpAddress(options.url);
  const name = `Bitcoin node at ${address.host}`;
  const expected = options.network === undefined ? undefined : NETWORKS[options.network];
  let known: Network | undefined;

  const post = (body: unknown, maxBytes: number) => {
    const headers = { ...address.headers, 'content-type': 'application/json' };
    const init = { method: 'POST', headers, body: JSON.stringify(body) };
    return requestAnswer(name, options, `${address.base}/`, init, maxBytes);
  };

  /** The result in one answer of the node. */
  const resultOf = (answer: RpcAnswer | undefined, status: number, method: string, params: readonly unknown[]) => {
    // Bitcoin Core sends its errors with HTTP status 404 or 500, so the body is looked at first.
    if (answer?.error !== undefined && answer.error !== null) {
      const code = errorCode(answer.error);
      if (method === 'getblockhash' && code === RPC_INVALID_PARAMETER) {
        throw new BlockSourceError(
          'no-such-block',
          `${name}: expected a block at height ${String(params[0])}, got none`,
        );
      }
      throw new BlockSourceError(
        'unreachable',
        `${name}: expected an answer to ${method}, got RPC error ${code ?? 'without code'}`,
      );
    }
    if (status !== 200) {
      throw new BlockSourceError('unreachable', `${name}: expected HTTP status 200, got ${status}`);
    }
    if (answer === undefined) {
      throw new BlockSourceError('bad-answer', `${name}: expected a JSON-RPC answer to ${method}, got something else`);
    }
    return answer.result;
  };

  const call = async (method: string, params: readonly unknown[]): Promise<unknown> => {
    const { status, text } = await post({ jsonrpc: '1.0', id: 'sealroot', method, params }, MAX_ANSWER_BYTES);
    return resultOf(asAnswer(parseJson(text)), status, method, params);
  };

  /** Many calls of one method in one request; their results in the same order. */
  const callMany = async (method: string, paramsOfEach: readonly (readonly unknown[])[]): Promise<unknown[]> => {
    const calls = paramsOfEach.map((params, id) => ({ jsonrpc: '1.0', id, method, params }));
    const { status, text } = await post(calls, MAX_ANSWER_BYTES + calls.length * MAX_BATCH_ITEM_BYTES);
    const answers = parseJson(text);
    if (!Array.isArray(answers)) {
      throw new BlockSourceError('unreachable', `${name}: expected answers to a batch of calls, got something else`);
    }
    const byId = new Map<unknown, RpcAnswer>();
    for (const item of answers) {
      const answer = asAnswer(item);
      if (answer !== undefined) byId.set(answer.id, answer);
    }
    return paramsOfEach.map((params, id) => resultOf(byId.get(id), status, method, params));
  };

  const asHash = (hash: unknown, height: number): string => {
    if (typeof hash === 'string' && /^[0-9a-f]{64}$/.test(hash)) return hash;
    throw new BlockSourceError('bad-answer', `${name}: expected a block hash for height ${height}, got something else`);
  };

  const network = async (): Promise<Network | undefined> => {
    if (known !== undefined) return known;
    const info = await call('getblockchaininfo', []);
    const chain = typeof info === 'object' && info !== null && 'chain' in info ? info.chain : undefined;
    if (typeof chain !== 'string') {
      throw new BlockSourceError('bad-answer', `${name}: expected the chain's name, got something else`);
    }
    known = networkOfCoreName(chain);
    return known;
  };

  return {
    name,
    network: async () => (await network())?.name,
    async tip() {
      if (expected !== undefined) expectNetwork(name, expected, await network());
      return checkedTip(name, await call('getblockcount', []));
    },
    async header(height) {
      checkHeight(name, height);
      if (expected !== undefined) expectNetwork(name, expected, await network());
      const hash = asHash(await call('getblockhash', [height]), height);
      return checkedHeader(name, await call('getblockheader', [hash, false]), parseDisplayHash(hash), expected);
    },
    async headers(from, count) {
      checkHeight(name, from);
      checkHeight(name, from + count - 1);
      if (expected !== undefined) expectNetwork(name, expected, await network());
      const heights = Array.from({ length: count }, (_, i) => [from + i]);
      const hashes = (await callMany('getblockhash', heights)).map((hash, i) => asHash(hash, from + i));
      const headers = await callMany(
        'getblockheader',
        hashes.map((hash) => [hash, false]),
      );
      return headers.map((hex, i) => checkedHeader(name, hex, parseDisplayHash(hashes[i]!), expected));
    },
  };
}

/** The members of an answer that are looked at. */
interface RpcAnswer {
  id?: unknown;
  result?: unknown;
  error?: unknown;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON, as the HTML page of a proxy: the caller goes by the HTTP status. The parser's error would quote the text.
    return undefined;
  }
}

function asAnswer(value: unknown): RpcAnswer | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
}

function errorCode(error: unknown): number | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'number' ? code : undefined;
}
