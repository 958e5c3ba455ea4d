import { AnchorError } from '../error.js';

/** Says which calendars may be contacted. A proof or an answer can name any address; only one that the operator allowed is ever asked. */
export interface CalendarAllowList {
  /** Whether the address of a pending attestation is an allowed calendar. Never throws. */
  allows(uri: string): boolean;
}

/** Allows the calendars themselves (scheme, host, port and path equal) and, without a path, every host that a pattern covers.
 *
 * A pattern is `https://host`; a host that begins with `*.` stands for all names below it, at any depth: the public calendars are named
 * like `alice.btc.calendar.opentimestamps.org`.
 * @throws AnchorError `bad-settings` for what is no http(s) address */
export function createCalendarAllowList(calendars: readonly string[], patterns: readonly string[]): CalendarAllowList {
  const exact = new Set(calendars.map((calendar) => addressOf(parse(calendar, 'calendar'))));
  const hosts = patterns.map((pattern) => {
    const wildcard = pattern.includes('://*.');
    const url = parse(pattern.replace('://*.', '://'), 'calendar pattern');
    if (url.pathname !== '/')
      throw new AnchorError('bad-settings', `Calendar pattern: expected no path, got ${pattern}`);
    return { wildcard, protocol: url.protocol, hostname: url.hostname, port: url.port };
  });
  return {
    allows(uri) {
      if (!URL.canParse(uri)) return false;
      const url = new URL(uri);
      if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') return false;
      if (exact.has(addressOf(url))) return true;
      if (url.pathname !== '/') return false;
      return hosts.some(
        (host) =>
          host.protocol === url.protocol &&
          host.port === url.port &&
          (host.wildcard ? url.hostname.endsWith(`.${host.hostname}`) : url.hostname === host.hostname),
      );
    },
  };
}

const addressOf = (url: URL): string => `${url.protocol}//${url.host}${url.pathname.replace(/\/+$/, '')}`;

function parse(text: string, what: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.search !== '' || url.hash !== '')
    throw new AnchorError('bad-settings', `OpenTimestamps ${what}: expected a plain http(s) address, got ${text}`);
  return url;
}
