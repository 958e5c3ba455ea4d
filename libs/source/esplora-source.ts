import { parseDisplayHash } from '#bitcoin/block-hash.js';
import { NETWORKS, type NetworkName } from '#bitcoin/network.js';
import { type BlockSource, checkedTip, checkHeight } from './block-source.js';
import { AddressError, SourceError } from './error.js';
import { checkedHash, checkedHeader, networkOfBlock0, networkTeller } from './header-answer.js';
import { type HttpAccess, parseHttpAddress, requestAnswer } from './http-answer.js';

/** Longest answer that is read, in bytes. The longest text that is asked for has 160; the rest is for what a proxy has to say. */
const MAX_ANSWER_BYTES = 16_384;

/** Settings of an Esplora source; `url` is the API's base, such as `https://mempool.space/api`, without query. */
export interface EsploraOptions extends HttpAccess {
  /** Refuse a server on any other network, and headers easier than this one's limit. */
  readonly network?: NetworkName | undefined;
}

/** A source that asks an explorer with the Esplora HTTP interface. Throws AddressError. */
export function createEsploraSource(options: EsploraOptions): BlockSource {
  const { base, host, headers, secrets } = parseHttpAddress(options.url);
  if (new URL(options.url).search !== '')
    throw new AddressError('Address of an explorer: expected one without query, got another');
  const name = `Esplora at ${host}`;
  const expected = options.network === undefined ? undefined : NETWORKS[options.network];

  /** The text at a path, and what it is for people; `missing` is thrown when there is none. */
  const get = async (path: string, missing: () => SourceError): Promise<{ text: string; said: string }> => {
    const init = { headers: { ...headers, accept: 'text/plain' } };
    const answer = await requestAnswer(name, options, `${base}${path}`, init, { maxBytes: MAX_ANSWER_BYTES, secrets });
    if (answer.status === 404) throw missing();
    if (answer.status !== 200)
      throw new SourceError(
        'unreachable',
        `${name}: expected HTTP status 200, got ${answer.status}, which says ${answer.said}`,
      );
    return { text: answer.text.trim(), said: answer.said };
  };

  const hashAt = async (height: number): Promise<string> => {
    const { text, said } = await get(
      `/block-height/${height}`,
      () => new SourceError('no-such-block', `${name}: expected a block at height ${height}, got none`),
    );
    return checkedHash(name, height, text, said);
  };

  const network = networkTeller(name, options.network, () => networkOfBlock0(() => hashAt(0)));

  return {
    name,
    network,
    async tip() {
      if (expected !== undefined) await network();
      const { text } = await get(
        '/blocks/tip/height',
        () => new SourceError('bad-answer', `${name}: expected the height of its newest block, got none`),
      );
      return checkedTip(name, /^(0|[1-9][0-9]{0,9})$/.test(text) ? Number(text) : undefined);
    },
    async header(height) {
      checkHeight(name, height);
      if (expected !== undefined) await network();
      const hash = await hashAt(height);
      const { text } = await get(
        `/block/${hash}/header`,
        () => new SourceError('bad-answer', `${name}: expected the header of the block hash it named, got none`),
      );
      return checkedHeader(name, text, parseDisplayHash(hash), expected);
    },
  };
}
