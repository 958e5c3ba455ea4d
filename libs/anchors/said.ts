/** Most that is repeated of another program's words, in characters. */
const MAX_SAID = 200;

/** What another program said, fit for a line of a log or page: whatever can be printed stays, of any language; what could break or reorder
 * a line becomes a space; at most 200 characters. */
export function said(words: string): string {
  const line = words.replace(/[\p{Cc}\p{Cf}\p{Cs}\s]+/gu, ' ').trim();
  return Array.from(line).slice(0, MAX_SAID).join('');
}
