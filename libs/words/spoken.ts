import type { Language } from './language.js';
import { preferredTag } from './preferred-tag.js';

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

/** The language for a reader who wants these, as {@link preferredTag} chooses. */
export function preferredSpoken(wanted: readonly string[]): SpokenLanguage {
  return spokenOf(
    preferredTag(
      wanted,
      SPOKEN.map(({ tag }) => tag),
    ),
  )!;
}

/** The language of exactly this tag; undefined when there is none. */
export function spokenOf(tag: string): SpokenLanguage | undefined {
  return SPOKEN.find((spoken) => spoken.tag.toLowerCase() === tag.toLowerCase());
}
