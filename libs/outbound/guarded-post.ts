import type { BlockList, LookupFunction } from 'node:net';
import { isIP } from 'node:net';
import { Agent, buildConnector, type Dispatcher, request } from 'undici';
import { isInNetworks, networks } from './networks.js';
import { parseNoProxy } from './no-proxy.js';
import { ProxyError } from './proxy-error.js';
import { parseProxyUrl, type ProxySettings } from './proxy-settings.js';
import { isPublicAddress } from './public-address.js';
import { type Resolve, resolveByDns } from './resolve.js';
import { type Trust, tunnelThrough } from './tunnel.js';

/** Why a request got no answer: its name leads nowhere where requests may go, it took too long, or the connection failed (`cause`). */
export class GuardedPostError extends Error {
  constructor(
    readonly code: 'address-refused' | 'timeout' | 'connection-failed',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'GuardedPostError';
  }
}

/** What came back: of the answer's body nothing is read. */
export interface PostAnswer {
  status: number;
  /** The `Retry-After` header as it came. */
  retryAfter: string | undefined;
}

/** Posts a body to an address that somebody else chose. Follows no redirect. Rejects with GuardedPostError. */
export type GuardedPost = (
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: string,
  timeoutMs: number,
) => Promise<PostAnswer>;

/** Where such requests may go. */
export interface Guard extends ProxySettings {
  /** Networks that may be reached although they are not public. Only in them is http enough. */
  readonly networks: readonly string[];
  /** For tests: who answers for names, and which certificates are trusted. */
  readonly resolve?: Resolve;
  readonly trust?: Trust;
}

/**
 * Makes a {@link GuardedPost}. A name is resolved once, every address that it has must be allowed, and the connection goes to one of those that were
 * looked at, whatever the name leads to a moment later. Through a proxy the tunnel is asked for to such an address as well, not to the name, so that
 * the proxy has nothing to resolve: one that allows names alone refuses, and `NO_PROXY` is the way around it. http, which is for the own network,
 * never goes through a proxy.
 */
export function createGuardedPost(guard: Guard): GuardedPost {
  const allowed = networks(guard.networks);
  const { resolve = resolveByDns(), trust = {} } = guard;
  const noProxy = parseNoProxy(guard.noProxy ?? '');
  const proxy = guard.httpsProxy ? parseProxyUrl(guard.httpsProxy) : null;
  return async (url, headers, body, timeoutMs) => {
    const signal = AbortSignal.timeout(timeoutMs);
    let agent: Dispatcher | undefined;
    try {
      const addresses = await checkedAddresses(url, resolve, allowed, signal);
      const isTunnelled = proxy !== null && url.protocol === 'https:' && !noProxy(url);
      const connect = isTunnelled
        ? pinnedTunnel(proxy, trust, addresses)
        : pinnedConnector(trust, addresses, timeoutMs);
      agent = new Agent({ connect, pipelining: 0, headersTimeout: timeoutMs });
      const answer = await request(url, { dispatcher: agent, method: 'POST', headers, body, signal });
      answer.body.on('error', () => undefined).destroy();
      const { 'retry-after': retryAfter } = answer.headers;
      return { status: answer.statusCode, retryAfter: Array.isArray(retryAfter) ? retryAfter[0] : retryAfter };
    } catch (error) {
      if (error instanceof GuardedPostError) throw error;
      if (signal.aborted) throw new GuardedPostError('timeout', `No answer within ${timeoutMs} ms`, { cause: error });
      throw new GuardedPostError('connection-failed', describeFailure(error as Error), { cause: error });
    } finally {
      // Whatever the other side still sends, it is not listened to.
      void agent?.destroy();
    }
  };
}

/** The addresses of the URL's host, when there are any and requests may go to all of them. */
async function checkedAddresses(
  { hostname, protocol }: URL,
  resolve: Resolve,
  allowed: BlockList,
  signal: AbortSignal,
): Promise<string[]> {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const addresses = isIP(host) === 0 ? await unlessAborted(resolve(host, signal), signal) : [host];
  const isAllowed = (address: string) =>
    isInNetworks(allowed, address) || (protocol === 'https:' && isPublicAddress(address));
  if (addresses.length > 0 && addresses.every(isAllowed)) return addresses;
  // One message for both, and no address: what names there are inside is nobody's business.
  throw new GuardedPostError('address-refused', `${host} leads to no address, or to one that is not public`);
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return Promise.race([
    work,
    new Promise<never>((_, reject) =>
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }),
    ),
  ]);
}

/** Connects to one of `addresses`, whichever answers, under the name of the host. */
function pinnedConnector(trust: Trust, addresses: string[], timeoutMs: number): buildConnector.connector {
  const answers = addresses.map((address) => ({ address, family: isIP(address) }));
  const lookup: LookupFunction = (_hostname, options, callback) => {
    if (options.all === true) callback(null, answers);
    else callback(null, answers[0]!.address, answers[0]!.family);
  };
  return buildConnector({ ...trust, lookup, timeout: timeoutMs });
}

function pinnedTunnel(proxy: URL, trust: Trust, addresses: string[]): buildConnector.connector {
  const tunnel = tunnelThrough(proxy, trust);
  const address = addresses.find((candidate) => isIP(candidate) === 4) ?? addresses[0]!;
  return (options, callback) => {
    const { hostname } = options;
    // TLS names no addresses (RFC 6066 §3).
    const name = isIP(hostname) === 0 ? { servername: hostname } : {};
    tunnel({ ...options, ...name, hostname: address }, callback);
  };
}

/** What may be told to whoever chose the address: a code, and what a proxy said. */
function describeFailure(error: Error): string {
  const { code } = error as NodeJS.ErrnoException;
  if (error instanceof ProxyError) return error.code;
  return `The connection failed: ${code ?? error.name}`;
}
