import { type Format, formatFor } from '#words/format.js';
import type { Language, Place, Telling } from '#words/language.js';
import type { PageWords } from '#words/page-words.js';

/** The language of the page: its words, how it writes dates and numbers, and what its sentences depend on. */
export interface Words {
  language: Language;
  /** Those of the language that are no part of an answer. */
  page: PageWords;
  format: Format;
  telling: Telling;
}

/** The words of a language at a place. */
export function wordsOf(language: Language, place: Place): Words {
  const format = formatFor({ locale: language.locale });
  return { language, page: language.page, format, telling: { format, place } };
}
