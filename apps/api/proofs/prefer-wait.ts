/** Longest that an answer is waited for, in seconds. */
export const MAX_WAIT_SECONDS = 30;

/** Seconds of the preference `wait` in a `Prefer` header (RFC 7240 §4.3), at most {@link MAX_WAIT_SECONDS}; null where there is none that can be read, which is
 * then passed over, as preferences are. */
export function preferredWait(header: string | string[] | undefined): number | null {
  if (header === undefined) return null;
  for (const preference of [header].flat().join(',').split(',')) {
    const [token = ''] = preference.split(';');
    const value = /^\s*wait\s*=\s*"?(\d{1,9})"?\s*$/i.exec(token)?.[1];
    // Of several the first counts.
    if (value !== undefined) return Math.min(Number(value), MAX_WAIT_SECONDS);
  }
  return null;
}
