import { describe, expect, it } from 'vitest';
import { nextWaitSeconds, pauseSeconds, WEBHOOK_SCHEDULE_SECONDS } from './webhook-schedule.js';

describe('the schedule of a webhook', () => {
  it('is ten attempts, at once and after 5 s, 5 min, 30 min, 2, 5, 10, 14, 20 and 24 h, each a tenth earlier or later', () => {
    const waits = (random: number) =>
      Array.from({ length: 11 }, (_, made) => nextWaitSeconds(made, random, WEBHOOK_SCHEDULE_SECONDS));
    const HOUR = 3600;
    const named = [0, 5, 300, 1800, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR];
    expect(waits(0.5)).toEqual([...named, null]);
    expect(waits(0)).toEqual([...named.map((wait) => wait * 0.9), null]);
    expect(waits(0.999)[9]).toBeCloseTo(24 * HOUR * 1.0998);
  });

  it('leaves an overloaded receiver alone for as long as it says, in seconds or by a date, a day at the most', () => {
    const now = new Date('2026-03-02T09:30:00Z');
    const pause = (status: number | null, retryAfter?: string) => pauseSeconds(status, retryAfter, now);
    for (const status of [429, 502, 504]) expect(pause(status, '7')).toBe(7);
    expect(pause(429, 'Mon, 02 Mar 2026 09:31:30 GMT')).toBe(90);
    expect(pause(429, 'Mon, 02 Mar 2026 09:00:00 GMT')).toBe(0);
    expect(pause(429, '999999')).toBe(86_400);
    for (const unread of [undefined, '', 'soon', '-5', '1e3', '2026-03-02']) expect(pause(429, unread)).toBe(60);
    for (const status of [null, 200, 400, 500, 503]) expect(pause(status, '7')).toBeNull();
  });
});
