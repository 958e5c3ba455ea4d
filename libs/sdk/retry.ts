import { type Answer, problemIn } from './answer.js';
import type { Platform } from './platform.js';

/** Retries unless the caller chose. */
export const DEFAULT_RETRIES = 3;

/** The first retry comes within this time, each later one within twice the time of the one before, up to {@link MAX_BACKOFF_MS}. */
const FIRST_BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 30_000;

/** Longest `Retry-After` that is waited for: who asks for more is not asked again, since coming earlier would be against what was asked. */
const MAX_RETRY_AFTER_MS = 300_000;

/** Statuses that say "not now". A conflict is told apart by its problem. */
const PASSING_STATUSES: ReadonlySet<number> = new Set([425, 429, 500, 502, 503, 504]);

/** Conflicts that pass by themselves. */
const PASSING_CONFLICTS: ReadonlySet<string> = new Set(['idempotency-in-progress', 'import-busy', 'not-sealed']);

/** Whether what was answered may be another thing in a moment. */
export function isPassing(answer: Answer): boolean {
  if (answer.status !== 409) return PASSING_STATUSES.has(answer.status);
  return answer.headers.has('retry-after') || PASSING_CONFLICTS.has(problemIn(answer)?.code ?? '');
}

/** What `Retry-After` asks to wait (seconds or a date), in milliseconds; 0 when it asks nothing. */
export function retryAfterMs(headers: Headers, now: Date): number {
  const asked = headers.get('retry-after')?.trim() ?? '';
  const ms = /^\d{1,9}(\.\d+)?$/.test(asked) ? Number(asked) * 1000 : Date.parse(asked) - now.getTime();
  return Number.isFinite(ms) && ms > 0 ? ms : 0;
}

/** How long to wait before retry number `attempt` (from 0): what was asked, and a random part of the back-off, so that those who were turned away
 * together do not come back together. Null when more was asked than is waited. */
export function retryDelayMs(
  attempt: number,
  askedMs: number,
  { randomBytes }: Pick<Platform, 'randomBytes'>,
): number | null {
  if (askedMs > MAX_RETRY_AFTER_MS) return null;
  return Math.round(askedMs + fraction(randomBytes(4)) * Math.min(FIRST_BACKOFF_MS * 2 ** attempt, MAX_BACKOFF_MS));
}

/** From 0 to 1. */
function fraction(bytes: Uint8Array): number {
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0) / (2 ** (8 * bytes.length) - 1);
}
