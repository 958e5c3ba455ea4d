import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestCalendar, type TestCalendar } from '../testing/calendar-server.js';
import { createCalendarClient, MAX_ANSWER_BYTES } from './calendar-client.js';

/** Longer than any answer takes, and as long as silence is waited for. */
const PATIENT_MS = 30_000;
const TIMEOUT_MS = 300;
const digest = new Uint8Array(32).fill(1);

describe('the calendar client', () => {
  const client = createCalendarClient({ fetch, timeoutMs: PATIENT_MS });
  let calendar: TestCalendar;
  beforeEach(async () => {
    calendar = await startTestCalendar();
  });
  afterEach(() => calendar.close());

  it('posts the raw digest and asks for the media type', async () => {
    expect((await client.submit(`${calendar.url}/`, digest)).kind).toBe('answered');
    expect(calendar.digests).toEqual([Buffer.from(digest)]);
    expect(calendar.accepts).toEqual(['application/vnd.opentimestamps.v1']);
  });

  it('tells 404 from failure, and keeps one line of the reason', async () => {
    expect(await client.upgrade(calendar.url, digest)).toEqual({
      kind: 'not-yet',
      reason: 'Pending confirmation in Bitcoin blockchain',
    });
    calendar.onUpgrade = (_, response) => void response.writeHead(404).end(`<b>no\n</b>${'x'.repeat(500)}`);
    const answer = await client.upgrade(calendar.url, digest);
    expect(answer).toMatchObject({ kind: 'not-yet' });
    expect('reason' in answer && answer.reason).toBe(`<b>no </b>${'x'.repeat(190)}`);
  });

  it('reads an answer at the limit and refuses one byte more, with or without a length', async () => {
    calendar.onSubmit = () => new Uint8Array(MAX_ANSWER_BYTES);
    expect(await client.submit(calendar.url, digest)).toMatchObject({ kind: 'answered' });
    const tooMuch = {
      kind: 'failed',
      reason: 'answered wrongly: expected at most 10000 bytes, got more',
      reached: true,
    };
    calendar.onSubmit = () => new Uint8Array(MAX_ANSWER_BYTES + 1);
    expect(await client.submit(calendar.url, digest)).toEqual(tooMuch);
    calendar.onSubmit = (_, response) => {
      response.write(new Uint8Array(MAX_ANSWER_BYTES));
      response.end('x');
    };
    expect(await client.submit(calendar.url, digest)).toEqual(tooMuch);
  });

  it('stops reading an endless answer', async () => {
    let written = 0;
    calendar.onSubmit = (_, response) => {
      const timer = setInterval(() => {
        for (let i = 0; i < 10; i++) written += response.write(new Uint8Array(65_536)) ? 65_536 : 0;
      }, 1);
      response.on('close', () => clearInterval(timer));
    };
    expect(await client.submit(calendar.url, digest)).toMatchObject({ kind: 'failed', reached: true });
    await new Promise((resolve) => setTimeout(resolve, 50));
    const after = written;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(written).toBe(after);
  });

  it('follows no redirect', async () => {
    const other = await startTestCalendar();
    calendar.onSubmit = (_, response) => void response.writeHead(307, { location: `${other.url}/digest` }).end();
    expect(await client.submit(calendar.url, digest)).toEqual({
      kind: 'failed',
      reason: 'answered wrongly: expected an answer, got a redirect',
      reached: true,
    });
    expect(other.accepts).toEqual([]);
    await other.close();
  });

  it('gives up on silence, on a slow body and on a cut connection', async () => {
    const hasty = createCalendarClient({ fetch, timeoutMs: TIMEOUT_MS });
    const late = { kind: 'failed', reason: `no answer within ${TIMEOUT_MS} ms`, reached: false };
    calendar.onSubmit = () => undefined;
    expect(await hasty.submit(calendar.url, digest)).toEqual(late);
    calendar.onSubmit = (_, response) => void response.write('x');
    expect(await hasty.submit(calendar.url, digest)).toEqual(late);
    calendar.onSubmit = (_, response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('x', () => response.destroy());
    };
    expect(await client.submit(calendar.url, digest)).toMatchObject({ kind: 'failed', reached: false });
  });

  it('says that nobody listens', async () => {
    await calendar.close();
    expect(await client.submit(calendar.url, digest)).toEqual({
      kind: 'failed',
      reason: 'not reachable (ECONNREFUSED)',
      reached: false,
    });
  });
});
