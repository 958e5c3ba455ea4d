/** Words that must not be said, by language: they claim more than is known, mean something else in law, or are no idiom. */
const FORBIDDEN: Readonly<Record<string, readonly RegExp[]>> = {
  en: [
    /\blodged?\b/i,
    /\baway\b/i,
    /\bas told\b|\btold (above|below)\b/i,
    /by itself\b.*again|again by itself/i,
    /\brefused\b/i,
    /\bforged|forgery\b/i,
    /since when/i,
    /\bin force: yes\b/i,
    /true copy|original document/i,
    /to the last bit/i,
    /hidden (digest|form|fingerprint)/i,
    /\bkey \(“salt”\)/i,
    /\bfor ever\b/i,
  ],
};

/** The forbidden words in a text, by the tag of its language. */
export function forbiddenIn(text: string, tag: string): string[] {
  const patterns = FORBIDDEN[tag];
  if (patterns === undefined) throw new Error(`expected a register of words for ${tag}, got none`);
  return patterns.flatMap((pattern) => pattern.exec(text)?.[0] ?? []);
}
