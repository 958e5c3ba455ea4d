/** The tag that is spoken where nothing says which is wanted. */
export const DEFAULT_TAG = 'en';

/** Chinese tags whose characters are the traditional ones: by their script, or by the regions that write it. */
const TRADITIONAL = /^zh-(hant\b|(tw|hk|mo)$)/;

/**
 * The tag, of those that are spoken, for a reader who wants these (BCP 47 tags, `_` for `-` allowed, the best first): the first of them that is spoken,
 * by its tag, or else by what its readers read; English when none is.
 */
export function preferredTag(wanted: readonly string[], spoken: readonly string[]): string {
  for (const each of wanted) {
    const tag = each.replaceAll('_', '-').toLowerCase();
    const primary = tag.split('-')[0] ?? tag;
    const nearest = primary === 'zh' ? (TRADITIONAL.test(tag) ? 'zh-tw' : 'zh-cn') : primary;
    const found = spoken.find((one) => [tag, nearest].includes(one.toLowerCase()));
    if (found !== undefined) return found;
  }
  return DEFAULT_TAG;
}
