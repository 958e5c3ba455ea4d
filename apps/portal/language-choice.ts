import { preferredSpoken, type SpokenLanguage, spokenOf } from '#words/spoken.js';

/** Where the reader's choice is kept between visits. */
const STORAGE_KEY = 'sealroot-language';

/** The language for the reader: what was chosen before, else the nearest to what the browser asks for. */
export function languageForReader(stored: string | null, browserLanguages: readonly string[]): SpokenLanguage {
  return (stored === null ? undefined : spokenOf(stored)) ?? preferredSpoken(browserLanguages);
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
