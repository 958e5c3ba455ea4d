import { parseDisplayHash } from './block-hash.js';
import { type BlockSource, BlockSourceError, checkedTip, checkHeight } from './block-source.js';
import { checkedHeader, expectNetwork } from './header-answer.js';
import { type HttpAccess, parseHttpAddress, requestAnswer } from './http-answer.js';
import { NETWORKS, type Network, type NetworkName, networkOfGenesis } from './network.js';

/** Longest answer that is read, in bytes. The longest text that is asked for has 160. */
const MAX_ANSWER_BYTES = 1024;

/** Settings of an Esplora source; `url` is the API's base, such as `https://mempool.space/api`. */
export interface EsploraOptions extends HttpAccess {
  /** Refuse a server on any other network, and headers easier than this one's limit. */
  readonly network?: NetworkName | undefined;
}

/** A source that asks an explorer with the Esplora HTTP interface. Throws `bad-url`. */
export function createEsploraSource(options: EsploraOptions): BlockSource {
  const address = parseHttpAddress(options.url);
  const name = `Esplora at ${address.host}`;
  const expected = options.network === undefined ? undefined : NETWORKS[options.network];
  let known: Network | undefined;

  const get = async (path: string, missing: () => BlockSourceError): Promise<string> => {
    const init = { headers: { ...address.headers, accept: 'text/plain' } };
    const answer = await requestAnswer(name, options, `${address.base}${path}`, init, MAX_ANSWER_BYTES);
    if (answer.status === 404) throw missing();
    if (answer.status !== 200) {
      throw new BlockSourceError('unreachable', `${name}: expected HTTP status 200, got ${answer.status}`);
    }
    return answer.text.trim();
  };

  const hashAt = async (height: number): Promise<string> => {
    const text = await get(
      `/block-height/${height}`,
      () => new BlockSourceError('no-such-block', `${name}: expected a block at height ${height}, got none`),
    );
    if (!/^[0-9a-f]{64}$/.test(text)) {
      throw new BlockSourceError(
        'bad-answer',
        `${name}: expected a block hash for height ${height}, got something else`,
      );
    }
    return text;
  };

  const network = async (): Promise<Network | undefined> => {
    known ??= networkOfGenesis(parseDisplayHash(await hashAt(0)));
    return known;
  };

  return {
    name,
    network: async () => (await network())?.name,
    async tip() {
      if (expected !== undefined) expectNetwork(name, expected, await network());
      const text = await get(
        '/blocks/tip/height',
        () => new BlockSourceError('bad-answer', `${name}: expected the height of its newest block, got none`),
      );
      return checkedTip(name, /^(0|[1-9][0-9]{0,9})$/.test(text) ? Number(text) : undefined);
    },
    async header(height) {
      checkHeight(name, height);
      if (expected !== undefined) expectNetwork(name, expected, await network());
      const hash = await hashAt(height);
      const hex = await get(
        `/block/${hash}/header`,
        () => new BlockSourceError('bad-answer', `${name}: expected the header of the block hash it named, got none`),
      );
      return checkedHeader(name, hex, parseDisplayHash(hash), expected);
    },
  };
}
