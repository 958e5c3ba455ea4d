import { en } from './en.js';
import type { Language } from './language.js';

/** Every language, in the order in which a reader is offered them. Adding one is a file of its own and a line here. */
export const LANGUAGES: readonly Language[] = [en];

/** The language of a tag (BCP 47), exactly; undefined when there is none. */
export function languageOf(tag: string): Language | undefined {
  return LANGUAGES.find((language) => language.tag.toLowerCase() === tag.toLowerCase());
}
