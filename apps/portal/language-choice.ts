import { en } from '#words/en.js';
import type { Language } from '#words/language.js';
import { LANGUAGES } from '#words/languages.js';

/** Where the reader's choice is kept between visits. */
const STORAGE_KEY = 'sealroot-language';

/** Regions and scripts by which a browser asks for Chinese in traditional characters. */
const TRADITIONAL = /^zh-(?:hant|tw|hk|mo)\b/;

/** The language for the reader: what was chosen before, else the first of the browser's languages that the page speaks, else English. */
export function preferredLanguage(stored: string | null, browserLanguages: readonly string[]): Language {
  const chosen = LANGUAGES.find(({ tag }) => tag === stored);
  if (chosen) return chosen;
  for (const wanted of browserLanguages) {
    const tag = wanted.toLowerCase();
    const exact = TRADITIONAL.test(tag) ? 'zh-tw' : tag;
    const match =
      LANGUAGES.find((language) => language.tag.toLowerCase() === exact) ??
      LANGUAGES.find((language) => language.tag.toLowerCase().split('-')[0] === tag.split('-')[0]);
    if (match) return match;
  }
  return en;
}

/** Reads the remembered choice. A browser that forbids storage has none. */
export function readChoice(): string | null {
  try {
    return localStorage.getItem(STORAGE_KEY);
  } catch (error) {
    console.info('language choice is not remembered:', error);
    return null;
  }
}

/** Remembers the choice. Where storage is forbidden, the choice holds until the page closes. */
export function rememberChoice(tag: string): void {
  try {
    localStorage.setItem(STORAGE_KEY, tag);
  } catch (error) {
    console.info('language choice is not remembered:', error);
  }
}
