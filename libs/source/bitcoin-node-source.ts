import { parseDisplayHash } from '#bitcoin/block-hash.js';
import { NETWORKS, type NetworkName, networkOfCoreName } from '#bitcoin/network.js';
import { type BlockSource, checkedTip, checkHeight } from './block-source.js';
import { SourceError } from './error.js';
import { checkedHash, checkedHeader, networkOfBlock0, networkTeller } from './header-answer.js';
import type { HttpAccess } from './http-answer.js';
import { createJsonRpc, isObject, resultOf, type RpcAnswer } from './json-rpc.js';

/** Longest answer that is read, in bytes. The largest wanted one, `getblockchaininfo`, has one or two thousand. */
const MAX_ANSWER_BYTES = 65_536;

/** Longest answer to one call of a batch, in bytes: a header has 160 hex digits, and the answer's own members some 40 characters. */
const MAX_BATCH_ITEM_BYTES = 1024;

/** Bitcoin Core's RPC_INVALID_PARAMETER: for `getblockhash` a height beyond the chain. */
const RPC_INVALID_PARAMETER = -8;

/** Settings of a node source; `url` may hold `user:password@`, which is sent as Basic authorization and never shown. */
export interface BitcoinNodeOptions extends HttpAccess {
  /** Refuse a node on any other network, and headers easier than this one's limit. */
  readonly network?: NetworkName | undefined;
}

/**
 * A source that asks a node through Bitcoin Core's JSON-RPC: `getblockhash`, `getblockheader`,
 * `getblockchaininfo`, `getblockcount`. Throws AddressError.
 */
export function createBitcoinNodeSource(options: BitcoinNodeOptions): BlockSource {
  const limits = { maxBytes: MAX_ANSWER_BYTES, maxItemBytes: MAX_BATCH_ITEM_BYTES };
  const rpc = createJsonRpc({ ...options, ...limits, kind: 'Bitcoin node', version: '1.0' });
  const { name } = rpc;
  const expected = options.network === undefined ? undefined : NETWORKS[options.network];

  const call = async (method: string, params: readonly unknown[]): Promise<unknown> =>
    resultOf(name, method, await rpc.call(method, params));

  const hashOf = (height: number, answer: RpcAnswer): string => {
    if (answer.error?.code === RPC_INVALID_PARAMETER)
      throw new SourceError('no-such-block', `${name}: expected a block at height ${height}, got none`);
    return checkedHash(name, height, resultOf(name, 'getblockhash', answer));
  };

  const hashAt = async (height: number): Promise<string> => hashOf(height, await rpc.call('getblockhash', [height]));

  const network = networkTeller(name, options.network, async () => {
    const info = await rpc.call('getblockchaininfo', []);
    if (info.error === undefined) {
      const chain = isObject(info.result) ? info.result['chain'] : undefined;
      if (typeof chain === 'string') return networkOfCoreName(chain);
      throw new SourceError('bad-answer', `${name}: expected the chain's name, got something else`);
    }
    // A proxy before the node may let through no more than blocks.
    return networkOfBlock0(() => hashAt(0));
  });

  return {
    name,
    network,
    async tip() {
      if (expected !== undefined) await network();
      return checkedTip(name, await call('getblockcount', []));
    },
    async header(height) {
      checkHeight(name, height);
      if (expected !== undefined) await network();
      const hash = await hashAt(height);
      return checkedHeader(name, await call('getblockheader', [hash, false]), parseDisplayHash(hash), expected);
    },
    async headers(from, count) {
      checkHeight(name, from);
      checkHeight(name, from + count - 1);
      if (expected !== undefined) await network();
      const heights = Array.from({ length: count }, (_, i) => from + i);
      const named = await rpc.callMany(
        'getblockhash',
        heights.map((height) => [height]),
      );
      const hashes = named.map((answer, i) => hashOf(heights[i]!, answer));
      const headers = await rpc.callMany(
        'getblockheader',
        hashes.map((hash) => [hash, false]),
      );
      return headers.map((answer, i) => {
        const hex = resultOf(name, 'getblockheader', answer);
        return checkedHeader(name, hex, parseDisplayHash(hashes[i]!), expected);
      });
    },
  };
}
