import { setTimeout as delay } from 'node:timers/promises';
import type { ProxySettings } from '#outbound/proxy-settings.js';
import { type Environment, readEnvironment } from './environment.js';
import { Terminal } from './terminal.js';

/** What a command gets from outside: streams, environment, clock, network, randomness. Tests give their own. */
export interface Context {
  terminal: Terminal;
  stdin: NodeJS.ReadableStream;
  environment: Environment;
  fetch: typeof globalThis.fetch;
  now: () => Date;
  sleep: (milliseconds: number) => Promise<void>;
  /** Cryptographically random bytes. */
  randomBytes: (length: number) => Uint8Array;
}

/** The context of a real process. */
export function processContext(): Context {
  const environment = readEnvironment();
  return {
    terminal: new Terminal(process.stdout, process.stderr, environment),
    stdin: process.stdin,
    environment,
    fetch: fetchThrough(environment.proxy),
    now: () => new Date(),
    sleep: (milliseconds) => delay(milliseconds),
    randomBytes: (length) => globalThis.crypto.getRandomValues(new Uint8Array(length)),
  };
}

/** `fetch` through the proxy that is set; its code is loaded with the first request. */
function fetchThrough(proxy: ProxySettings): typeof globalThis.fetch {
  if (!proxy.httpsProxy && !proxy.httpProxy) return (input, init) => globalThis.fetch(input, init);
  let ready: Promise<void> | undefined;
  return async (input, init) => {
    ready ??= import('#outbound/use-proxy.js').then(({ useProxy }) => useProxy(proxy));
    await ready;
    return globalThis.fetch(input, init);
  };
}
