import { parseDisplayHash } from './block-hash.js';
import { type BlockSource, BlockSourceError, checkedTip, checkHeight } from './block-source.js';
import { checkedHeader, expectNetwork } from './header-answer.js';
import { type HttpAccess, parseHttpAddress, requestAnswer } from './http-answer.js';
import { NETWORKS, type Network, type NetworkName, networkOfCoreName } from './network.js';

/** Longest answer that is read, in bytes. The largest wanted one, `getblockchaininfo`, has one or two thousand. */
const MAX_ANSWER_BYTES = 65_536;

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

  const call = async (method: string, params: readonly unknown[]): Promise<unknown> => {
    const init = {
      method: 'POST',
      headers: { ...address.headers, 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '1.0', id: 'sealroot', method, params }),
    };
    const { status, text } = await requestAnswer(name, options, `${address.base}/`, init, MAX_ANSWER_BYTES);
    const answer = parseAnswer(text);
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
      const hash = await call('getblockhash', [height]);
      if (typeof hash !== 'string' || !/^[0-9a-f]{64}$/.test(hash)) {
        throw new BlockSourceError(
          'bad-answer',
          `${name}: expected a block hash for height ${height}, got something else`,
        );
      }
      return checkedHeader(name, await call('getblockheader', [hash, false]), parseDisplayHash(hash), expected);
    },
  };
}

function parseAnswer(text: string): { result?: unknown; error?: unknown } | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Not JSON, as the HTML page of a proxy: the caller goes by the HTTP status. The parser's error would quote the text.
    return undefined;
  }
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
}

function errorCode(error: unknown): number | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'number' ? code : undefined;
}
