import { offline as en } from './en/offline.js';
import type { Language } from './language.js';
import type { OfflineWords } from './offline-words.js';
import { SPOKEN, type SpokenLanguage } from './spoken.js';
import { offline as zhCn } from './zh-cn/offline.js';
import { offline as zhTw } from './zh-tw/offline.js';

/** What the page as one file says, by the tag of `SPOKEN`: in every language, since such a page fetches nothing. */
export const OFFLINE_WORDS: Readonly<Record<string, OfflineWords>> = { 'zh-CN': zhCn, 'zh-TW': zhTw, en };

/** Every language as that page speaks it. */
export const SPOKEN_OFFLINE: readonly SpokenLanguage[] = SPOKEN.map((spoken) => ({
  ...spoken,
  load: async () => spokenOffline(await spoken.load()),
}));

/** A language, with what is otherwise for a page that reaches nobody. */
function spokenOffline(language: Language): Language {
  const { page, remedies } = language;
  const words = OFFLINE_WORDS[language.tag]!;
  const { hint, lead, privacy, title } = words.page;
  const { 'give-source': giveSource, ...advice } = words.remedies;
  return {
    ...language,
    remedies: {
      ...remedies,
      ...Object.fromEntries(
        Object.entries(advice).map(([name, file]) => {
          const said = remedies[name as keyof typeof advice];
          return [name, typeof said === 'string' ? file : { ...said, file }];
        }),
      ),
      'give-source': { ...remedies['give-source'], file: giveSource },
    },
    page: {
      ...page,
      page: { ...page.page, title, lead },
      intake: { ...page.intake, hint, privacy },
      notFound: { ...page.notFound, ...words.needProof },
    },
  };
}
