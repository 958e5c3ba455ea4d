import type { Language } from './language.js';

/** A language as it is offered: what is known of it before its words are loaded. */
export interface SpokenLanguage {
  /** BCP 47 tag, as in `lang`. */
  tag: string;
  /** The language's own name. */
  ownName: string;
  /** Its words. Rejects where they cannot be fetched. */
  load: () => Promise<Language>;
}

/** Every language, in the order in which a reader is offered them. Adding one is a folder of its own and an entry here. */
export const SPOKEN: readonly SpokenLanguage[] = [
  { tag: 'zh-CN', ownName: '简体中文', load: async () => (await import('./zh-cn/index.js')).zhCn },
  { tag: 'zh-TW', ownName: '繁體中文（臺灣）', load: async () => (await import('./zh-tw/index.js')).zhTw },
  { tag: 'en', ownName: 'English', load: async () => (await import('./en/index.js')).en },
];

/** The tag of the language that is spoken where nothing says which is wanted. */
export const DEFAULT_TAG = 'en';

/** Chinese tags whose characters are the traditional ones: by their script, or by the regions that write it. */
const TRADITIONAL = /^zh-(hant\b|(tw|hk|mo)$)/;

/**
 * The language for a reader who wants these (BCP 47 tags, `_` for `-` allowed, the best first): the first of them that is spoken here,
 * by its tag, or else by what its readers read; English when none is.
 */
export function preferredSpoken(wanted: readonly string[]): SpokenLanguage {
  for (const each of wanted) {
    const tag = each.replaceAll('_', '-').toLowerCase();
    const primary = tag.split('-')[0] ?? tag;
    const nearest = primary === 'zh' ? (TRADITIONAL.test(tag) ? 'zh-tw' : 'zh-cn') : primary;
    const language = SPOKEN.find((spoken) => [tag, nearest].includes(spoken.tag.toLowerCase()));
    if (language !== undefined) return language;
  }
  return spokenOf(DEFAULT_TAG)!;
}

/** The language of exactly this tag; undefined when there is none. */
export function spokenOf(tag: string): SpokenLanguage | undefined {
  return SPOKEN.find((spoken) => spoken.tag.toLowerCase() === tag.toLowerCase());
}
