import type { Language } from '#words/language.js';
import { preferredSpoken, type SpokenLanguage, spokenOf } from '#words/spoken.js';

/** Where the reader's choice is kept between visits. */
const STORAGE_KEY = 'sealroot-language';

/** The language for the reader among those that are offered: what was chosen before, else the nearest to what the browser asks for. */
export function languageForReader(
  stored: string | null,
  browserLanguages: readonly string[],
  offered: readonly SpokenLanguage[],
): SpokenLanguage {
  const { tag } = (stored === null ? undefined : spokenOf(stored)) ?? preferredSpoken(browserLanguages);
  return offered.find((each) => each.tag === tag) ?? offered[0]!;
}

/** The words of the wanted language, or where they cannot be fetched those of another: better than none. Rejects when none can be. */
export async function loadLanguage(wanted: SpokenLanguage, offered: readonly SpokenLanguage[]): Promise<Language> {
  for (const each of [wanted, ...offered.filter((other) => other !== wanted)]) {
    try {
      return await each.load();
    } catch (error) {
      console.info('the words of a language could not be fetched:', error);
    }
  }
  throw new Error('starting the page: expected the words of a language, got none');
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
