import { createBitcoinNodeSource } from '#source/bitcoin-node-source.js';
import type { BlockSource } from '#source/block-source.js';
import { createEsploraSource } from '#source/esplora-source.js';
import type { NetworkName } from '#bitcoin/network.js';
import { cookieFetch } from './bitcoin/cookie-fetch.js';

/** The settings that name where block headers come from; the service's configuration has these members. */
export interface HeaderSourceSettings {
  /** Address of a node of one's own, user and password in it; first in the list. */
  bitcoinRpcUrl?: string | undefined;
  /** The node's cookie file, instead of user and password. */
  bitcoinRpcCookieFile?: string | undefined;
  esploraUrls: readonly string[];
  /** The only network that sources may serve; any without it. */
  bitcoinNetwork?: NetworkName | undefined;
  /** Time for one request, from its start to the last byte. */
  headerTimeoutMs: number;
}

/** The configured header sources: one's own node first, then the explorers in their order. None is asked before a header is wanted.
 * Empty when nothing is configured.
 * @throws BitcoinError `bad-url` */
export function createHeaderSources(settings: HeaderSourceSettings, fetchHeaders: typeof fetch = fetch): BlockSource[] {
  const access = { fetch: fetchHeaders, timeoutMs: settings.headerTimeoutMs, network: settings.bitcoinNetwork };
  const { bitcoinRpcUrl: url, bitcoinRpcCookieFile: cookieFile } = settings;
  const rpcFetch = cookieFile === undefined ? fetchHeaders : cookieFetch(fetchHeaders, cookieFile);
  return [
    ...(url === undefined ? [] : [createBitcoinNodeSource({ url, ...access, fetch: rpcFetch })]),
    ...settings.esploraUrls.map((url) => createEsploraSource({ url, ...access })),
  ];
}
