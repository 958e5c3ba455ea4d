/** Words that must not be said: they claim more than is known, mean something else in law, or are no idiom. */
export const FORBIDDEN: readonly RegExp[] = [
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
];
