import type { Catalogue } from '../i18n/catalogue.js';

/** A profile in the reader's words; its code when the page has no words for it. */
export function profileName(catalogue: Catalogue, profile: string): string {
  const name = profile.split('@')[0] ?? profile;
  const { profiles } = catalogue.facts;
  return (Object.hasOwn(profiles, name) ? profiles[name] : undefined) ?? profile;
}
