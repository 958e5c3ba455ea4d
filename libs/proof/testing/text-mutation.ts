import fc from 'fast-check';

/** A place in a text, in millionths of its length. Unbiased: the middle is where the hashes are. */
export const place = fc.noBias(fc.nat({ max: 999_999 }));

/** One change to a proof's text: mostly a hex digit or letter nudged to its neighbour, else a character replaced, a piece removed or copied. */
export const textMutation = fc.record({
  kind: fc.constantFrom('nudge', 'nudge', 'nudge', 'replace', 'remove', 'copy'),
  at: place,
  to: place,
  length: fc.integer({ min: 1, max: 12 }),
  character: fc.constantFrom(...'0123456789abcdefABCDEF{}[]",:.-+ \\ntruefalsnul/=é\u0000'),
});

/** What {@link textMutation} draws. */
export type TextMutation = typeof textMutation extends fc.Arbitrary<infer Drawn> ? Drawn : never;

/** A text with one change. */
export function mutatedText(text: string, { kind, at, to, length, character }: TextMutation): string {
  const i = Math.floor((at * text.length) / 1_000_000);
  const j = Math.floor((to * text.length) / 1_000_000);
  switch (kind) {
    case 'nudge':
      return text.slice(0, i) + text.slice(i).replace(/[0-9a-zA-Z]/, nudged);
    case 'replace':
      return text.slice(0, i) + character + text.slice(i + 1);
    case 'remove':
      return text.slice(0, i) + text.slice(i + length);
    default:
      return text.slice(0, j) + text.slice(i, i + length) + text.slice(j);
  }
}

/** The neighbour of a digit or letter that is of the same class: 0 and 1, b and c. */
export function nudged(character: string): string {
  const code = character.charCodeAt(0);
  // Digits pair up from an even code, letters from an odd one.
  return String.fromCharCode(code < 0x40 ? code ^ 1 : ((code - 1) ^ 1) + 1);
}
