import { en } from './en/index.js';
import type { Language } from './language.js';
import { zhCn } from './zh-cn/index.js';
import { zhTw } from './zh-tw/index.js';

/** Every language, in the order in which a reader is offered them. Adding one is a folder of its own and a line here. */
export const LANGUAGES: readonly Language[] = [zhCn, zhTw, en];

/** The language that is spoken where nothing says which is wanted. */
export const DEFAULT_LANGUAGE: Language = en;

/** Chinese tags whose characters are the traditional ones: by their script, or by the regions that write it. */
const TRADITIONAL = /^zh-(hant\b|(tw|hk|mo)$)/;

/**
 * The language for a reader who wants these (BCP 47 tags, `_` for `-` allowed, the best first): the first of them that is spoken here,
 * by its tag, or else by what its readers read; English when none is.
 */
export function preferredLanguage(wanted: readonly string[]): Language {
  for (const each of wanted) {
    const tag = each.replaceAll('_', '-').toLowerCase();
    const primary = tag.split('-')[0] ?? tag;
    const nearest = primary === 'zh' ? (TRADITIONAL.test(tag) ? 'zh-tw' : 'zh-cn') : primary;
    const language = LANGUAGES.find((spoken) => [tag, nearest].includes(spoken.tag.toLowerCase()));
    if (language !== undefined) return language;
  }
  return DEFAULT_LANGUAGE;
}

/** The language of exactly this tag; undefined when there is none. */
export function languageOf(tag: string): Language | undefined {
  return LANGUAGES.find((language) => language.tag.toLowerCase() === tag.toLowerCase());
}
