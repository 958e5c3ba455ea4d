import { SourceError } from '#source/error.js';
import { type Fetch, requestBytes } from '#source/http-answer.js';
import { said } from '#source/said.js';
import { requestFailure } from '../request-failure.js';

/** Longest answer that is read from a calendar, in bytes: the limit of the reference client. Real answers have some hundreds. */
export const MAX_ANSWER_BYTES = 10_000;
const MEDIA_TYPE = 'application/vnd.opentimestamps.v1';

/** What became of one request to a calendar. `answered` has not been parsed; `not-yet` is 404, the calendar's way
 * to say wait; `reached` tells a calendar that answers wrongly from one that does not answer. */
export type CalendarAnswer =
  | { kind: 'answered'; bytes: Uint8Array }
  | { kind: 'not-yet'; reason: string }
  | { kind: 'failed'; reason: string; reached: boolean };

/** Requests to calendars: bounded in time and size, no redirects, never throwing for what a calendar does. */
export interface CalendarClient {
  /** `POST /digest` of a message of at most 64 bytes. */
  submit(calendar: string, digest: Uint8Array): Promise<CalendarAnswer>;
  /** `GET /timestamp/…` of the message at a pending attestation. */
  upgrade(calendar: string, message: Uint8Array): Promise<CalendarAnswer>;
}

/** A client that gives each request `timeoutMs` from its start to the last byte of its answer. */
export function createCalendarClient(options: { fetch: typeof fetch; timeoutMs: number }): CalendarClient {
  const { timeoutMs } = options;
  const access = { fetch: options.fetch as Fetch, timeoutMs };

  async function ask(url: string, init: RequestInit): Promise<CalendarAnswer> {
    const request = { ...init, headers: { accept: MEDIA_TYPE, 'user-agent': 'sealroot' } };
    try {
      const { bytes, status } = await requestBytes('calendar', access, url, request, MAX_ANSWER_BYTES);
      if (status === 200) return { kind: 'answered', bytes };
      // Its words end in our log and on our pages.
      if (status === 404) return { kind: 'not-yet', reason: said(new TextDecoder().decode(bytes)) || 'Not found' };
      return { kind: 'failed', reason: `answered HTTP ${status}`, reached: true };
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      return { kind: 'failed', reason: requestFailure(error, timeoutMs), reached: error.code === 'bad-answer' };
    }
  }

  return {
    submit: (calendar, digest) =>
      ask(`${withoutSlash(calendar)}/digest`, { method: 'POST', body: Uint8Array.from(digest) }),
    upgrade: (calendar, message) =>
      ask(`${withoutSlash(calendar)}/timestamp/${Buffer.from(message).toString('hex')}`, { method: 'GET' }),
  };
}

const withoutSlash = (url: string): string => url.replace(/\/+$/, '');
