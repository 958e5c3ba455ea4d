/** Waits before each attempt after the one before it has failed, in seconds (Standard Webhooks): ten attempts in about three days. */
export const WEBHOOK_SCHEDULE_SECONDS = [0, 5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400] as const;

/** Share by which a wait varies at random, so that what failed together does not come back together. */
const JITTER = 0.1;

/** Longest wait that a receiver may ask for, in seconds. */
const MAX_RETRY_AFTER_SECONDS = 86_400;

/** Wait before anything else is sent to a receiver that is overloaded and does not say for how long, in seconds. */
const OVERLOAD_PAUSE_SECONDS = 60;

/** Answers of a receiver, or of what stands before it, that has too much to do. */
const OVERLOADED = new Set([429, 502, 504]);

/** Seconds until the attempt after `made` ones; null when that was the last. `random`: from 0 to just below 1. */
export function nextWaitSeconds(made: number, random: number, schedule: readonly number[]): number | null {
  const wait = schedule[made];
  return wait === undefined ? null : wait * (1 - JITTER + 2 * JITTER * random);
}

/** How long an endpoint is left alone after this answer, in seconds; null when it need not be. */
export function pauseSeconds(status: number | null, retryAfter: string | undefined, now: Date): number | null {
  if (status === null || !OVERLOADED.has(status)) return null;
  return Math.min(retryAfterSeconds(retryAfter, now) ?? OVERLOAD_PAUSE_SECONDS, MAX_RETRY_AFTER_SECONDS);
}

/** `Retry-After` (RFC 9110 §10.2.3): a number of seconds or a date; null for anything else. */
function retryAfterSeconds(text: string | undefined, now: Date): number | null {
  if (text === undefined) return null;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  const at = text.endsWith('GMT') ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(0, (at - now.getTime()) / 1000);
}
