import { type Der, TAG } from './der.js';
import { TspError } from './error.js';

const UTC_TIME = /^(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/;
const GENERALIZED_TIME = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(?:\.(\d{0,11}[1-9]))?Z$/;

/** A time of a certificate or a revocation list (RFC 5280 §4.1.2.5): whole seconds, UTC. Milliseconds since 1970. @throws TspError `bad-der` */
export function readTime(element: Der, what: string): number {
  const text = ascii(element);
  if (element.tag === TAG.utcTime) {
    const [, year = '', ...others] = UTC_TIME.exec(text) ?? [];
    // Two digits of a year stand for 1950 to 2049.
    return milliseconds([String(Number(year) + (Number(year) < 50 ? 2000 : 1900)), ...others], what, text);
  }
  const [, ...fields] = (element.tag === TAG.generalizedTime && GENERALIZED_TIME.exec(text)) || [];
  if (fields[6] !== undefined) throw bad(what, text);
  return milliseconds(fields.slice(0, 6), what, text);
}

/** The genTime of a token (RFC 3161 §2.4.2): UTC, seconds with an optional fraction. Milliseconds since 1970; what is finer is rounded up,
 * since a token says "no later than". @throws TspError `bad-der` */
export function readGenTime(element: Der, what: string): number {
  const text = ascii(element);
  const [, ...fields] = (element.tag === TAG.generalizedTime && GENERALIZED_TIME.exec(text)) || [];
  const fraction =
    fields[6] === undefined ? 0 : Math.ceil(Number(`${fields[6].slice(0, 3).padEnd(3, '0')}.${fields[6].slice(3)}`));
  return milliseconds(fields.slice(0, 6), what, text) + fraction;
}

function milliseconds(fields: readonly (string | undefined)[], what: string, text: string): number {
  const [year, month, day, hour, minute, second] = fields;
  const time = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
  const ms = Date.parse(time);
  // Date.parse turns 30 February into March: only what reads back the same names a real second.
  if (Number.isNaN(ms) || ms < 0 || new Date(ms).toISOString() !== time) throw bad(what, text);
  return ms;
}

const ascii = ({ content }: Der): string =>
  Array.from(content.subarray(0, 40), (byte) => String.fromCharCode(byte)).join('');

function bad(what: string, text: string): TspError {
  return new TspError('bad-der', `Reading ${what}: expected a time in UTC since 1970, got ${JSON.stringify(text)}`);
}

/** A time as messages and results write it: RFC 3339 with milliseconds. */
export const formatTime = (ms: number): string => new Date(ms).toISOString();
