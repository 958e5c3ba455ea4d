import { createBitcoinNodeSource } from '#source/bitcoin-node-source.js';
import type { BlockSource } from '#source/block-source.js';
import { createEsploraSource } from '#source/esplora-source.js';
import { createEvmNodeSource } from '#source/evm-node-source.js';
import type { EvmSource } from '#source/evm-source.js';
import type { Fetch } from '#source/http-answer.js';
import { cookieFetch } from './cookie-fetch.js';
import type { EvmChainSettings } from './evm-chains.js';
import type { SourceSettings } from './source-settings.js';

/** The settings that sources of Bitcoin blocks are made by. */
type BitcoinSourceSettings = Pick<SourceSettings, 'esploraUrls' | 'headerTimeoutMs'> &
  Partial<Pick<SourceSettings, 'bitcoinRpcUrl' | 'bitcoinRpcCookieFile' | 'bitcoinNetwork'>>;

/** Whom the service asks for Bitcoin blocks, wherever it does: one's own node first, then the explorers. None is asked before a block is wanted.
 * @throws AddressError */
export function createBitcoinSources(settings: BitcoinSourceSettings, fetcher: typeof fetch = fetch): BlockSource[] {
  const access = { fetch: fetcher as Fetch, timeoutMs: settings.headerTimeoutMs, network: settings.bitcoinNetwork };
  const { bitcoinRpcUrl: url, bitcoinRpcCookieFile: cookieFile } = settings;
  const nodeFetch = cookieFile === undefined ? fetcher : cookieFetch(fetcher, cookieFile);
  return [
    ...(url === undefined ? [] : [createBitcoinNodeSource({ url, ...access, fetch: nodeFetch })]),
    ...settings.esploraUrls.map((explorer) => createEsploraSource({ url: explorer, ...access })),
  ];
}

/** The same of one EVM chain: its nodes, in their order; what is final goes by the chain's rule. @throws AddressError */
export function createEvmSources(
  { rpcUrls, finality }: Pick<EvmChainSettings, 'rpcUrls' | 'finality'>,
  { evmTimeoutMs: timeoutMs }: Pick<SourceSettings, 'evmTimeoutMs'>,
  fetcher: typeof fetch = fetch,
): EvmSource[] {
  return rpcUrls.map((url) => withFinality(createEvmNodeSource({ url, fetch: fetcher, timeoutMs }), finality));
}

/** A node whose blocks are final by the chain's rule. */
export function withFinality(source: EvmSource, finality: EvmChainSettings['finality']): EvmSource {
  const latest = () => source.latestNumber!();
  if (finality === 'finalized') return source;
  if (finality === 'latest') return { ...source, finalizedNumber: latest };
  return { ...source, finalizedNumber: async () => Math.max(0, (await latest()) - finality.blocks + 1) };
}
