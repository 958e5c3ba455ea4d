/** Most that is repeated of another program's words, in characters. */
export const MAX_SAID = 200;

/** What another program said, fit for one line of a log or page: whatever can be printed stays, of any language; what could break, hide or reorder
 * a line becomes a space; the secrets of whoever asked become `…`; at most 200 characters. */
export function said(words: string, secrets: readonly string[] = []): string {
  // Cut before it is searched: an answer may have megabytes.
  let line = words.slice(0, 20 * MAX_SAID);
  for (const secret of secrets) line = line.replaceAll(secret, '…');
  line = line.replace(/[\p{C}\p{Z}\s]+/gu, ' ').trim();
  return Array.from(line).slice(0, MAX_SAID).join('');
}
