import { isIP } from 'node:net';
import { isInNetworks, networks, parseNetwork } from './networks.js';

/** Where requests go directly although a proxy is set. */
export type NoProxy = (url: URL) => boolean;

/** The machine itself. */
const LOOPBACK = networks(['127.0.0.0/8', '::1']);

/** Reads `NO_PROXY`: items separated by commas or blanks, each
 *
 * - a name, which stands for itself and every name below it (`example.gov`, `.example.gov` and `*.example.gov` alike),
 * - an address or a network (`10.0.0.7`, `10.0.0.0/8`, `fd00::/8`), for URLs that hold an address; names are not resolved,
 * - either with a port (`example.gov:8443`, `[fd00::1]:8443`), for that port alone,
 * - or `*`, for everything.
 *
 * What fits no form is passed over, as everywhere that reads this variable. This machine (`localhost`, 127.0.0.0/8, ::1) is never reached through a
 * proxy: what runs there is the user's own, and its passwords are nobody else's. */
export function parseNoProxy(text: string): NoProxy {
  const rules = text
    .split(/[\s,]+/)
    .filter((item) => item !== '')
    .map(parseItem);
  return (url) => isLoopback(hostOf(url)) || rules.some((rule) => rule(hostOf(url), portOf(url)));
}

type Rule = (host: string, port: string) => boolean;

function parseItem(item: string): Rule {
  if (item === '*') return () => true;
  const withPort = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(item);
  const name = (withPort?.[1] ?? item).replace(/^\[(.*)\]$/, '$1').toLowerCase();
  const fits = isIP(name.split('/')[0]!) === 0 ? nameRule(name) : networkRule(name);
  const port = withPort?.[2];
  return (host, asked) => (port === undefined || port === asked) && fits(host);
}

function nameRule(text: string): (host: string) => boolean {
  const name = text.replace(/^\*?\./, '').replace(/\.$/, '');
  return (host) => name !== '' && (host === name || host.endsWith(`.${name}`));
}

function networkRule(text: string): (host: string) => boolean {
  if (parseNetwork(text) === null) return () => false;
  const network = networks([text]);
  return (host) => isInNetworks(network, host);
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || isInNetworks(LOOPBACK, host);
}

/** Without the brackets of an IPv6 address and the dot that a full name may end with. */
function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
}

function portOf({ port, protocol }: URL): string {
  return port !== '' ? port : protocol === 'https:' ? '443' : '80';
}
