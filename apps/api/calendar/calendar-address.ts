import { ConfigError } from '#setting/config-error.js';
import { MAX_URI_BYTES } from '#ots/attestation.js';
import { AGENCY_PATTERN } from '#statement/member-check.js';

/** What a pending attestation's address may be made of; stock readers refuse anything else. */
const ADDRESS_PATTERN = /^[A-Za-z0-9\-._/:]+$/;

/** The address that goes into pending attestations: `publicUrl` without a slash at its end.
 * @throws ConfigError unless stock clients can read it and find the calendar by it */
export function calendarAddress(publicUrl: string): string {
  const url = new URL(publicUrl);
  // A stock client resolves `timestamp/…` against the address, which drops a path that does not end with a slash.
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '')
    throw refused('PUBLIC_URL', 'expected only scheme, host and port while OTS_CALENDAR is on: clients cut off a path');
  if (!ADDRESS_PATTERN.test(url.origin) || url.origin.length > MAX_URI_BYTES)
    throw refused(
      'PUBLIC_URL',
      `expected at most ${MAX_URI_BYTES} characters A-Z a-z 0-9 - . _ / : while OTS_CALENDAR is on, which a proof may hold`,
    );
  return url.origin;
}

/** Domain of the agency that stands in the statements of digests posted to the calendar: below the log's own host, so that nobody else's
 * records can be taken for these, nor these for anybody else's.
 * @throws ConfigError when the log's name begins with no host name */
export function calendarDomain(logOrigin: string): string {
  const host = logOrigin.split('/', 1)[0]!.replace(/:\d*$/, '');
  const domain = `calendar.${host}`;
  if (!AGENCY_PATTERN.test(domain))
    throw refused('LOG_ORIGIN', `expected it to begin with a host name while OTS_CALENDAR is on, got ${host}`);
  return domain;
}

function refused(key: string, detail: string): ConfigError {
  return new ConfigError([{ key, detail }]);
}
