import { z } from 'zod';

/** The public calendar pools; each forwards to the calendar servers in {@link PUBLIC_CALENDAR_HOSTS}. */
export const PUBLIC_POOLS = [
  'https://a.pool.opentimestamps.org',
  'https://b.pool.opentimestamps.org',
  'https://a.pool.eternitywall.com',
  'https://ots.btc.catallaxy.com',
];

/** Hosts that a pool's answer may send us back to; `*.` stands for one or more name labels. */
export const PUBLIC_CALENDAR_HOSTS = [
  'https://*.calendar.opentimestamps.org',
  'https://*.calendar.eternitywall.com',
  'https://*.calendar.catallaxy.com',
];

/** A calendar URL pattern: scheme, host that may begin with `*.`, optional port. */
export const calendarPattern = z
  .string()
  .regex(/^https?:\/\/(\*\.)?[a-z0-9.-]+(:\d+)?$/, 'expected http(s)://host, where host may begin with "*."');
