import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { buildConnector } from 'undici';
import { proxyAnswered, proxyAuthorization, ProxyError, proxyUnreachable } from './proxy-error.js';

/** The certificates that TLS servers must lead to; without `ca` those that Node trusts. */
export type Trust = Pick<ConnectionOptions, 'ca'>;

/** Time that a proxy may take to open a tunnel. */
const TUNNEL_TIMEOUT_MS = 10_000;

/** Connects to https servers through tunnels that `proxy` opens (RFC 9110 §9.3.6); TLS is spoken with the server itself. Fails with ProxyError. */
export function tunnelThrough(proxy: URL, trust: Trust): buildConnector.connector {
  const connectTls = buildConnector(trust);
  const connect = async (options: buildConnector.Options, callback: buildConnector.Callback) => {
    let httpSocket: Socket;
    try {
      httpSocket = await openTunnel(proxy, authority(options), trust);
    } catch (error) {
      callback(error as Error, null);
      return;
    }
    connectTls({ ...options, httpSocket }, callback);
  };
  return (options, callback) => void connect(options, callback);
}

function authority({ hostname, port }: buildConnector.Options): string {
  return `${hostname.includes(':') ? `[${hostname}]` : hostname}:${port || 443}`;
}

function openTunnel(proxy: URL, target: string, trust: Trust): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const request = (proxy.protocol === 'https:' ? requestHttps : requestHttp)({
      ...(proxy.protocol === 'https:' ? trust : {}),
      host: proxy.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
      method: 'CONNECT',
      path: target,
      headers: { host: target, ...proxyAuthorization(proxy) },
      agent: false,
      timeout: TUNNEL_TIMEOUT_MS,
    });
    request.once('connect', ({ statusCode }, socket: Socket) => {
      socket.setTimeout(0);
      if (statusCode !== undefined && statusCode >= 200 && statusCode < 300) return resolve(socket);
      socket.destroy();
      reject(proxyAnswered(statusCode));
    });
    request.once('response', ({ statusCode }) => {
      request.destroy();
      reject(proxyAnswered(statusCode));
    });
    request.once('timeout', () =>
      request.destroy(new ProxyError('PROXY_TIMEOUT', `The proxy opened no tunnel within ${TUNNEL_TIMEOUT_MS} ms`)),
    );
    request.once('error', (error) => reject(error instanceof ProxyError ? error : proxyUnreachable(error)));
    request.end();
  });
}
