import type { Language } from './language.js';
import { DEFAULT_TAG } from './preferred-tag.js';
import { preferredSpoken, SPOKEN } from './spoken.js';

/** Every language with its words, in the order in which a reader is offered them: for programs that have all of them at hand. */
export const LANGUAGES: readonly Language[] = await Promise.all(SPOKEN.map(({ load }) => load()));

/** The language that is spoken where nothing says which is wanted. */
export const DEFAULT_LANGUAGE: Language = languageOf(DEFAULT_TAG)!;

/** The language for a reader who wants these, as {@link preferredSpoken} chooses. */
export function preferredLanguage(wanted: readonly string[]): Language {
  return languageOf(preferredSpoken(wanted).tag)!;
}

/** The language of exactly this tag; undefined when there is none. */
export function languageOf(tag: string): Language | undefined {
  return LANGUAGES.find((language) => language.tag.toLowerCase() === tag.toLowerCase());
}
