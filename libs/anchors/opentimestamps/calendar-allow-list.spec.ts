import { describe, expect, it } from 'vitest';
import { createCalendarAllowList } from './calendar-allow-list.js';

const list = createCalendarAllowList(
  ['https://a.pool.opentimestamps.org', 'http://127.0.0.1:8080/ots/'],
  ['https://*.calendar.opentimestamps.org', 'https://cal.example.gov:8443'],
);

describe('the calendar allow-list', () => {
  it.each([
    'https://a.pool.opentimestamps.org',
    'https://a.pool.opentimestamps.org/',
    'https://alice.btc.calendar.opentimestamps.org',
    'https://finney.calendar.opentimestamps.org/',
    'https://cal.example.gov:8443',
    'http://127.0.0.1:8080/ots',
  ])('allows %s', (uri) => expect(list.allows(uri)).toBe(true));

  it.each([
    ['another scheme', 'http://alice.btc.calendar.opentimestamps.org'],
    ['another port', 'https://alice.btc.calendar.opentimestamps.org:444'],
    ['a path', 'https://alice.btc.calendar.opentimestamps.org/other'],
    ['the wildcard domain itself', 'https://calendar.opentimestamps.org'],
    ['a name that only ends alike', 'https://evilcalendar.opentimestamps.org'],
    ['the pattern as a prefix', 'https://a.calendar.opentimestamps.org.evil.example'],
    ['credentials', 'https://a.calendar.opentimestamps.org:x@evil.example'],
    ['a query', 'https://a.pool.opentimestamps.org/?x=1'],
    ['another path of a configured calendar', 'http://127.0.0.1:8080/'],
    ['a path that climbs out', 'http://127.0.0.1:8080/ots/../admin'],
    ['a host without its port', 'https://cal.example.gov'],
    ['the cloud metadata address', 'http://169.254.169.254/latest'],
    ['no address', 'not an address'],
    ['another protocol', 'file:///etc/passwd'],
    ['nothing', ''],
  ])('refuses %s', (_, uri) => expect(list.allows(uri)).toBe(false));

  it('refuses settings that are no plain addresses', () => {
    expect(() => createCalendarAllowList(['ftp://x'], [])).toThrow(/expected a plain http/);
    expect(() => createCalendarAllowList([], ['https://x/path'])).toThrow(/expected no path/);
  });
});
