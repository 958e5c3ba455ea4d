import type { Logger } from '@nestjs/common';

/** One message is printed once in this time, in milliseconds: an outage would otherwise print it many times a second. */
const QUIET_MS = 10_000;

/** Messages that are remembered; when there are more, the oldest is forgotten. */
const REMEMBERED = 100;

const printed = new Map<string, { at: number; suppressed: number }>();

/** Logs `message` unless the same was logged a moment ago; says how often it was kept quiet. */
export function logSparsely(logger: Logger, level: 'warn' | 'error', message: string, nowMs = Date.now()): void {
  const last = printed.get(message);
  if (last && nowMs - last.at < QUIET_MS) {
    last.suppressed += 1;
    return;
  }
  printed.delete(message);
  printed.set(message, { at: nowMs, suppressed: 0 });
  if (printed.size > REMEMBERED) printed.delete(printed.keys().next().value!);
  logger[level](last && last.suppressed > 0 ? `${message} (and ${last.suppressed} times before)` : message);
}
