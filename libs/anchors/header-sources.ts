import type { BlockSource } from '#bitcoin/block-source.js';
import { createEsploraSource } from '#bitcoin/esplora-source.js';
import { createRpcSource } from '#bitcoin/rpc-source.js';

/** The settings that name where block headers come from. */
export interface HeaderSourceSettings {
  /** Address of a node of one's own, user and password in it; asked first. */
  bitcoinRpcUrl?: string | undefined;
  esploraUrls: readonly string[];
  /** Time for one request, from its start to the last byte. */
  headerTimeoutMs: number;
}

/** The configured header sources: one's own node first, then the explorers in their order. Each request is bounded in time; none is
 * made before a header is asked for. Empty when nothing is configured. */
export function createHeaderSources(settings: HeaderSourceSettings, fetchHeaders: typeof fetch = fetch): BlockSource[] {
  const timeoutMs = settings.headerTimeoutMs;
  const bounded: typeof fetch = (input, init) => {
    const limit = AbortSignal.timeout(timeoutMs);
    return fetchHeaders(input, { ...init, signal: init?.signal ? AbortSignal.any([init.signal, limit]) : limit });
  };
  const common = { fetch: bounded, timeoutMs };
  return [
    ...(settings.bitcoinRpcUrl === undefined ? [] : [createRpcSource({ url: settings.bitcoinRpcUrl, ...common })]),
    ...settings.esploraUrls.map((url) => createEsploraSource({ url, ...common })),
  ];
}
