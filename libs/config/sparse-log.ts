import type { Logger } from '@nestjs/common';

/** The same is said once in this time, in milliseconds, and then how often it was kept quiet: an outage would say it many times a second. */
const QUIET_MS = 60_000;

/** Things that are remembered as said; when there are more, the oldest is forgotten. */
const REMEMBERED = 200;

interface Said {
  logger: Pick<Logger, 'warn' | 'error'>;
  level: 'warn' | 'error';
  message: string;
  more: number;
  timer: NodeJS.Timeout;
}

const said = new Map<string, Said>();

/** Logs `message` unless the same was logged within the last minute; at the end of that minute, how many more there were. `about` says what
 * counts as the same, the message itself unless it is given. */
export function logSparsely(
  logger: Pick<Logger, 'warn' | 'error'>,
  level: 'warn' | 'error',
  message: string,
  about = message,
): void {
  const before = said.get(about);
  if (before) {
    before.more += 1;
    before.message = message;
    return;
  }
  logger[level](message);
  const timer = setTimeout(() => endMinute(about), QUIET_MS).unref();
  said.set(about, { logger, level, message, more: 0, timer });
  if (said.size <= REMEMBERED) return;
  const [oldest] = said.keys();
  clearTimeout(said.get(oldest!)!.timer);
  endMinute(oldest!);
}

function endMinute(about: string): void {
  const { logger, level, message, more } = said.get(about)!;
  said.delete(about);
  if (more > 0) logger[level](`${message} (${more} more in the last minute)`);
}

/** The error at the end of a chain of causes, and the code that its own layer gave it: an SQLSTATE, an errno. */
export function rootCause(error: unknown): { code: string | null; message: string } {
  let root = error;
  for (let depth = 0; depth < 10; depth += 1) {
    const next = causeOf(root);
    if (next === null) break;
    root = next;
  }
  const { code, message, originalCode, originalMessage } = Object(root) as Record<string, unknown>;
  const first = [originalCode, code].find((one) => typeof one === 'string');
  const text = [originalMessage, message].find((one) => typeof one === 'string' && one !== '') ?? root;
  return { code: (first as string | undefined) ?? null, message: String(text) };
}

/** What an error says it was caused by, also in the ways of Prisma and of `AggregateError`; null when it says nothing. */
function causeOf(error: unknown): unknown {
  if (typeof error !== 'object' || error === null) return null;
  const { cause, meta, errors } = error as {
    cause?: unknown;
    meta?: { driverAdapterError?: unknown };
    errors?: unknown;
  };
  if (Array.isArray(errors) && errors.length > 0 && error instanceof AggregateError) return errors[0] as unknown;
  return meta?.driverAdapterError ?? cause ?? null;
}

/** A root cause in one line of a log: message and code. */
export function describeRootCause(error: unknown): string {
  const { code, message } = rootCause(error);
  const line = message.replace(/\s+/g, ' ').trim();
  return code === null || line.includes(code) ? line : `${line} (${code})`;
}

/** An error in one line of a log: what was attempted, and the root cause where that says more. */
export function describeError(error: unknown): string {
  const root = describeRootCause(error);
  const { message = '' } = Object(error) as { message?: string };
  const line = message.replace(/\s+/g, ' ').trim();
  if (line === '' || root.startsWith(line)) return root;
  // A message that repeats its cause lacks at most the code.
  const { message: reason, code } = rootCause(error);
  const repeats = line.includes(reason.replace(/\s+/g, ' ').trim());
  if (!repeats) return `${line}: ${root}`;
  return code === null || line.includes(code) ? line : `${line} (${code})`;
}
