import { normalizeTime } from '#statement/time.js';

/** As of which checkpoint a proof shows the status: the newest, the newest that an anchor has confirmed, the newest with the log's own clock, the
 * newest at a time (RFC 3339, UTC, milliseconds); or none at all. */
export type StatusChoice = 'latest' | 'anchored' | 'cosigned' | 'none' | { asOf: string };

const WORDS = ['latest', 'anchored', 'cosigned', 'none'] as const;

/** What the parameter `status` may be, for messages. */
export const STATUS_CHOICES = `${WORDS.join(', ')} or an RFC 3339 time that is past`;

/** Reads the parameter `status`; null when it is none of {@link STATUS_CHOICES}. `nowMs`: milliseconds since 1970. */
export function parseStatusChoice(value: unknown, nowMs: number): StatusChoice | null {
  const word = WORDS.find((one) => one === value);
  if (word !== undefined) return word;
  const asOf = typeof value === 'string' ? normalizeTime(value) : null;
  return asOf === null || Date.parse(asOf) > nowMs ? null : { asOf };
}
