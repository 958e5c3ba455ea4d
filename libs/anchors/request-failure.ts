import type { SourceError } from '#source/error.js';

/** Why a request gave nothing, in a few words. Node's fetch says only "fetch failed"; its cause has the reason. Codes only: messages may quote the address. */
export function requestFailure({ cause, code, message }: SourceError, timeoutMs: number): string {
  if (code === 'bad-answer') return `answered wrongly: ${message.slice(message.indexOf(': ') + 2)}`;
  if (cause instanceof Error && cause.name === 'TimeoutError') return `no answer within ${timeoutMs} ms`;
  const reason: unknown = cause instanceof Error ? (cause.cause ?? cause) : cause;
  const known = (reason as { code?: unknown } | undefined)?.code;
  return typeof known === 'string' ? `not reachable (${known})` : 'not reachable';
}
