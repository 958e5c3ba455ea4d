import { httpUrl, integer, list, MAY_BE_EMPTY, type SettingsOf } from '#setting/setting.js';
import type { AnchorKind } from '../anchor-kind.js';
import type { SourceSettings } from '../source-settings.js';
import { createBitcoinSources } from '../sources.js';
import { calendarPattern, PUBLIC_CALENDAR_HOSTS, PUBLIC_POOLS } from './public-calendars.js';

const settings = {
  OTS_CALENDARS: list(httpUrl)
    .default(PUBLIC_POOLS)
    .describe('OpenTimestamps calendars to submit to, separated by commas'),
  OTS_CALENDAR_ALLOW: list(calendarPattern)
    .default(PUBLIC_CALENDAR_HOSTS)
    .describe('Further calendars that may be asked for an upgrade; *. stands for any names before it')
    .meta(MAY_BE_EMPTY),
  OTS_QUORUM: integer(1, 20).default(2).describe('Calendars that must answer before a submission counts as made'),
  OTS_TIMEOUT_MS: integer(100, 60_000).default(5000).describe('Time allowed to one calendar request'),
  OTS_POLL_SECONDS: integer(1, 86_400).default(300).describe('Pending submissions are looked at again after this time'),
};

/** Calendars of OpenTimestamps, which take roots to Bitcoin. */
export const OPENTIMESTAMPS = {
  name: 'opentimestamps',
  attestation: 'opentimestamps',
  isPaid: false,
  settings,
  anchors: () => ['opentimestamps'],
  problems: ({ otsCalendars: { length }, otsQuorum }, isWanted) =>
    isWanted && otsQuorum > length
      ? [{ key: 'OTS_QUORUM', detail: `expected at most the number of OTS_CALENDARS (${length}), got ${otsQuorum}` }]
      : [],
  async create(_, config, { fetch, now, randomBytes }) {
    const { createOpenTimestampsAnchor } = await import('./opentimestamps.js');
    return createOpenTimestampsAnchor({
      calendars: config.otsCalendars,
      allow: config.otsCalendarAllow,
      quorum: config.otsQuorum,
      timeoutMs: config.otsTimeoutMs,
      pollSeconds: config.otsPollSeconds,
      blockSources: createBitcoinSources(config, fetch),
      fetch,
      now,
      randomBytes,
    });
  },
} satisfies AnchorKind<SettingsOf<typeof settings> & SourceSettings>;
