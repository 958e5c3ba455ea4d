import { StatementError, describe } from './error.js';

const CANONICAL = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const RFC3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/** Milliseconds since 1970 of the year 10000, the first instant that four-digit years cannot write. */
const YEAR_10000_MS = 253_402_300_800_000;

/** The last time that was written: those who take in records write the same one again and again. */
let last = { ms: 0, text: '1970-01-01T00:00:00.000Z' };

/** The time `ms` (milliseconds since 1970, UTC) as every format here writes it: RFC 3339, UTC, three decimals, `Z`. */
export function formatTime(ms: number): string {
  if (ms === last.ms) return last.text;
  if (!Number.isInteger(ms) || ms < 0 || ms >= YEAR_10000_MS) {
    throw new StatementError('bad-time', `Writing a time: expected milliseconds from 1970 to 9999, got ${ms}`);
  }
  last = { ms, text: new Date(ms).toISOString() };
  return last.text;
}

/** Whether `value` is a time exactly as {@link formatTime} writes it (years 0000 to 9999). */
export function isTime(value: unknown): value is string {
  if (typeof value !== 'string' || !CANONICAL.test(value)) return false;
  const ms = Date.parse(value);
  // Date.parse turns 30 February into March: only what reads back the same names a real day.
  return !Number.isNaN(ms) && new Date(ms).toISOString() === value;
}

/**
 * Milliseconds since 1970 of a time as {@link formatTime} writes it.
 *
 * @throws StatementError `bad-time` for anything else.
 */
export function parseTime(text: unknown): number {
  if (!isTime(text)) {
    throw new StatementError('bad-time', `Reading a time: expected YYYY-MM-DDThh:mm:ss.sssZ, got ${describe(text)}`);
  }
  return Date.parse(text);
}

/**
 * Any RFC 3339 time (offset, up to nine decimals) as {@link formatTime} writes it, or null when it is none.
 * Decimals beyond the third are cut off. Leap seconds (`:60`) are refused: no clock here can express them.
 */
export function normalizeTime(text: string): string | null {
  const match = RFC3339.exec(text);
  if (match === null) return null;
  const [, year, month, day, hour, minute, second, decimals = '', sign, offsetHours = '0', offsetMinutes = '0'] = match;
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}.${decimals.slice(0, 3).padEnd(3, '0')}Z`;
  if (!isTime(local) || Number(offsetHours) > 23 || Number(offsetMinutes) > 59) return null;
  const offsetMs = (Number(offsetHours) * 60 + Number(offsetMinutes)) * 60_000 * (sign === '-' ? -1 : 1);
  const utcMs = Date.parse(local) - offsetMs;
  if (utcMs >= YEAR_10000_MS) return null;
  const utc = new Date(utcMs).toISOString();
  return isTime(utc) ? utc : null;
}
