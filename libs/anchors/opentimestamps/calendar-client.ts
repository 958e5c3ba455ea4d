/** Longest answer that is read from a calendar, in bytes: the limit of the reference client. Real answers have some hundreds. */
export const MAX_ANSWER_BYTES = 10_000;
/** How much of a calendar's own words is kept, in characters. */
const MAX_REASON_CHARACTERS = 160;
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

  async function ask(url: string, init: RequestInit): Promise<CalendarAnswer> {
    const abort = new AbortController();
    const late = new Error(`no answer within ${timeoutMs} ms`);
    const timer = setTimeout(() => abort.abort(late), timeoutMs);
    try {
      const response = await options.fetch(url, {
        ...init,
        headers: { accept: MEDIA_TYPE, 'user-agent': 'sealroot' },
        redirect: 'manual',
        signal: abort.signal,
      });
      if (response.status === 404) return { kind: 'not-yet', reason: await readReason(response) };
      if (response.status !== 200) return { kind: 'failed', reason: `answered HTTP ${response.status}`, reached: true };
      const bytes = await readAtMost(response, MAX_ANSWER_BYTES);
      return bytes.complete
        ? { kind: 'answered', bytes: bytes.read }
        : { kind: 'failed', reason: `answered more than ${MAX_ANSWER_BYTES} bytes`, reached: true };
    } catch (error) {
      return { kind: 'failed', reason: abort.signal.aborted ? late.message : failureReason(error), reached: false };
    } finally {
      clearTimeout(timer);
      // Ends the transfer of whatever was not read.
      abort.abort(late);
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

/** Reads until the end or until more than `limit` bytes have come, whichever is first. */
async function readAtMost(response: Response, limit: number): Promise<{ read: Uint8Array; complete: boolean }> {
  if (Number(response.headers.get('content-length') ?? 0) > limit) return { read: new Uint8Array(), complete: false };
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    chunks.push(chunk);
    if (length > limit) return { read: Buffer.concat(chunks).subarray(0, limit), complete: false };
  }
  return { read: Buffer.concat(chunks), complete: true };
}

/** The calendar's words, with everything but plain text replaced: they end in our log and on our pages. */
async function readReason(response: Response): Promise<string> {
  const { read } = await readAtMost(response, MAX_ANSWER_BYTES);
  const text = Buffer.from(read.subarray(0, MAX_REASON_CHARACTERS)).toString('latin1');
  return text.trim().replace(/[^A-Za-z0-9#\-.,; ]/g, '_') || 'Not found';
}

/** Node's fetch says only "fetch failed"; its cause has the reason. */
function failureReason(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = (cause as { code?: unknown }).code;
  if (typeof code === 'string') return `connection failed (${code})`;
  return `connection failed (${cause instanceof Error ? cause.name : typeof cause})`;
}
