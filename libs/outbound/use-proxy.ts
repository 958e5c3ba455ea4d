import { Agent, Dispatcher, setGlobalDispatcher } from 'undici';
import { createForward } from './forward.js';
import { type NoProxy, parseNoProxy } from './no-proxy.js';
import { parseProxyUrl, type ProxySettings } from './proxy-settings.js';
import { type Trust, tunnelThrough } from './tunnel.js';

/** Sends every `fetch` of this process that leaves the machine through the proxy that `settings` name; without one nothing changes. What this process
 * serves, PostgreSQL and Redis are not concerned.
 * @throws ProxySettingError */
export function useProxy(settings: ProxySettings): void {
  if (settings.httpsProxy || settings.httpProxy) setGlobalDispatcher(createProxyDispatcher(settings));
}

/** Requests through the proxies of `settings`: https ones in a tunnel (CONNECT), http ones handed to the proxy whole, since many refuse tunnels to other
 * ports than 443. `trust` is for tests.
 * @throws ProxySettingError */
export function createProxyDispatcher(settings: ProxySettings, trust: Trust = {}): Dispatcher {
  return new ProxyDispatcher(settings, trust);
}

class ProxyDispatcher extends Dispatcher {
  readonly #noProxy: NoProxy;
  readonly #direct: Agent;
  readonly #https: Dispatcher;
  readonly #http: Dispatcher;

  constructor({ httpsProxy, httpProxy, noProxy = '' }: ProxySettings, trust: Trust) {
    super();
    this.#noProxy = parseNoProxy(noProxy);
    this.#direct = new Agent({ connect: trust });
    this.#https = httpsProxy ? new Agent({ connect: tunnelThrough(parseProxyUrl(httpsProxy), trust) }) : this.#direct;
    this.#http = httpProxy ? createForward(parseProxyUrl(httpProxy), trust) : this.#direct;
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const url = new URL(String(options.origin));
    const way = url.protocol === 'https:' ? this.#https : this.#http;
    return (this.#noProxy(url) ? this.#direct : way).dispatch(options, handler);
  }

  override async close(): Promise<void> {
    await Promise.all([...new Set([this.#direct, this.#https, this.#http])].map((way) => way.close()));
  }

  override async destroy(): Promise<void> {
    await Promise.all([...new Set([this.#direct, this.#https, this.#http])].map((way) => way.destroy()));
  }
}
