import { buildConnector, DecoratorHandler, type Dispatcher, Pool } from 'undici';
import { proxyAnswered, proxyAuthorization, proxyUnreachable } from './proxy-error.js';
import type { Trust } from './tunnel.js';

/** Hands http requests to `proxy` with their whole address (RFC 9112 §3.2.2). What it refuses is answered by a status of its own,
 * but for 407, of which `fetch` would say nothing. */
export function createForward(proxy: URL, trust: Trust): Dispatcher {
  const connect = buildConnector(trust);
  const pool = new Pool(proxy.origin, {
    connect: (options, callback) =>
      connect(options, (...[error, socket]) => {
        if (error === null) callback(null, socket);
        else callback(proxyUnreachable(error), null);
      }),
  });
  const credentials = proxyAuthorization(proxy);
  return pool.compose((dispatch) => (options, handler) => {
    const origin = String(options.origin);
    const headers = { host: new URL(origin).host, ...asObject(options.headers), ...credentials };
    return dispatch(
      { ...options, origin: proxy.origin, path: `${origin}${options.path}`, headers },
      new Answer(handler),
    );
  });
}

/** Status of a proxy that wants credentials (RFC 9110 §15.5.8). */
const PROXY_AUTHENTICATION_REQUIRED = 407;

/** The package's declaration leaves out the methods. */
const Handler = DecoratorHandler as new (handler: Dispatcher.DispatchHandler) => {
  onResponseStart(...start: ResponseStart): void;
};
type ResponseStart = Parameters<Required<Dispatcher.DispatchHandler>['onResponseStart']>;

class Answer extends Handler {
  override onResponseStart(...start: ResponseStart): void {
    const [, status] = start;
    if (status === PROXY_AUTHENTICATION_REQUIRED) throw proxyAnswered(status);
    super.onResponseStart(...start);
  }
}

/** `fetch` gives its headers as an object, undici's other interfaces also as pairs or as a flat list. */
function asObject(headers: Dispatcher.DispatchOptions['headers']): Record<string, string | string[] | undefined> {
  if (headers === null || headers === undefined) return {};
  if (Array.isArray(headers))
    return Object.fromEntries(headers.flatMap((name, i) => (i % 2 === 0 ? [[name, headers[i + 1]]] : []))) as Record<
      string,
      string
    >;
  if (Symbol.iterator in headers)
    return Object.fromEntries(headers as Iterable<[string, string | string[] | undefined]>);
  return headers as Record<string, string | string[] | undefined>;
}
